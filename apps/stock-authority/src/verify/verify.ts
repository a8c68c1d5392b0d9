import type { DataSource, EntityManager } from 'typeorm';
import { differences } from './differences.ts';
import { Fold } from './fold.ts';
import { type Recorded, Unfoldable } from './folded.ts';

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
    const { entries, faults, end } = await foldAll(tx, fold, { first: true });
    const fault = faults[0] ?? end;
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

export interface Folding {
  readonly entries: number;
  /** Entries that say something else than those up to them, and that no correction has excused. */
  readonly faults: readonly Fault[];
  /** The entry of which nothing can be made. The fold ends before it. */
  readonly end?: Fault;
}

/** Folds all entries; with `first`, only up to the first fault. */
export async function foldAll(tx: EntityManager, fold: Fold, { first = false } = {}): Promise<Folding> {
  const excused = await excusedEntries(tx);
  const faults: Fault[] = [];
  let last = '0';
  for (let entries = 0; ;) {
    const page: Recorded[] = await tx.query(
      'SELECT id, kind, number, article, data FROM ledger WHERE id > $1 ORDER BY id LIMIT $2',
      [last, PAGE],
    );
    for (const entry of page) {
      entries++;
      const { wrong, unfoldable } = apply(fold, entry);
      const fault = { entry: entry.id, difference: `Entry ${entry.id} (${entry.kind}): ${wrong}.` };
      if (unfoldable) return { entries, faults, end: fault };
      if (wrong && !excused.has(entry.id)) faults.push(fault);
      if (first && faults.length > 0) return { entries, faults };
      last = entry.id;
    }
    if (page.length < PAGE) return { entries, faults };
  }
}

/** What was decided on figures that were wrong, and was excused by a person when these were mended. */
async function excusedEntries(tx: EntityManager): Promise<ReadonlySet<string>> {
  const rows: { id: string }[] = await tx.query(
    `SELECT jsonb_array_elements_text(data -> 'excused') AS id FROM ledger WHERE kind = 'corrected'`,
  );
  return new Set(rows.map(({ id }) => id));
}

function apply(fold: Fold, entry: Recorded): { wrong?: string | undefined; unfoldable?: boolean } {
  try {
    return { wrong: fold.apply(entry) };
  } catch (error) {
    if (!(error instanceof Unfoldable)) throw error;
    return { wrong: error.message, unfoldable: true };
  }
}
