import { eventually } from '@samlast/test-stack';
import type { Installation } from './installation.ts';

/** The articles that both demo shops sell. */
export const articles = ['MUG-BLUE', 'MUG-WHITE', 'SCARF-RED', 'TOTE-BAG', 'CANDLE', 'NOTEBOOK'];

/**
 * Puts so many pieces of each article into the warehouse and waits until both shops show the same, at least
 * that.
 */
export async function stockUp({ warehouse, se, eu }: Installation, quantity: number): Promise<void> {
  for (const article of articles) await warehouse.receive({ article, quantity });
  await eventually(
    async () => {
      const [here, there] = await Promise.all([se.stock(), eu.stock()]);
      return articles.every((one) => here[one] === there[one] && (here[one] ?? 0) >= quantity);
    },
    { withinMs: 60_000, everyMs: 100, message: 'both shops show what the warehouse has' },
  );
}
