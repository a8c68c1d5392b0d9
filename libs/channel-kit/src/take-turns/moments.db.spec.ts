import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { jumpClock, testDatabase, type TestDatabase } from '@samlast/test-stack';
import { openDatabase } from '@samlast/service';
import type { DataSource } from 'typeorm';
import { migrations } from '../tables/schema.ts';
import { Moments } from './moments.ts';

const HOUR_MS = 3_600_000;

let database: TestDatabase;
let source: DataSource;
let moments: Moments;

beforeAll(async () => {
  database = await testDatabase();
  source = await openDatabase({ url: database.url, schema: 'channel_tt', pool: 2, name: 'test', migrations });
  moments = new Moments(source);
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

it('moments do not follow the clock of the process', async () => {
  const before = await moments.next();
  const back = jumpClock(HOUR_MS);
  const after = await moments.next();
  back();
  expect(after.getTime()).toBeGreaterThan(before.getTime());
  expect(after.getTime() - before.getTime()).toBeLessThan(HOUR_MS);
});

it('moments never go back, though the clock of the database does', async () => {
  await source.query(`UPDATE installation SET moment = clock_timestamp() + interval '1 hour'`);
  const times = [];
  for (let count = 0; count < 3; count++) times.push((await moments.next()).getTime());
  const [first = 0, ...rest] = times;
  expect(first - Date.now()).toBeGreaterThan(HOUR_MS / 2);
  expect(rest).toEqual([first + 1, first + 2]);
});
