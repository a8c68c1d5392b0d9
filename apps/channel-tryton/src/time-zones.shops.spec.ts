import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ReadOrder } from '@samlast/channel-kit';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import { Client } from 'pg';
import { startTryton } from '../../../tools/real-shops/tryton/tryton-erp.mjs';
import { keeperOf } from '../../../tools/real-shops/tryton/tryton-keeper.mjs';
import { config } from './config.ts';
import { trytonShop } from './tryton-shop.ts';

const ARTICLE = 'ART-1';
const MINUTE_MS = 60_000;

let databases: TestDatabase;
let erp: Awaited<ReturnType<typeof startTryton>>;

beforeAll(async () => {
  databases = await testDatabase('shops');
  const options = { code: 'zones', postgres: databases.url, articles: [ARTICLE] };
  erp = await startTryton({ ...options, fresh: true });
});

afterAll(async () => {
  await erp?.process.stop();
  await databases?.drop();
});

/** A new connection has the time zone that its database has from now on; an old one keeps its own. */
async function restartedIn(zone: string): Promise<void> {
  await erp.process.stop();
  await databases.query(`ALTER DATABASE "${erp.database}" SET timezone = '${zone}'`);
  erp = await startTryton({ code: 'zones', postgres: databases.url });
}

/** How far the clock of a common connection to Tryton's database is from UTC. */
async function hoursFromUtc(): Promise<number> {
  const url = Object.assign(new URL(databases.url), { pathname: `/${erp.database}` }).href;
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT extract(epoch FROM localtimestamp - now() AT TIME ZONE 'UTC') / 3600 AS hours`,
    );
    return Number(rows[0].hours);
  } finally {
    await client.end();
  }
}

async function salesSince(time: number): Promise<ReadOrder[]> {
  const settings = config.parse({
    CHANNEL_CODE: 'TT',
    DATABASE_URL: databases.url,
    BUS: 'embedded',
    CHANNELS_FILE: 'none',
    AUTHORITY_URL: 'http://127.0.0.1:9',
    TRYTON_URL: erp.url,
    TRYTON_DATABASE: erp.database,
    TRYTON_USERNAME: erp.channelUser.username,
    TRYTON_PASSWORD: erp.channelUser.password,
    TRYTON_WAREHOUSE_ID: String(erp.warehouse),
  });
  const found: ReadOrder[] = [];
  const since = { changedAt: new Date(time).toISOString(), id: '' };
  for await (const { orders } of trytonShop(settings).changedOrders(since)) found.push(...orders);
  return found;
}

describe('a Tryton whose database is not in UTC', () => {
  it.each([
    ['Pacific/Honolulu', -10],
    ['Asia/Kolkata', 5.5],
  ])(
    'but in %s dates its sales in UTC all the same, when they are made and when they change',
    async (zone, hours) => {
      await restartedIn(zone);
      expect(await hoursFromUtc()).toBe(hours);
      const startedAt = Date.now();
      const keeper = keeperOf(erp);
      const { id } = await keeper.sell(ARTICLE, 1);
      const made = (await salesSince(startedAt - MINUTE_MS)).find((sale) => sale.id === String(id));
      await keeper.touchSale(id);
      const touched = (await salesSince(startedAt - MINUTE_MS)).find((sale) => sale.id === String(id));
      const times = [made, touched].map((sale) => Date.parse(sale?.changedAt ?? ''));
      const placed = made && 'placedAt' in made ? Date.parse(made.placedAt ?? '') : NaN;
      for (const time of [placed, ...times]) {
        expect(time).toBeGreaterThan(startedAt - MINUTE_MS);
        expect(time).toBeLessThan(Date.now() + MINUTE_MS);
      }
      expect(times[1]).toBeGreaterThan(times[0] ?? NaN);
    },
  );
});
