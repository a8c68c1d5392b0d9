import { toMilli } from '@samlast/contracts';
import { Unprocessable } from '@samlast/messaging';
import type { Book } from '../tables/book.ts';
import type { Placed } from './intake.ts';

const PIECE = 1000n;

/** Whether a fraction is wanted of an article that its master says is sold in whole pieces only. */
export function isDivided(book: Book, article: string, quantity: bigint): boolean {
  return book.article(article).wholePieces === true && quantity % PIECE !== 0n;
}

/** Line by line: the warehouse is asked for each of them, and two halves are not one piece. */
export function refuseDivided(book: Book, { number, order }: Placed): void {
  const line = order.lines.find(
    ({ article, quantity, picked }) => picked && isDivided(book, article, toMilli(quantity)),
  );
  if (!line) return;
  throw new Unprocessable(
    'order.fraction',
    `Order ${number}, row ${line.row}, wants ${line.quantity} of ${line.article}, which is sold in whole pieces only. Correct the order in its shop and discard this message; or correct the article in the article master and retry it.`,
  );
}
