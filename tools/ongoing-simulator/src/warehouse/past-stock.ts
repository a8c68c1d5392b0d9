import type { Ground } from './ground.ts';
import { noInventory, type Inventory } from './inventory.ts';

interface Shown {
  at: number;
  inventory: Inventory;
}

/** What inventories were a while ago: with the knob stockLagMs that is what the API shows. */
export class PastStock {
  private readonly shown = new Map<number, Shown[]>();

  constructor(private readonly ground: Ground) {}

  of(articleId: number): Inventory {
    const until = this.ground.clock.now() - this.ground.knobs.stockLagMs;
    return this.shown.get(articleId)?.findLast(({ at }) => at <= until)?.inventory ?? noInventory();
  }

  note(articleId: number, inventory: Inventory): void {
    const now = this.ground.clock.now();
    const past = this.shown.get(articleId) ?? [{ at: -Infinity, inventory: noInventory() }];
    past.push({ at: now, inventory });
    const needed = past.findLastIndex(({ at }) => at <= now - this.ground.knobs.stockLagMs);
    this.shown.set(articleId, past.slice(Math.max(0, needed)));
  }

  begin(inventories: Iterable<[articleId: number, inventory: Inventory]>): void {
    this.shown.clear();
    for (const [id, inventory] of inventories) this.shown.set(id, [{ at: -Infinity, inventory }]);
  }
}
