import { OrderReserved, OrderShort } from '@samlast/contracts';
import { type Audit, requireEqual, type Task } from '../contestant.ts';
import type { OwnDatabase } from '../own-database.ts';
import { refusedOf } from '../workloads.ts';
import type { RivalKind } from './tables.ts';

/**
 * `wrong` are articles whose pieces are not those of their reservations, or of which more are reserved than
 * there were.
 */
const counts = `
  SELECT (SELECT count(*) FROM inbox)::int AS inbox,
    (SELECT count(DISTINCT number) FROM reservations)::int AS reserved,
    (SELECT count(*) FROM reservations)::int AS lines,
    (SELECT count(*) FROM unnest($1::text[], $2::int[]) AS given (article, stock)
      LEFT JOIN (SELECT article, sum(quantity) AS quantity FROM reservations GROUP BY article) booked USING (article)
      LEFT JOIN stock USING (article)
      LEFT JOIN (SELECT article, count(number) AS taken, count(*) AS pieces FROM pieces GROUP BY article) pieces
        USING (article)
      WHERE coalesce(booked.quantity, 0) > given.stock
        OR coalesce(booked.quantity, 0) <> coalesce(stock.reserved, pieces.taken)
        OR given.stock <> coalesce(stock.free + stock.reserved, pieces.pieces))::int AS wrong`;

/** Of each order one event, and in that of a reserved one the whole order with exactly the lines that are reserved. */
const events = `
  SELECT count(*)::int AS events, count(DISTINCT key)::int AS keys,
    count(*) FILTER (WHERE type = '${OrderReserved.type}' AND whole)::int AS reserved,
    count(*) FILTER (WHERE type = '${OrderShort.type}' AND lines = 0)::int AS refused
  FROM (SELECT key, headers ->> 'ce_type' AS type, booked.lines,
          data::jsonb #>> '{order,number}' = key AND data::jsonb #>> '{order,consignee,name}' IS NOT NULL
            AND jsonb_array_length(data::jsonb #> '{order,lines}') = booked.lines AS whole
        FROM outbox, LATERAL (SELECT count(*) AS lines FROM reservations WHERE number = key) booked) told`;

/** Throws unless every order was decided once, with all rows that belong to it. */
export async function auditRival(
  kind: RivalKind,
  { events: withEvents, workload }: Task,
  stock: Map<string, number>,
  database: OwnDatabase,
  orders: number,
): Promise<Audit> {
  await database.client.query('CREATE INDEX ON reservations (number)');
  await database.client.query('ANALYZE reservations');
  const found = await database.one<{ inbox: number; reserved: number; lines: number; wrong: number }>(
    counts,
    [[...stock.keys()], [...stock.values()]],
  );
  const told = await database.one<{ events: number; keys: number; reserved: number; refused: number }>(
    events,
  );
  const refused = refusedOf(workload, orders, stock);
  const reserved = orders - refused;
  let lines = 0;
  for (let at = 0; at < orders; at += 1) lines += workload.wants(at).length;
  requireEqual(
    kind,
    { ...found, told },
    {
      inbox: orders,
      reserved,
      lines: lines - refused,
      wrong: 0,
      told: withEvents
        ? { events: orders, keys: orders, reserved, refused }
        : { events: 0, keys: 0, reserved: 0, refused: 0 },
    },
  );
  return { orders, reserved, refused, inbox: found.inbox, events: told.events };
}
