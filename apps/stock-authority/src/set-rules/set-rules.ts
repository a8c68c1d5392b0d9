import type { Authored } from '@samlast/service';
import type { Book } from '../tables/book.ts';
import { type Rules, textsOf } from './rules.ts';

/** Who waits for pieces is decided again with them, and shops are told at once. */
export function setRules(book: Book, number: string, rules: Rules, { author, reason }: Authored): void {
  const article = book.article(number);
  Object.assign(article, { rules, moved: true });
  book.touch(article);
  book.note('rules.set', { article: number }, { author, reason, ...textsOf(rules) });
}
