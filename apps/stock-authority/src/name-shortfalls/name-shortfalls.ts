import { type Event, fromMilli, OrderEndangered, type Shortage } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';
import { type ArticleStock, highOf } from '../tables/articles.ts';
import type { Entry } from '../tables/ledger.ts';
import {
  otherShortfallsOf,
  promisedOrders,
  replaceShortfalls,
  type Shortfall,
  shortfallsOf,
} from '../tables/shortfalls.ts';
import { assign } from './assign.ts';

/** Whether orders are named for it, or are to be. */
export const mayFallShort = (article: ArticleStock) => article.short || highOf(article) < 0n;

/**
 * More was promised than the warehouse has, even if everything doubtful is counted as there: goods have vanished. The
 * figure stays below zero, and the orders that will go without are named, so that people can tell their buyers.
 */
export async function nameShortfalls(
  tx: EntityManager,
  concerned: readonly ArticleStock[],
): Promise<{ events: Event[]; entries: Entry[] }> {
  const before = await shortfallsOf(
    tx,
    concerned.map((article) => article.id),
  );
  const after: Shortfall[] = [];
  for (const article of concerned) {
    const missing = -highOf(article);
    const orders = missing > 0n ? await promisedOrders(tx, article.id, missing) : [];
    for (const [order, share] of assign(missing, orders))
      after.push({ ...order, articleId: article.id, article: article.number, missing: share });
    article.short = missing > 0n && orders.length > 0;
  }
  const changed = changedOrders(before, after);
  if (changed.length === 0) return { events: [], entries: [] };
  await replaceShortfalls(
    tx,
    concerned.map((article) => article.id),
    after,
  );
  // An order is told all that it goes without each time: what is not in the list counts as found.
  const numbers = changed.map(({ number }) => number);
  const others = await otherShortfallsOf(
    tx,
    numbers,
    concerned.map((article) => article.id),
  );
  const all = [...after, ...others].toSorted((a, b) => (a.article < b.article ? -1 : 1));
  const told = changed.map(({ number, channel, revision }) => {
    const shortages = all.filter((one) => one.number === number).map(shortageOf);
    return { number, channel, revision, shortages };
  });
  return {
    events: told.map((one) => OrderEndangered.of(one)),
    entries: told.map(({ number, shortages }) => ({ kind: 'order.endangered', number, data: { shortages } })),
  };
}

function shortageOf({ article, quantity, missing }: Shortfall): Shortage {
  return { article, reason: 'stock', wanted: fromMilli(quantity), missing: fromMilli(missing) };
}

/** One of each order of which something else is missing than before. */
function changedOrders(before: readonly Shortfall[], after: readonly Shortfall[]): Shortfall[] {
  const texts = (list: readonly Shortfall[]) => {
    const found = new Map<string, string>();
    for (const { number, article, missing } of list)
      found.set(number, `${found.get(number) ?? ''} ${article}:${missing}`);
    return found;
  };
  const [was, is] = [texts(before), texts(after)];
  const all = new Map([...before, ...after].map((one) => [one.number, one]));
  return [...all.values()].filter(({ number }) => was.get(number) !== is.get(number));
}
