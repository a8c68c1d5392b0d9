import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import { openDatabase } from '@samlast/service';
import { jumpClock, testDatabase, type TestDatabase } from '@samlast/test-stack';
import type { DataSource } from 'typeorm';
import { type Config, LEASE_MOST_MS } from './config.ts';
import { Leadership } from './leadership.ts';
import { service } from './service.ts';

const HOUR_MS = 3_600_000;
const config = { ONGOING_GOODS_OWNER_ID: 1, LEASE_MS: 3_500 } as Config;

let database: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  database = await testDatabase();
  const { migrations } = service;
  source = await openDatabase({
    url: database.url,
    schema: 'wms_gateway',
    pool: 2,
    name: 'test',
    migrations,
  });
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

let back = () => {};
afterEach(async () => {
  back();
  back = () => {};
  await source.query('DELETE FROM writer_lease');
});

const expiresInS = async () => {
  const [row] = await source.query<{ seconds: string }[]>(
    'SELECT extract(epoch FROM expires_at - clock_timestamp()) AS seconds FROM writer_lease',
  );
  return Number(row?.seconds);
};

it('a writer whose clock jumps forwards holds its lease for over, and one whose clock jumps back does not hold it longer', async () => {
  const leadership = new Leadership(source, config);
  const term = await leadership.take();
  expect(term?.mayStart()).toBe(true);
  back = jumpClock(HOUR_MS);
  expect(term?.mayStart()).toBe(false);
  back();
  back = jumpClock(-HOUR_MS);
  expect(term?.mayStart()).toBe(true);
  expect(await expiresInS()).toBeLessThan(4);
});

it('a lease that the clock of the database has left far ahead is over when the longest one would be', async () => {
  const [holder, next] = [new Leadership(source, config), new Leadership(source, config)];
  await holder.take();
  await source.query(`UPDATE writer_lease SET expires_at = expires_at + interval '1 day'`);
  expect(await next.take()).toBeUndefined();
  const left = await expiresInS();
  expect(left).toBeLessThanOrEqual(LEASE_MOST_MS / 1_000);
  expect(left).toBeGreaterThan(LEASE_MOST_MS / 1_000 - 10);
});

it('a holder that still works keeps its lease by renewing it', async () => {
  const leadership = new Leadership(source, config);
  const term = await leadership.take();
  await source.query(`UPDATE writer_lease SET expires_at = expires_at + interval '1 day'`);
  expect(term && (await leadership.renew(term))).toBe(true);
  expect(await expiresInS()).toBeLessThan(4);
});
