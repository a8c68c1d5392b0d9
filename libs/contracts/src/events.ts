import * as articles from './article.ts';
import type { EventDefinition } from './event.ts';
import * as orders from './order.ts';
import * as purchases from './purchase-order.ts';
import * as returns from './return.ts';
import * as stock from './stock.ts';
import * as warehouse from './warehouse.ts';

function definitionsIn(module: Record<string, unknown>): EventDefinition[] {
  return Object.values(module).filter(
    (value): value is EventDefinition => typeof value === 'object' && value !== null && 'keyOf' in value,
  );
}

/** Every event that this version produces, by type. */
export const events: ReadonlyMap<string, EventDefinition> = new Map(
  [orders, purchases, returns, articles, stock, warehouse]
    .flatMap(definitionsIn)
    .map((definition) => [definition.type, definition]),
);
