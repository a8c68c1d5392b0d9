import type { DataSource, EntityManager } from 'typeorm';
import { differences } from './differences.ts';
import { Fold } from './fold.ts';
import type { Recorded } from './folded.ts';

export interface Verification {
  readonly agrees: boolean;
  readonly entries: number;
  readonly articles: number;
  readonly orders: number;
  /**
   * The first entry of the ledger that differs; for a table that was changed past the ledger, the last one
   * about its row.
   */
  readonly entry?: Omit<Recorded, 'data'> & { at: Date };
  readonly difference?: string;
}

const PAGE = 2_000;

/**
 * Folds the ledger from its first entry, checks each verdict and each published figure on the way, and
 * compares the end with the tables, all in one snapshot. Changes nothing and locks nothing.
 */
export function verify(source: DataSource): Promise<Verification> {
  return source.transaction('REPEATABLE READ', async (tx) => {
    const fold = new Fold();
    const { entries, fault } = await foldAll(tx, fold);
    const [found] = fault ? [fault] : await differences(tx, fold);
    const counts = { entries, articles: fold.articles.size, orders: fold.orders.size };
    if (!found) return { agrees: true, ...counts };
    const [entry] = await tx.query('SELECT id, at, kind, number, article FROM ledger WHERE id = $1', [
      found.entry,
    ]);
    return { agrees: false, ...counts, difference: found.difference, ...(entry && { entry }) };
  });
}

export interface Fault {
  readonly entry: string | null;
  readonly difference: string;
}

export async function foldAll(tx: EntityManager, fold: Fold): Promise<{ entries: number; fault?: Fault }> {
  let last = '0';
  for (let entries = 0; ;) {
    const page: Recorded[] = await tx.query(
      'SELECT id, kind, number, article, data FROM ledger WHERE id > $1 ORDER BY id LIMIT $2',
      [last, PAGE],
    );
    for (const entry of page) {
      entries++;
      const wrong = fold.apply(entry);
      if (wrong)
        return {
          entries,
          fault: { entry: entry.id, difference: `Entry ${entry.id} (${entry.kind}): ${wrong}.` },
        };
      last = entry.id;
    }
    if (page.length < PAGE) return { entries };
  }
}
