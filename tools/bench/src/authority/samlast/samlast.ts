import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ChannelOrders, StockObserved, StockOrders, WmsStock } from '@samlast/contracts';
import { startProcess, type StartedProcess } from '@samlast/test-stack';
import type { Client } from 'pg';
import type { Stage } from '../../benchmark.ts';
import { layOutFor, secondsUntil, until } from '../../paused.ts';
import { processorTime, since } from '../../processor-time.ts';
import type { Audit, AuthorityContestant, Offered, Running, Taken, Task } from '../contestant.ts';
import { delays, seenAt, type Place } from '../delays.ts';
import { connect, OwnDatabase } from '../own-database.ts';
import { placedOrders, stockFor } from '../workloads.ts';
import { auditSamlast } from './audit.ts';
import { EmbeddedLog } from './embedded-log.ts';
import { look, looksFrom } from './watch.ts';

const OFFER_EVERY_MS = 1;

/** The stock authority itself, as an installation on the embedded log runs it. */
export const samlast: AuthorityContestant = {
  name: 'samlast',
  start: (stage, task) => Samlast.start(stage, task),
};

/** The authority's process on a database; the address under which it answers stands in its log. */
export async function startAuthority(
  stage: Stage,
  databaseUrl: string,
  env: Record<string, string> = {},
): Promise<{ process: StartedProcess; url: string }> {
  const channels = join(stage.folder, 'authority-channels.json');
  await writeFile(channels, JSON.stringify({ channels: ['SE', 'EU'].map(channel) }));
  const process = await startProcess({
    // As docker-compose.yml runs it.
    args: [
      '--max-semi-space-size=64',
      '--import',
      './tools/typescript.mjs',
      'apps/stock-authority/src/main.ts',
    ],
    env: {
      DATABASE_URL: databaseUrl,
      BUS: 'embedded',
      CHANNELS_FILE: channels,
      LOG_LEVEL: 'info',
      SERVICE_PORT: undefined,
      SERVICE_TOKENS: undefined,
      TOPIC_PREFIX: undefined,
      ...env,
    },
    ready: /"url":"(http[^"]+)".*"msg":"ready"/,
  });
  return { process, url: process.readyMatch?.[1] ?? '' };
}

/** An order that cannot be covered is rejected at once, as the rivals reject it. Claims have no limit that counts. */
const channel = (code: string) => ({
  code,
  kind: 'http',
  orderType: { code: 'B2C' },
  startAt: '2020-01-01T00:00:00Z',
  shortPolicy: 'reject',
  claimsMost: 1_000_000,
});

/** What the warehouse has, as the gateway tells it. */
export function stockEvents(stock: Map<string, number>) {
  const at = new Date().toISOString();
  return [...stock].map(([article, pieces]) =>
    StockObserved.of({
      article,
      status: 'active',
      sellable: String(pieces),
      started: 1,
      ended: 2,
      inFlight: [],
      at,
    }),
  );
}

class Samlast implements Running {
  private constructor(
    private readonly task: Task,
    private readonly stock: Map<string, number>,
    private readonly database: OwnDatabase,
    private readonly others: { bell: Client; watcher: Client },
    private readonly log: EmbeddedLog,
    private readonly process: StartedProcess,
    private readonly url: string,
  ) {}

  static async start(stage: Stage, task: Task): Promise<Samlast> {
    const database = await OwnDatabase.make(stage);
    let authority: StartedProcess | undefined;
    try {
      const stock = stockFor(task.workload, task.most);
      const { process, url } = await startAuthority(stage, database.url);
      authority = process;
      const others = { bell: await connect(database.url), watcher: await connect(database.url) };
      const log = new EmbeddedLog(database.client, others.bell);
      if (!task.events) await log.dropWhatServicesPut();
      const running = new Samlast(task, stock, database, others, log, process, url);
      await log.append(log.rowsOf(stockEvents(stock), 'samlast/wms-gateway'));
      await until(running.settled, process);
      return running;
    } catch (error) {
      await authority?.stop();
      await database.drop();
      throw error;
    }
  }

  async take(first: number, count: number): Promise<Taken> {
    const rows = this.log.rowsOf(placedOrders(this.task.workload, first, count), 'samlast/channel-se');
    const beganAt = await layOutFor(this.process, async () => {
      await this.log.append(rows);
      await this.database.client.query('CHECKPOINT');
    });
    const before = processorTime(this.process.pid);
    const seconds = await secondsUntil(this.settled, beganAt, this.process);
    return { seconds, processor: since(before, processorTime(this.process.pid)) };
  }

  async offer(first: number, count: number, perSecond: number): Promise<Offered> {
    const orders = placedOrders(this.task.workload, first, count);
    const rows = this.log.rowsOf(orders, 'samlast/channel-se');
    const { watcher } = this.others;
    const before = await look(watcher, StockOrders.name);
    const watching = looksFrom(watcher, StockOrders.name, before, count);
    watching.catch(() => {});
    const beganAt = performance.now();
    for (let sent = 0; sent < count;) {
      const due = Math.min(count, 1 + Math.floor(((performance.now() - beganAt) * perSecond) / 1_000));
      if (due > sent) await this.log.append(rows.slice(sent, due));
      else await wait(OFFER_EVERY_MS);
      sent = due;
    }
    const reached = count / ((performance.now() - beganAt) / 1_000);
    const looks = await watching;
    const seen = seenAt(await this.eventsSince(before.ends), looks);
    return { perSecond: reached, delaysMs: delays(await this.offeredAt(orders.map(({ key }) => key)), seen) };
  }

  audit(orders: number): Promise<Audit> {
    return auditSamlast(this.task, this.stock, this.database, orders, this.url);
  }

  async stop(): Promise<void> {
    await this.process.stop();
    await Promise.all([this.others.bell.end(), this.others.watcher.end()]);
    await this.database.drop();
  }

  /** Its cursors stand at the ends of what it is told. */
  private readonly settled = async (): Promise<boolean> => {
    const { left } = await this.database.one<{ left: number }>(
      `SELECT coalesce(sum(p.next_offset - coalesce(c.next_offset, 0)), 0)::int AS left
       FROM bus.partitions p LEFT JOIN bus.cursors c
         ON c.topic = p.topic AND c.partition = p.partition AND c.consumer_group = 'stock-authority'
       WHERE p.topic = ANY ($1)`,
      [[ChannelOrders.name, WmsStock.name]],
    );
    return left === 0;
  };

  /** The events of orders from these offsets on. */
  private async eventsSince(from: readonly number[]): Promise<Place[]> {
    const { rows } = await this.database.client.query<Place>(
      `SELECT key, l.partition, l."offset"::float8 AS offset
       FROM unnest($2::bigint[]) WITH ORDINALITY AS since (first, place)
       JOIN bus.log l ON l.topic = $1 AND l.partition = place - 1 AND l."offset" >= first`,
      [StockOrders.name, from],
    );
    return rows;
  }

  /**
   * When each order could be taken: the beginning of the transaction that put it into the log, on the
   * database's clock; so the delay also holds the append and its commit.
   */
  private async offeredAt(keys: string[]): Promise<Map<string, number>> {
    const { rows } = await this.database.client.query<{ key: string; at: number }>(
      `SELECT key, extract(epoch FROM at)::float8 * 1000 AS at FROM bus.log WHERE topic = $1 AND key = ANY ($2)`,
      [ChannelOrders.name, keys],
    );
    return new Map(rows.map(({ key, at }) => [key, at]));
  }
}
