import { toMilli } from '@samlast/contracts';
import { Unprocessable } from '@samlast/messaging';
import { expand } from '../follow-kits/kits.ts';
import type { Book } from '../tables/book.ts';
import type { Placed } from './intake.ts';

const PIECE = 1000n;

/** The article that would be divided though it is sold in whole pieces only: what is wanted, or a part of that kit. */
export function dividedFor(book: Book, article: string, quantity: bigint): string | undefined {
  if (!book.kits.has(article)) return isDivided(book, article, quantity) ? article : undefined;
  const needs = expand(book.kits, new Map([[article, quantity]]));
  return [...needs].find(([one, needed]) => isDivided(book, one, needed))?.[0];
}

function isDivided(book: Book, article: string, quantity: bigint): boolean {
  return quantity % PIECE !== 0n && book.article(article).wholePieces === true;
}

/** Line by line: the warehouse is asked for each of them, and two halves are not one piece. */
export function refuseDivided(book: Book, { number, order }: Placed): void {
  for (const { row, article, quantity, picked } of order.lines) {
    const whole = picked ? dividedFor(book, article, toMilli(quantity)) : undefined;
    if (whole === undefined) continue;
    const which = whole === article ? 'which' : `but ${whole}`;
    throw new Unprocessable(
      'order.fraction',
      `Order ${number}, row ${row}, wants ${quantity} of ${article}, ${which} is sold in whole pieces only. Correct the order in its shop and discard this message; or correct the article in the article master and retry it.`,
    );
  }
}
