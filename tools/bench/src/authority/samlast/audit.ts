import { ChannelOrders, OrderRejected, OrderReserved, OrderShort, StockOrders } from '@samlast/contracts';
import { type Audit, requireEqual, type Task } from '../contestant.ts';
import type { OwnDatabase } from '../own-database.ts';
import { refusedOf } from '../workloads.ts';

/**
 * The lines of rejected orders are kept as well, so only those of reserved ones count. `wrong` are articles whose
 * pieces are not those of their reservations, or of which more are reserved than there were. `unsettled` are
 * messages that no cursor has passed.
 */
const counts = `
  SELECT (SELECT count(*) FROM orders)::int AS orders,
    (SELECT count(*) FROM orders WHERE state = 'reserved')::int AS reserved,
    (SELECT count(*) FROM orders WHERE state = 'rejected')::int AS refused,
    (SELECT count(*) FROM revisions JOIN orders ON orders.id = order_id WHERE state = 'reserved')::int AS lines,
    (SELECT count(*) FROM dead_letters)::int AS parked,
    (SELECT sum(p.next_offset - c.next_offset) FROM bus.cursors c JOIN bus.partitions p USING (topic, partition)
      WHERE c.consumer_group = 'stock-authority' AND topic = '${ChannelOrders.name}')::int AS unsettled,
    (SELECT sum(next_offset) FROM bus.cursors
      WHERE consumer_group = 'stock-authority' AND topic = '${ChannelOrders.name}')::int AS settled,
    (SELECT count(*) FROM unnest($1::text[], $2::bigint[]) AS given (article, stock)
      LEFT JOIN articles ON articles.number = article
      LEFT JOIN (SELECT article_id, sum(quantity) AS quantity
                 FROM revisions JOIN orders ON orders.id = order_id WHERE state = 'reserved' GROUP BY article_id) booked
        ON booked.article_id = articles.id
      WHERE coalesce(booked.quantity, 0) > given.stock * 1000
        OR coalesce(booked.quantity, 0) IS DISTINCT FROM articles.taken_low
        OR given.stock * 1000 IS DISTINCT FROM articles.sellable)::int AS wrong`;

/** What a round's own figures are made of, and not what it is judged by. */
const asides = `
  SELECT (SELECT count(*) FROM inbox)::int AS inbox,
    (SELECT count(DISTINCT received_at) FROM orders)::int AS batches`;

/**
 * Of each order one event, and in that of a reserved one the whole order as it was placed; of a rejected one
 * two, in ours.
 */
const events = `
  SELECT count(*)::int AS events,
    count(*) FILTER (WHERE told.headers ->> 'ce_type' = '${OrderReserved.type}'
      AND (told.data::jsonb -> 'order') = placed.data::jsonb)::int AS reserved,
    count(DISTINCT told.key) FILTER (WHERE told.headers ->> 'ce_type' = '${OrderReserved.type}')::int AS different,
    count(DISTINCT told.key) FILTER (WHERE told.headers ->> 'ce_type' = '${OrderShort.type}')::int AS short,
    count(DISTINCT told.key) FILTER (WHERE told.headers ->> 'ce_type' = '${OrderRejected.type}')::int AS rejected
  FROM bus.messages told JOIN bus.log placed ON placed.topic = '${ChannelOrders.name}' AND placed.key = told.key
  WHERE told.topic = '${StockOrders.name}'`;

/**
 * Throws unless every order was decided once, with all rows that belong to it; and unless the authority's own
 * `verify` finds the same when it folds its ledger.
 */
export async function auditSamlast(
  { events: withEvents, workload }: Task,
  stock: Map<string, number>,
  database: OwnDatabase,
  orders: number,
  url: string,
): Promise<Audit> {
  await database.client.query('SET search_path = stock_authority');
  await database.client.query('ANALYZE');
  const values = [[...stock.keys()], [...stock.values()]];
  const found = await database.one(counts, values);
  const told = await database.one<{ events: number }>(events);
  const refused = refusedOf(workload, orders, stock);
  const reserved = orders - refused;
  let lines = 0;
  for (let at = 0; at < orders; at += 1) lines += workload.wants(at).length;
  const none = { events: 0, reserved: 0, different: 0, short: 0, rejected: 0 };
  requireEqual(
    'samlast',
    { ...found, told, verified: await verified(url) },
    {
      orders,
      reserved,
      refused,
      lines: lines - refused,
      parked: 0,
      unsettled: 0,
      settled: orders,
      wrong: 0,
      told: withEvents
        ? {
            events: reserved + 2 * refused,
            reserved,
            different: reserved,
            short: refused,
            rejected: refused,
          }
        : none,
      verified: true,
    },
  );
  const { inbox, batches } = await database.one<{ inbox: number; batches: number }>(asides);
  // A cursor alone may keep batches from being taken twice; an inbox that holds some of them would keep nothing.
  if (inbox > 0 && inbox < orders) throw new Error(`samlast's inbox holds ${inbox} of ${orders} orders.`);
  return { orders, reserved, refused, inbox, events: told.events, batches };
}

async function verified(url: string): Promise<unknown> {
  const response = await fetch(`${url}/ops/verify`, { method: 'POST' });
  return ((await response.json()) as { agrees?: boolean }).agrees;
}
