import { textArray } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import { statement } from './statement.ts';

/** One input or verdict. Holds numbers of orders and articles and figures; never who an order is for. */
export interface Entry {
  readonly kind: string;
  readonly number?: string;
  readonly article?: string;
  /** Quantities are decimal strings, as on the wire. */
  readonly data: Record<string, unknown>;
}

const append = statement(
  'append-to-ledger',
  `INSERT INTO ledger (kind, number, article, data)
   SELECT kind, number, article, data::jsonb
   FROM unnest($1::text[], $2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS new (kind, number, article, data, place)
   ORDER BY place`,
);

/**
 * Appends entries in this order; their ids rise per article in the order of the transactions, as the
 * article is locked.
 */
export async function appendToLedger(tx: EntityManager, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  await append(tx, [
    textArray(entries.map((entry) => entry.kind)),
    textArray(entries.map((entry) => entry.number ?? null)),
    textArray(entries.map((entry) => entry.article ?? null)),
    textArray(entries.map((entry) => JSON.stringify(entry.data))),
  ]);
}
