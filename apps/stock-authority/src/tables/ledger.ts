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

/** From so many entries on those of a transaction stand in one row: a row for each costs more than what it says. */
const PACK_FROM = 16;

const appendPack = statement(
  'append-pack-to-ledger',
  `INSERT INTO ledger (kind, data, entries) VALUES ('batch', '{}', $1)`,
);

/**
 * Appends entries in this order; their ids rise per article in the order of the transactions, as the
 * article is locked.
 */
export async function appendToLedger(tx: EntityManager, entries: readonly Entry[]): Promise<void> {
  if (entries.length === 0) return;
  // A correction excuses other entries, and is looked for by its kind.
  if (entries.length >= PACK_FROM && entries.every(({ kind }) => kind !== 'corrected')) {
    await appendPack(tx, [JSON.stringify(entries)]);
    return;
  }
  await append(tx, [
    textArray(entries.map((entry) => entry.kind)),
    textArray(entries.map((entry) => entry.number ?? null)),
    textArray(entries.map((entry) => entry.article ?? null)),
    textArray(entries.map((entry) => JSON.stringify(entry.data))),
  ]);
}

/** An entry as it is read again; one of a row of several is known by the row's id and its place there. */
export interface Recorded {
  readonly id: string;
  readonly kind: string;
  readonly number: string | null;
  readonly article: string | null;
  readonly data: Record<string, unknown>;
}

type Row = Recorded & { readonly at: Date; readonly entries: string | null };

const COLUMNS = 'id, at, kind, number, article, data, entries';

function entriesOf({ id, kind, number, article, data, entries }: Row): Recorded[] {
  if (entries === null) return [{ id, kind, number, article, data }];
  return (JSON.parse(entries) as Entry[]).map(({ kind, number = null, article = null, data }, place) => ({
    id: `${id}.${place + 1}`,
    kind,
    number,
    article,
    data,
  }));
}

/** The entries of some rows behind this one, oldest first; `last` is the row to go on from, absent at the end. */
export async function readLedger(
  tx: EntityManager,
  after: string,
  rows: number,
): Promise<{ entries: Recorded[]; last?: string }> {
  const page: Row[] = await tx.query(`SELECT ${COLUMNS} FROM ledger WHERE id > $1 ORDER BY id LIMIT $2`, [
    after,
    rows,
  ]);
  const last = page.length === rows ? page.at(-1)?.id : undefined;
  return { entries: page.flatMap(entriesOf), ...(last !== undefined && { last }) };
}

export async function readEntry(
  tx: EntityManager,
  id: string,
): Promise<(Recorded & { at: Date }) | undefined> {
  const [row]: Row[] = await tx.query(`SELECT ${COLUMNS} FROM ledger WHERE id = $1`, [id.split('.')[0]]);
  const entry = row && entriesOf(row).find((one) => one.id === id);
  return entry && { ...entry, at: row.at };
}
