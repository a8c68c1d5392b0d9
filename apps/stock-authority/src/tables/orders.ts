import type { Order, Shortage } from '@samlast/contracts';
import { bigintArray, booleanArray, intArray, textArray } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import { statement } from './statement.ts';

/**
 * `waiting` for the next read, `held` for a person or for pieces, `backordered` for pieces alone, `reserved` on its
 * way, `refused` by the WMS with its pieces kept, `rejected` by policy or a person, `cancelled` before or in the WMS.
 */
export type State = 'waiting' | 'held' | 'backordered' | 'reserved' | 'refused' | 'rejected' | 'cancelled';

/** It wants pieces that it does not have yet. */
export const isQueued = ({ state }: { readonly state: State }) =>
  state === 'held' || state === 'waiting' || state === 'backordered';

/** What its shop wants, and that as JSON, as it is stored and passed on. */
export interface Content {
  readonly order: Order;
  readonly text: string;
}

export interface OrderRecord {
  id?: string;
  readonly number: string;
  readonly channel: string;
  revision: number;
  state: State;
  /** False once its cancel was read: its shop has put the pieces back. */
  standing: boolean;
  /** The revision of a cancel that was forwarded and not answered yet. */
  cancelling?: number;
  shortages: Shortage[];
  /** Tells the same order from another one under its number; absent when only its cancel is known. */
  digest?: string;
  /**
   * What its shop has taken off its shelf for it, in thousandths by article, where that is not what the order wants: of
   * kits, of an order that gets a part, and of one that was amended.
   */
  wants?: ReadonlyMap<string, bigint>;
  /** Present for an order of this transaction, and for a known one once `loadBodies` has run. */
  body?: Content;
  changed: boolean;
}

interface Row {
  id: string;
  number: string;
  channel: string;
  revision: number;
  state: State;
  standing: boolean;
  cancelling: number | null;
  shortages: Shortage[];
  digest: string | null;
  wants: Record<string, string> | null;
}

const recordOf = (row: Row): OrderRecord => ({
  id: row.id,
  number: row.number,
  channel: row.channel,
  revision: row.revision,
  state: row.state,
  standing: row.standing,
  shortages: row.shortages,
  ...(row.cancelling !== null && { cancelling: row.cancelling }),
  ...(row.digest !== null && { digest: row.digest }),
  ...(row.wants !== null && {
    wants: new Map(Object.entries(row.wants).map(([article, one]) => [article, BigInt(one)])),
  }),
  changed: false,
});

/** Which articles known orders want, without a lock: they tell what to lock. */
export async function articlesOfOrders(tx: EntityManager, numbers: string[]): Promise<Map<string, string[]>> {
  if (numbers.length === 0) return new Map();
  const rows: { number: string; articles: string[] }[] = await tx.query(
    `SELECT orders.number, ARRAY(
       SELECT articles.number::text FROM articles WHERE articles.id IN (
         SELECT article_id FROM revisions WHERE order_id = orders.id
         UNION SELECT article_id FROM demands WHERE order_id = orders.id)
       UNION SELECT jsonb_object_keys(orders.wants)) AS articles
     FROM orders WHERE orders.number = ANY($1::text[])`,
    [textArray(numbers)],
  );
  return new Map(rows.map((row) => [row.number, row.articles]));
}

const COLUMNS = 'id, number, channel, revision, state, standing, cancelling, shortages, digest, wants';

/** Orders are locked after their articles, and by ascending id. */
export async function lockOrders(tx: EntityManager, numbers: string[]): Promise<Map<string, OrderRecord>> {
  if (numbers.length === 0) return new Map();
  const rows: Row[] = await tx.query(
    `SELECT ${COLUMNS} FROM orders WHERE number = ANY($1::text[]) ORDER BY id FOR UPDATE`,
    [textArray(numbers)],
  );
  return new Map(rows.map((row) => [row.number, recordOf(row)]));
}

/** Queued orders whose articles are locked: nobody can change them without those. */
export async function readOrders(tx: EntityManager, numbers: string[]): Promise<Map<string, OrderRecord>> {
  const rows: Row[] = await tx.query(`SELECT ${COLUMNS} FROM orders WHERE number = ANY($1::text[])`, [
    numbers,
  ]);
  return new Map(rows.map((row) => [row.number, recordOf(row)]));
}

/** The whole orders, for those that go on to the warehouse now. */
export async function loadBodies(tx: EntityManager, orders: readonly OrderRecord[]): Promise<void> {
  const byId = new Map(orders.filter((order) => !order.body && order.id).map((order) => [order.id, order]));
  if (byId.size === 0) return;
  const rows: { id: string; body: string | null }[] = await tx.query(
    'SELECT id, body FROM orders WHERE id = ANY($1::bigint[])',
    [[...byId.keys()]],
  );
  for (const row of rows) {
    const order = byId.get(row.id);
    if (order && row.body) order.body = { order: JSON.parse(row.body) as Order, text: row.body };
  }
}

/** Ids for so many new orders, rising: they say who came first, so they are drawn while the articles are locked. */
export async function drawIds(tx: EntityManager, count: number): Promise<string[]> {
  if (count === 0) return [];
  const rows: { id: string }[] = await tx.query(
    `SELECT nextval('orders_id_seq') AS id FROM generate_series(1, $1)`,
    [count],
  );
  return rows.map(({ id }) => id);
}

/** Gives new orders the ids that were drawn for them, in the order in which they came. Answers which are new. */
export function nameOrders(orders: Iterable<OrderRecord>, ids: readonly string[]): Set<OrderRecord> {
  const fresh = new Set<OrderRecord>();
  for (const order of orders) {
    if (order.id !== undefined) continue;
    order.id = ids[fresh.size];
    order.changed = false;
    fresh.add(order);
  }
  return fresh;
}

/** Inserts new orders, and writes what changed on known ones. */
export async function saveOrders(
  tx: EntityManager,
  orders: Iterable<OrderRecord>,
  fresh: ReadonlySet<OrderRecord>,
): Promise<void> {
  const changed = [...orders].filter((order) => order.changed);
  for (const order of changed) order.changed = false;
  await Promise.all([insertOrders(tx, [...fresh]), updateOrders(tx, changed)]);
}

async function updateOrders(tx: EntityManager, changed: readonly OrderRecord[]): Promise<void> {
  if (changed.length === 0) return;
  await tx.query(
    `UPDATE orders SET revision = new.revision, state = new.state, standing = new.standing, cancelling = new.cancelling,
         shortages = new.shortages, digest = coalesce(new.digest, orders.digest), body = coalesce(new.body, orders.body),
         wants = new.wants, changed_at = now()
       FROM unnest($1::bigint[], $2::int[], $3::text[], $4::int[], $5::jsonb[], $6::text[], $7::text[], $8::boolean[],
         $9::jsonb[]) AS new (id, revision, state, cancelling, shortages, digest, body, standing, wants)
       WHERE orders.id = new.id`,
    [
      changed.map((order) => order.id),
      changed.map((order) => order.revision),
      changed.map((order) => order.state),
      changed.map((order) => order.cancelling ?? null),
      changed.map((order) => JSON.stringify(order.shortages)),
      changed.map((order) => order.digest ?? null),
      textArray(changed.map((order) => order.body?.text ?? null)),
      changed.map((order) => order.standing),
      changed.map(wantsText),
    ],
  );
}

const insert = statement(
  'insert-any-orders',
  `INSERT INTO orders (id, number, channel, revision, state, cancelling, shortages, digest, body, standing, wants)
   OVERRIDING SYSTEM VALUE
   SELECT unnest($1::bigint[]), unnest($2::text[]), unnest($3::text[]), unnest($4::int[]), unnest($5::text[]),
     unnest($6::int[]), unnest($7::text[])::jsonb, unnest($8::text[]), unnest($9::text[]), unnest($10::boolean[]),
     unnest($11::text[])::jsonb`,
);

/** The same for those that came and were reserved, which nearly all are; the rest of their columns stand by default. */
const insertReserved = statement(
  'insert-reserved-orders',
  `INSERT INTO orders (id, number, channel, revision, state, digest, body) OVERRIDING SYSTEM VALUE
   SELECT unnest($1::bigint[]), unnest($2::text[]), unnest($3::text[]), unnest($4::int[]), 'reserved',
     unnest($5::text[]), unnest($6::text[])`,
);

const isPlain = ({ state, shortages, standing, cancelling, wants }: OrderRecord) =>
  state === 'reserved' && shortages.length === 0 && standing && cancelling === undefined && !wants;

async function insertOrders(tx: EntityManager, fresh: readonly OrderRecord[]): Promise<void> {
  const plain = fresh.filter(isPlain);
  const others = plain.length === fresh.length ? [] : fresh.filter((order) => !isPlain(order));
  const columns = (orders: readonly OrderRecord[]) => [
    bigintArray(orders.map((order) => order.id ?? null)),
    textArray(orders.map((order) => order.number)),
    textArray(orders.map((order) => order.channel)),
    intArray(orders.map((order) => order.revision)),
  ];
  const texts = (orders: readonly OrderRecord[]) => [
    textArray(orders.map((order) => order.digest ?? null)),
    textArray(orders.map((order) => order.body?.text ?? null)),
  ];
  await Promise.all([
    plain.length > 0 && insertReserved(tx, [...columns(plain), ...texts(plain)]),
    others.length > 0 &&
      insert(tx, [
        ...columns(others),
        textArray(others.map((order) => order.state)),
        intArray(others.map((order) => order.cancelling ?? null)),
        textArray(others.map((order) => JSON.stringify(order.shortages))),
        ...texts(others),
        booleanArray(others.map((order) => order.standing)),
        textArray(others.map(wantsText)),
      ]),
  ]);
}

const wantsText = ({ wants }: OrderRecord) =>
  wants
    ? JSON.stringify(Object.fromEntries([...wants].map(([article, one]) => [article, one.toString()])))
    : null;

/** These have left the warehouse: what goes missing there is not theirs any more. */
export async function endOrders(tx: EntityManager, numbers: readonly string[]): Promise<void> {
  if (numbers.length === 0) return;
  await tx.query(
    `WITH locked AS (SELECT id FROM orders WHERE number = ANY($1::text[]) AND NOT done ORDER BY id FOR UPDATE)
     UPDATE orders SET done = true FROM locked WHERE orders.id = locked.id`,
    [numbers],
  );
}

/** No order has a higher id. */
export async function lastOrderId(tx: EntityManager): Promise<bigint> {
  const rows: { last: string | null }[] = await tx.query('SELECT max(id) AS last FROM orders');
  return BigInt(rows[0]?.last ?? 0);
}

/**
 * Of orders in a range of ids that were not touched for so long and will not be sent any more, what only the warehouse
 * needed. In the order in which orders are locked, and none that somebody decides on at this moment.
 */
export async function forgetBodies(
  tx: EntityManager,
  { after, upTo, days }: { after: bigint; upTo: bigint; days: number },
): Promise<number> {
  const [, count]: [unknown[], number] = await tx.query(
    `UPDATE orders SET body = NULL WHERE id IN (
       SELECT id FROM orders WHERE id > $1 AND id <= $2 AND body IS NOT NULL
         AND state IN ('reserved', 'rejected', 'cancelled') AND changed_at < now() - make_interval(days => $3)
       ORDER BY id FOR UPDATE SKIP LOCKED)`,
    [after.toString(), upTo.toString(), days],
  );
  return count;
}

export interface ListedOrder {
  number: string;
  channel: string;
  shopNumber: string;
  state: State;
  revision: number;
  placedAt: string;
  receivedAt: Date;
  shortages: Shortage[];
}

/** How many orders wait for goods, for a person or for an article, and how many of them for an article alone. */
export async function countUndecided(tx: EntityManager): Promise<{ undecided: number; unknown: number }> {
  const [row]: { undecided: number; unknown: number }[] = await tx.query(
    `SELECT count(*)::int AS undecided,
       (count(*) FILTER (WHERE shortages @> '[{"reason": "unknown-article"}]'))::int AS unknown
     FROM orders WHERE state IN ('waiting', 'held', 'backordered', 'refused')`,
  );
  return row ?? { undecided: 0, unknown: 0 };
}

/** Undecided orders for a person, oldest first. */
export async function listOrders(tx: EntityManager, state: State, limit: number): Promise<ListedOrder[]> {
  return tx.query(
    `SELECT number, channel, body::json ->> 'shopNumber' AS "shopNumber", state, revision,
       body::json ->> 'placedAt' AS "placedAt", received_at AS "receivedAt", shortages
     FROM orders WHERE state = $1 AND state IN ('waiting', 'held', 'backordered', 'refused') ORDER BY id LIMIT $2`,
    [state, limit],
  );
}
