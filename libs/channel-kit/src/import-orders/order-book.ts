import type { Event } from '@samlast/contracts';
import { OrderAmended, sameNumberKey, storable, toWmsNumber } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';
import type { ReadOrder } from '../shop.ts';
import { addNotes } from '../tell-shop/job-book.ts';
import { importOrder, type ImportRules, type KnownLine, type KnownOrder, unheardOf } from './import.ts';
import { unsentNote } from './unsent-note.ts';

const IMPORT_LOCK = 7_310_003;

export interface ImportedPage {
  readonly events: Event[];
  /** Orders of which something new was recorded, by their new state. */
  readonly counts: Record<string, number>;
}

/** Records what was read of some orders, and gives back what is to be published of it in the same transaction. */
export async function recordOrders(
  tx: EntityManager,
  reads: readonly ReadOrder[],
  rules: ImportRules,
): Promise<ImportedPage> {
  // A webhook's reading and a poll's may come at once; one after the other they need no further care.
  await tx.query('SELECT pg_advisory_xact_lock($1, hashtext(current_schema()))', [IMPORT_LOCK]);
  const known = await findOrders(tx, [...new Set(reads.map((read) => read.id))]);
  const owners = await ownersOfNumbers(tx, reads, rules);
  const before = new Map(known);
  const events: Event[] = [];
  const counts: Record<string, number> = {};
  const changes: KnownOrder[] = [];
  const now = new Date();
  for (const read of reads) {
    const isTaken = (number: string) => (owners.get(sameNumberKey(number)) ?? read.id) !== read.id;
    const result = importOrder(known.get(read.id), read, { ...rules, isTaken, now });
    if (!result.order) continue;
    if (known.get(read.id)?.state !== result.order.state)
      counts[result.order.state] = (counts[result.order.state] ?? 0) + 1;
    known.set(read.id, result.order);
    if (result.order.number) owners.set(sameNumberKey(result.order.number), read.id);
    if (result.event) events.push(result.event);
    if (result.event?.type === OrderAmended.type) changes.push(result.order);
  }
  const changed = [...known.values()].filter((order) => before.get(order.id) !== order);
  await keepClaims(
    tx,
    reads.filter(({ id }) => known.get(id)?.state !== 'before-start'),
  );
  await writeOrders(tx, changed);
  await keepChanges(tx, changes);
  await addNotes(
    tx,
    changed.flatMap((order) => unsentNote(before.get(order.id), order) ?? []),
  );
  await writeSold(tx, soldDeltas(before, changed, rules.restocksCancelled));
  return { events, counts };
}

/**
 * An order that is there, readable or not, has come: its claim is not to be released as one whose order never came.
 * One of before the start is never sent, and its claim would be kept from all others for good, so it is left out.
 */
async function keepClaims(tx: EntityManager, reads: readonly ReadOrder[]): Promise<void> {
  const keys = reads.flatMap((read) => {
    const isThere = 'unreadable' in read || read.state === 'placed' || read.state === 'held';
    const key = read.claimKey;
    // No claim was ever kept under a key that cannot be stored.
    return isThere && key !== undefined && key === storable(key) ? [key] : [];
  });
  if (keys.length === 0) return;
  await tx.query(`UPDATE claims SET state = 'ordered' WHERE key = ANY($1) AND state = 'confirmed'`, [keys]);
}

/** When a change was made that is sent on, so that its outcome can name it. */
async function keepChanges(tx: EntityManager, orders: readonly KnownOrder[]): Promise<void> {
  if (orders.length === 0) return;
  await tx.query(
    `INSERT INTO order_changes (order_id, revision, changed_at) SELECT * FROM unnest($1::text[], $2::integer[], $3::timestamptz[])`,
    [
      orders.map((order) => order.id),
      orders.map((order) => order.revision),
      orders.map((order) => new Date(order.changedAt)),
    ],
  );
}

interface OrderRow {
  id: string;
  number: string | null;
  shop_number: string;
  state: KnownOrder['state'];
  decision: KnownOrder['decision'];
  revision: number;
  sent_revision: number;
  digest: string | null;
  placed_at: Date | null;
  changed_at: Date;
  attention: string | null;
  lines: {
    row: string;
    article: string;
    sold: string;
    imported: string;
    fulfilled: string;
    unsettled: boolean;
  }[];
}

async function findOrders(tx: EntityManager, ids: string[]): Promise<Map<string, KnownOrder>> {
  // What waits for a lock sees other tables as they were before it waited, so the lines are read after it.
  await tx.query('SELECT 1 FROM shop_orders WHERE id = ANY($1) ORDER BY id FOR UPDATE', [ids]);
  const rows = (await tx.query(
    `SELECT o.id, o.number, o.shop_number, o.state, o.decision, o.revision, o.sent_revision, o.digest, o.placed_at, o.changed_at, o.attention,
       coalesce((SELECT jsonb_agg(jsonb_build_object('row', l.row, 'article', l.article, 'sold', l.sold::text,
           'imported', l.imported::text, 'fulfilled', l.fulfilled::text, 'unsettled', l.unsettled))
         FROM order_lines l WHERE l.order_id = o.id), '[]') AS lines
     FROM shop_orders o WHERE o.id = ANY($1)`,
    [ids],
  )) as OrderRow[];
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        number: row.number ?? undefined,
        shopNumber: row.shop_number,
        state: row.state,
        decision: row.decision,
        revision: row.revision,
        sentRevision: row.sent_revision,
        digest: row.digest ?? undefined,
        placedAt: row.placed_at?.toISOString(),
        changedAt: row.changed_at.toISOString(),
        attention: row.attention ?? undefined,
        lines: row.lines.map((line): KnownLine => ({
          row: line.row,
          article: line.article,
          sold: BigInt(line.sold),
          imported: BigInt(line.imported),
          fulfilled: BigInt(line.fulfilled),
          unsettled: line.unsettled,
        })),
      },
    ]),
  );
}

async function ownersOfNumbers(tx: EntityManager, reads: readonly ReadOrder[], rules: ImportRules) {
  const keys = reads.flatMap((read) => {
    try {
      return [sameNumberKey(toWmsNumber(read.number ?? '', rules.channel.code))];
    } catch {
      return [];
    }
  });
  const rows = (await tx.query(
    'SELECT id, lower(btrim(number)) AS key FROM shop_orders WHERE lower(btrim(number)) = ANY($1)',
    [keys],
  )) as { id: string; key: string }[];
  return new Map(rows.map((row) => [row.key, row.id]));
}

async function writeOrders(tx: EntityManager, orders: KnownOrder[]): Promise<void> {
  if (orders.length === 0) return;
  await tx.query(
    `INSERT INTO shop_orders AS o (id, number, shop_number, state, decision, revision, sent_revision, digest,
         placed_at, changed_at, attention, attention_at)
     SELECT n.id, n.number, n.shop_number, n.state, n.decision, n.revision, n.sent_revision, n.digest, n.placed_at,
         n.changed_at, n.attention,
         CASE WHEN n.attention IS NULL THEN NULL ELSE now() END
     FROM jsonb_to_recordset($1) AS n (id text, number text, shop_number text, state text, decision text,
         revision integer, sent_revision integer, digest text, placed_at timestamptz, changed_at timestamptz, attention text)
     ORDER BY n.id
     ON CONFLICT (id) DO UPDATE SET number = excluded.number, shop_number = excluded.shop_number,
       state = excluded.state, revision = excluded.revision, sent_revision = excluded.sent_revision,
       digest = excluded.digest, placed_at = excluded.placed_at,
       changed_at = excluded.changed_at, attention = excluded.attention, read_at = now(),
       attention_at = CASE WHEN excluded.attention IS NOT DISTINCT FROM o.attention THEN o.attention_at
         ELSE excluded.attention_at END`,
    [
      JSON.stringify(
        orders.map((order) => ({
          id: order.id,
          number: order.number ?? null,
          shop_number: order.shopNumber,
          state: order.state,
          decision: order.decision,
          revision: order.revision,
          sent_revision: order.sentRevision ?? 1,
          digest: order.digest ?? null,
          placed_at: order.placedAt ? new Date(order.placedAt) : null,
          changed_at: new Date(order.changedAt),
          attention: order.attention ?? null,
        })),
      ),
    ],
  );
  const lines = orders.flatMap((order) =>
    order.lines.map((line) => ({
      order_id: order.id,
      ...line,
      sold: String(line.sold),
      imported: String(line.imported),
      fulfilled: String(line.fulfilled),
    })),
  );
  if (lines.length === 0) return;
  await tx.query(
    `INSERT INTO order_lines (order_id, row, article, sold, imported, fulfilled, unsettled)
     SELECT order_id, row, article, sold, imported, fulfilled, unsettled
     FROM jsonb_to_recordset($1) AS n (order_id text, row text, article text, sold bigint, imported bigint,
       fulfilled bigint, unsettled boolean)
     ON CONFLICT (order_id, row, article) DO UPDATE SET sold = excluded.sold,
       imported = excluded.imported, fulfilled = excluded.fulfilled, unsettled = excluded.unsettled`,
    [JSON.stringify(lines)],
  );
}

interface Sold {
  /** What the shop has taken off its number. */
  sold: bigint;
  /** How much more that is than the authority counts. */
  kept: bigint;
}

/** How much more, or less, the shop has sold of each article than it had by the last reading. */
function soldDeltas(
  before: ReadonlyMap<string, KnownOrder>,
  changed: KnownOrder[],
  restocksCancelled: boolean,
): Map<string, Sold> {
  const deltas = new Map<string, Sold>();
  const add = (order: KnownOrder, sign: bigint) => {
    for (const line of order.lines) {
      const { sold, kept } = deltas.get(line.article) ?? { sold: 0n, kept: 0n };
      const unheard = unheardOf(order, line, restocksCancelled);
      deltas.set(line.article, { sold: sold + sign * line.sold, kept: kept + sign * unheard });
    }
  };
  for (const order of changed) {
    add(order, 1n);
    const known = before.get(order.id);
    if (known) add(known, -1n);
  }
  return deltas;
}

async function writeSold(tx: EntityManager, deltas: Map<string, Sold>): Promise<void> {
  if (deltas.size === 0) return;
  // Locked in ascending order, like everywhere. A number that was read before says nothing any more: a cancel that is
  // in these figures and a sale that is not would leave it as it was.
  const articles = [...deltas.keys()].toSorted();
  await tx.query(
    `INSERT INTO shelves (article, sold, kept, wanted)
     SELECT article, sold, kept, 1 FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS n (article, sold, kept)
     ON CONFLICT (article) DO UPDATE SET sold = shelves.sold + excluded.sold, kept = shelves.kept + excluded.kept,
       wanted = shelves.wanted + 1, wanted_at = now(), anchor_number = NULL, anchor_at = NULL`,
    [
      articles,
      articles.map((article) => String(deltas.get(article)?.sold)),
      articles.map((article) => String(deltas.get(article)?.kept)),
    ],
  );
}
