import { reviewQueue } from '../review-queue/review-queue.ts';
import type { Rules } from '../set-rules/rules.ts';
import { setRules } from '../set-rules/set-rules.ts';
import { closeBook, openBook } from '../tables/open-book.ts';
import { anna, type Authority } from './authority.ts';

/** A person's rules of an article, as the command sets them. */
export const rule = (authority: Authority, number: string, rules: Omit<Rules, 'version'>) =>
  authority.run(async (tx) => {
    const book = await openBook(tx, await authority.terms.at(tx), { moving: [number] });
    setRules(book, number, { version: book.article(number).rules.version + 1, ...rules }, anna);
    reviewQueue(book);
    return closeBook(tx, book);
  });
