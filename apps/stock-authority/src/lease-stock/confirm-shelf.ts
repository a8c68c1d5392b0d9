import { type DataOf, type ShelfSet, toMilli } from '@samlast/contracts';
import type { Book } from '../tables/book.ts';

type Shelf = Pick<
  DataOf<typeof ShelfSet>,
  'channel' | 'article' | 'version' | 'allowance' | 'shelf' | 'renew'
>;

/** An older version says nothing new; a version that was never published is of a database that is gone. */
export function confirmShelf(book: Book, told: Shelf): void {
  const { channel, article: number, version, allowance, shelf, renew } = told;
  const article = book.article(number);
  if (allowance === undefined || version > article.version) return;
  const { method = 'none' } = book.terms.shopOf(channel);
  book.note('shelf.confirmed', { article: number }, { channel, version, allowance, shelf, method });
  book.confirmShelf(article, channel, { version, allowance: toMilli(allowance), shows: toMilli(shelf) });
  // Even where it says the same as before: it counts one more write.
  if (renew && version === article.version) article.promised = true;
}
