import { type DataOf, fromMilli, type StockExpected, toMilli } from '@samlast/contracts';
import type { Book } from '../tables/book.ts';
import type { Arrival } from './arrivals.ts';

/**
 * Purchase orders announce other pieces of an article than before. New orders may wait for them at once; to those that
 * wait already another day is told once the stock has been read, as some of the pieces may have come.
 */
export function expectGoods(
  book: Book,
  { article: number, expected }: DataOf<typeof StockExpected>,
  { today, settleMs }: { readonly today: string; readonly settleMs: number },
): void {
  const known = book.expectations.get(number);
  const announced = expected.map(({ on, quantity }): Arrival => ({
    ...(on && { on }),
    quantity: toMilli(quantity),
  }));
  book.note(
    'stock.expected',
    { article: number },
    { expected: announced.map(({ quantity, ...day }) => ({ ...day, quantity: fromMilli(quantity) })) },
  );
  const lookAt = { inMs: settleMs };
  book.expectations.set(number, { today, ...known, announced, lookAt, changed: true });
  // Held orders may wait for what is announced more.
  book.article(number).moved = true;
}

/** The first day that will be over before its pieces have come, should they not come. */
export function nextDay(announced: readonly Arrival[], today: string): string | undefined {
  return announced.find(({ on }) => on !== undefined && on >= today)?.on;
}
