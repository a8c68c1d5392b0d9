import type { Event } from '@samlast/contracts';
import type { Authored } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import type { Terms } from '../publish-levels/levels.ts';
import { reviewQueue } from '../review-queue/review-queue.ts';
import { closeBook, openBook } from '../tables/open-book.ts';
import type { Difference } from './difference.ts';
import { differences } from './differences.ts';
import { Fold } from './fold.ts';
import { foldAll } from './verify.ts';

/** What the ledger itself says is wrong, or does not hold: nothing that can be written back. */
export class NotRepairable extends Error {
  override readonly name = 'NotRepairable';
}

export interface Repaired {
  /** What was written back, row by row. */
  readonly repaired: string[];
  /** Articles of which a new level was made. */
  readonly articles: string[];
}

/**
 * Writes back to the tables what the ledger's entries make of them, all at once, and appends who did it, why, and each
 * figure before and after. Nobody decides anything meanwhile: every decision begins with locking articles, or appends
 * to the ledger. Throws NotRepairable, with nothing changed.
 */
export async function repair(
  tx: EntityManager,
  terms: Terms,
  { author, reason }: Authored,
): Promise<{ events: Event[]; answer: Repaired }> {
  await tx.query('LOCK TABLE articles IN EXCLUSIVE MODE');
  // In the order in which they are written elsewhere, by whoever locks no article.
  for (const table of ['orders', 'claims', 'ledger'])
    await tx.query(`LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`);
  const fold = new Fold();
  const { fault } = await foldAll(tx, fold);
  if (fault) {
    throw new NotRepairable(
      `The ledger disagrees with itself, and nothing says what is right: ${fault.difference}`,
    );
  }
  const found = await differences(tx, fold);
  const lost = found.find((one) => !one.mend);
  if (lost) throw new NotRepairable(`The ledger does not hold what is missing: ${lost.difference}`);
  if (found.length === 0) return { events: [], answer: { repaired: [], articles: [] } };
  for (const one of found) await one.mend?.(tx);
  const articles = [...concerned(found, fold)].toSorted();
  // Whatever the newest level said, there is a new one.
  await tx.query(`UPDATE articles SET published = '' WHERE number = ANY($1::text[])`, [articles]);
  const book = await openBook(tx, terms, { moving: new Set(articles) });
  const differing = found.map(({ of, changes }) => ({ ...of, changes }));
  book.note('corrected', {}, { author, reason, differences: differing });
  for (const number of articles) {
    const article = book.article(number);
    article.moved = true;
    book.touch(article);
  }
  reviewQueue(book);
  const events = await closeBook(tx, book);
  return { events, answer: { repaired: found.map((one) => one.difference), articles } };
}

/** Articles with other figures than before, and those that the orders and claims in question want. */
function concerned(found: readonly Difference[], fold: Fold): Set<string> {
  const articles = new Set<string>();
  for (const { of } of found) {
    if (of.article !== undefined) articles.add(of.article);
    const order = of.number === undefined ? undefined : fold.orders.get(of.number);
    const claim = of.claim === undefined ? undefined : fold.claims.get(of.claim);
    for (const number of [...(order?.needs.keys() ?? []), ...(claim?.needs.keys() ?? [])])
      articles.add(number);
  }
  return articles;
}
