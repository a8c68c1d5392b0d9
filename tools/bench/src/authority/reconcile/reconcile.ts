import { setTimeout as wait } from 'node:timers/promises';
import { ChannelOrders, StockOrders, WmsStock } from '@samlast/contracts';
import type { Client } from 'pg';
import type { Outcome, Stage } from '../../benchmark.ts';
import { until } from '../../paused.ts';
import { figure } from '../../table.ts';
import { requireEqual } from '../contestant.ts';
import { connect, OwnDatabase } from '../own-database.ts';
import { EmbeddedLog } from '../samlast/embedded-log.ts';
import { startAuthority } from '../samlast/samlast.ts';
import { look } from '../samlast/watch.ts';
import { placedOrders } from '../workloads.ts';
import { longestGaps } from './gaps.ts';
import { Warehouse } from './warehouse.ts';

const PER_SECOND = 1_000;
const OFFER_EVERY_MS = 2;

/**
 * The warehouse is read from the first article to the last while orders come at a steady pace. Some orders are in what
 * it says and some are not, and some articles are counted otherwise than they were thought to be.
 */
export async function reconcile(stage: Stage): Promise<Outcome> {
  const articles = stage.quick ? 10_000 : 100_000;
  const warehouse = new Warehouse(articles);
  const database = await OwnDatabase.make(stage);
  const { process, url } = await startAuthority(stage, database.url);
  const [bell, watcher, reader] = await Promise.all([0, 1, 2].map(() => connect(database.url)));
  try {
    const log = new EmbeddedLog(database.client, bell as Client);
    const byGateway = new EmbeddedLog(reader as Client, bell as Client);
    stage.say(`  reconcile: ${articles} articles are told for the first time`);
    await log.append(log.rowsOf(warehouse.firstRead(), 'samlast/wms-gateway'));
    await until(settled(database, [WmsStock.name]), process);

    const early = placedOrders(warehouse.workload, 0, articles / 20);
    await log.append(log.rowsOf(early, 'samlast/channel-se'));
    await until(settled(database, [ChannelOrders.name]), process);
    const lines = await reserved(database);
    await log.append(log.rowsOf(warehouse.accept(lines), 'samlast/wms-gateway'));
    await until(settled(database, [WmsStock.name]), process);
    await database.client.query('CHECKPOINT');

    stage.say('  reconcile: and are read again while orders come');
    const rows = byGateway.rowsOf(warehouse.secondRead(), 'samlast/wms-gateway');
    let over = false;
    const beganAt = performance.now();
    let readS = 0;
    const reading = byGateway
      .append(rows)
      .then(() => until(settled(database, [WmsStock.name]), process))
      .then(() => (readS = (performance.now() - beganAt) / 1_000))
      .finally(() => (over = true));
    const decided = watch(watcher as Client, () => over);
    const orders = await offer(log, warehouse, early.length, () => over);
    await reading;
    const gaps = longestGaps(await decided);
    await until(settled(database, [ChannelOrders.name, WmsStock.name]), process);
    const found = await audit(database, url, warehouse, early.length + orders);
    const figures = { articles, readS, orders, perSecond: orders / readS, ...gaps, ...found };
    return { tables: [tableOf(figures)], figures };
  } finally {
    await process.stop();
    await Promise.all([bell, watcher, reader].map((client) => client?.end()));
    await database.drop();
  }
}

/** Orders at a steady pace until it is over; answers how many. */
async function offer(log: EmbeddedLog, warehouse: Warehouse, first: number, over: () => boolean) {
  const beganAt = performance.now();
  let sent = 0;
  while (!over()) {
    const due = 1 + Math.floor(((performance.now() - beganAt) * PER_SECOND) / 1_000);
    if (due > sent) {
      const orders = placedOrders(warehouse.workload, first + sent, due - sent);
      await log.append(log.rowsOf(orders, 'samlast/channel-se'));
      sent = due;
    } else await wait(OFFER_EVERY_MS);
  }
  return sent;
}

/** When more decisions about orders were seen than before, on the database's clock. */
async function watch(watcher: Client, over: () => boolean): Promise<number[]> {
  const times: number[] = [];
  for (let reach = 0; !over();) {
    const { at, ends } = await look(watcher, StockOrders.name);
    const now = ends.reduce((total, end) => total + end, 0);
    if (now > reach) times.push(at);
    reach = now;
    await wait(1);
  }
  return times;
}

const settled = (database: OwnDatabase, topics: string[]) => async () => {
  const { left } = await database.one<{ left: number }>(
    `SELECT coalesce(sum(p.next_offset - coalesce(c.next_offset, 0)), 0)::int AS left
     FROM bus.partitions p LEFT JOIN bus.cursors c
       ON c.topic = p.topic AND c.partition = p.partition AND c.consumer_group = 'stock-authority'
     WHERE p.topic = ANY ($1)`,
    [topics],
  );
  return left === 0;
};

async function reserved(database: OwnDatabase): Promise<{ number: string; article: string }[]> {
  const { rows } = await database.client.query<{ number: string; article: string }>(
    `SELECT orders.number, articles.number AS article FROM stock_authority.orders
     JOIN stock_authority.revisions ON order_id = orders.id JOIN stock_authority.articles ON articles.id = article_id
     WHERE state = 'reserved' ORDER BY orders.id`,
  );
  return rows;
}

/**
 * From the tables: no article is promised more often than it is there, and what is free of it is what is there less
 * what is promised. And the authority's own verify agrees.
 */
async function audit(database: OwnDatabase, url: string, { pieces }: Warehouse, orders: number) {
  const found = await database.one<{ reserved: number; rejected: number }>(
    `WITH booked AS (
       SELECT article_id, sum(quantity) AS quantity FROM stock_authority.revisions
       JOIN stock_authority.orders ON orders.id = order_id WHERE state = 'reserved' GROUP BY article_id),
     each AS (
       SELECT 1000 * there AS there, coalesce(quantity, 0) AS booked, sellable - taken_low AS free
       FROM unnest($1::text[], $2::bigint[]) AS given (article, there)
       LEFT JOIN stock_authority.articles ON number = article LEFT JOIN booked ON article_id = articles.id)
     SELECT (SELECT count(*) FROM each)::int AS articles,
       (SELECT sum(greatest(0, booked - there)) / 1000 FROM each)::int AS oversold,
       (SELECT sum(abs(coalesce(free, 1000000) - (there - booked))) / 1000 FROM each)::int AS wrong,
       (SELECT count(*) FROM stock_authority.orders WHERE state = 'reserved')::int AS reserved,
       (SELECT count(*) FROM stock_authority.orders WHERE state = 'rejected')::int AS rejected,
       (SELECT count(*) FROM stock_authority.dead_letters)::int AS parked`,
    [[...pieces.keys()], [...pieces.values()]],
  );
  const response = await fetch(`${url}/ops/verify`, { method: 'POST' });
  const { agrees } = (await response.json()) as { agrees?: boolean };
  const { reserved: yes, rejected: no, ...rest } = found;
  requireEqual(
    'the reconciliation',
    { ...rest, decided: yes + no, agrees },
    { articles: pieces.size, oversold: 0, wrong: 0, parked: 0, decided: orders, agrees: true },
  );
  return found;
}

interface Figures {
  readonly articles: number;
  readonly readS: number;
  readonly perSecond: number;
  readonly longestMs: number;
  readonly p99Ms: number;
  readonly rejected: number;
}

function tableOf({ articles, readS, perSecond, longestMs, p99Ms, rejected }: Figures) {
  return {
    title: `authority: ${articles} articles read anew while orders come`,
    columns: ['', ''],
    rows: [
      ['the read, from its first article to the last one counted', `${figure(readS)} s`],
      ['articles a second', figure(articles / readS)],
      ['orders a second meanwhile', figure(perSecond)],
      ['longest time without a decision about an order', `${figure(longestMs)} ms`],
      ['99 of 100 decisions come within', `${figure(p99Ms)} ms of the one before`],
      ['orders that were rejected', String(rejected)],
      ['pieces promised that are not there', '0'],
      ['pieces by which any figure is wrong at the end', '0'],
    ],
    note: 'The last two are audited from the tables: a round in which one is not 0 fails.',
  };
}
