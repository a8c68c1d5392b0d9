import type { DataSource, EntityManager } from 'typeorm';
import { readEntry, readLedger, type Recorded } from '../tables/ledger.ts';
import { differences } from './differences.ts';
import { Fold } from './fold.ts';
import { Unfoldable } from './folded.ts';

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

/** A row may hold the entries of a batch of some hundred orders. */
const PAGE_ROWS = 200;

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
    const entry = found.entry === null ? undefined : await readEntry(tx, found.entry);
    if (!entry) return { agrees: false, ...counts, difference: found.difference };
    const { id, at, kind, number, article } = entry;
    return {
      agrees: false,
      ...counts,
      difference: found.difference,
      entry: { id, at, kind, number, article },
    };
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
  let entries = 0;
  for (let after: string | undefined = '0'; after !== undefined;) {
    const page = await readLedger(tx, after, PAGE_ROWS);
    for (const entry of page.entries) {
      entries++;
      const { wrong, unfoldable } = apply(fold, entry);
      const fault = { entry: entry.id, difference: `Entry ${entry.id} (${entry.kind}): ${wrong}.` };
      if (unfoldable) return { entries, faults, end: fault };
      if (wrong && !excused.has(entry.id)) faults.push(fault);
      if (first && faults.length > 0) return { entries, faults };
    }
    after = page.last;
  }
  return { entries, faults };
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
