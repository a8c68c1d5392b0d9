import type { EntityManager } from 'typeorm';

/** One input or verdict. Holds numbers of orders and articles and figures; never who an order is for. */
export interface Entry {
  readonly kind: string;
  readonly number?: string;
  readonly article?: string;
  /** Quantities are decimal strings, as on the wire. */
  readonly data: Record<string, unknown>;
}

/**
 * Appends entries in this order; their ids rise per article in the order of the transactions, as the
 * article is locked.
 */
export async function appendToLedger(tx: EntityManager, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  await tx.query(
    `INSERT INTO ledger (kind, number, article, data)
     SELECT kind, number, article, data
     FROM unnest($1::text[], $2::text[], $3::text[], $4::jsonb[]) WITH ORDINALITY AS new (kind, number, article, data, place)
     ORDER BY place`,
    [
      entries.map((entry) => entry.kind),
      entries.map((entry) => entry.number ?? null),
      entries.map((entry) => entry.article ?? null),
      entries.map((entry) => JSON.stringify(entry.data)),
    ],
  );
}
