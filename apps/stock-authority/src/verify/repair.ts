import type { Event } from '@samlast/contracts';
import type { Authored } from '@samlast/service';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { Terms } from '../publish-levels/terms.ts';
import { reviewQueue } from '../review-queue/review-queue.ts';
import { Overtaken } from '../tables/articles.ts';
import { closeBook, openBook } from '../tables/open-book.ts';
import type { Difference } from './difference.ts';
import { differences } from './differences.ts';
import { Fold } from './fold.ts';
import { type Fault, foldAll } from './verify.ts';

/** Nothing can be made of an entry, or the ledger does not hold what is missing: nothing can be written back. */
export class NotRepairable extends Error {
  override readonly name = 'NotRepairable';
}

export interface Repaired {
  /** What was written back, row by row. */
  readonly repaired: string[];
  /** Articles of which a new level was made. */
  readonly articles: string[];
}

interface Findings {
  readonly fold: Fold;
  readonly found: readonly Difference[];
  /** Entries that were decided on wrong figures. */
  readonly faults: readonly Fault[];
}

/**
 * Writes back to the tables what the ledger's entries make of them, all at once, and appends who did it, why, and each
 * figure before and after. What was decided on a wrong figure stays decided: its entries are excused in that correction
 * by their ids. The ledger is folded first without a lock; then the articles that differ are locked, and it is folded
 * once more, so that only decisions on these wait meanwhile. Throws NotRepairable, with nothing changed.
 */
export async function repair(
  source: DataSource,
  tx: EntityManager,
  terms: Terms,
  by: Authored,
): Promise<{ events: Event[]; answer: Repaired }> {
  const [lock]: { free: boolean }[] = await tx.query(
    `SELECT pg_try_advisory_xact_lock(hashtext('repair')) AS free`,
  );
  if (!lock?.free)
    throw new NotRepairable('Another repair is at work: wait for its answer, then verify and ask again.');
  // Taken before any lock: whoever waits for our locks keeps a connection, and none might be left then.
  const reader = source.createQueryRunner();
  await reader.connect();
  try {
    const first = await lookAt(reader);
    if (first.found.length + first.faults.length === 0)
      return { events: [], answer: { repaired: [], articles: [] } };
    const numbers = first.found.flatMap(({ of }) => (of.number === undefined ? [] : [of.number]));
    const held = await openBook(tx, terms, {
      moving: concerned(first),
      orders: [...new Set(numbers)],
    });
    const again = await lookAt(reader);
    const strayed = [...concerned(again)].some((number) => !held.articles.has(number));
    if (strayed || again.found.some(({ of }) => of.number !== undefined && !held.orders.has(of.number)))
      throw new Overtaken('something else came to differ while what differs was being locked');
    return await mend(tx, terms, again, by);
  } finally {
    await reader.release();
  }
}

/** All that was changed past the ledger, in one snapshot. Locks nothing. */
async function lookAt(reader: QueryRunner): Promise<Findings> {
  await reader.startTransaction('REPEATABLE READ');
  try {
    const fold = new Fold();
    const { faults, end } = await foldAll(reader.manager, fold);
    if (end) throw new NotRepairable(`Nothing can be made of the ledger: ${end.difference}`);
    const found = await differences(reader.manager, fold);
    const lost = found.find((one) => !one.mend);
    if (lost) throw new NotRepairable(`The ledger does not hold what is missing: ${lost.difference}`);
    return { fold, found, faults };
  } finally {
    await reader.rollbackTransaction();
  }
}

async function mend(tx: EntityManager, terms: Terms, findings: Findings, { author, reason }: Authored) {
  const { found, faults } = findings;
  for (const one of found) await one.mend?.(tx);
  const articles = [...concerned(findings)].toSorted();
  // Whatever the newest level said, there is a new one.
  await tx.query(`UPDATE articles SET published = '' WHERE number = ANY($1::text[])`, [articles]);
  const book = await openBook(tx, terms, { moving: new Set(articles) });
  const differing = found.map(({ of, changes }) => ({ ...of, changes }));
  book.note(
    'corrected',
    {},
    { author, reason, differences: differing, excused: faults.map(({ entry }) => entry) },
  );
  for (const number of articles) {
    const article = book.article(number);
    article.moved = true;
    book.touch(article);
  }
  reviewQueue(book);
  const events = await closeBook(tx, book);
  return { events, answer: { repaired: [...found, ...faults].map((one) => one.difference), articles } };
}

/** Articles with other figures than before, and those that the orders and claims in question want. */
function concerned({ found, fold }: Findings): Set<string> {
  const articles = new Set<string>();
  for (const { of } of found) {
    if (of.article !== undefined) articles.add(of.article);
    for (const part of fold.articles.get(of.article ?? '')?.parts.keys() ?? []) articles.add(part);
    const order = of.number === undefined ? undefined : fold.orders.get(of.number);
    const claim = of.claim === undefined ? undefined : fold.claims.get(of.claim);
    for (const number of [...(order?.needs.keys() ?? []), ...(claim?.needs.keys() ?? [])])
      articles.add(number);
  }
  return articles;
}
