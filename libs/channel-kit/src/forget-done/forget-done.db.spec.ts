import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Log, openDatabase } from '@samlast/service';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import type { DataSource } from 'typeorm';
import { Inbound1764400000100, TellReturns1764500000100 } from '../announce-inbound/inbound.migration.ts';
import { migrations } from '../tables/schema.ts';
import { ForgetDone } from './forget-done.ts';

let database: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  database = await testDatabase();
  source = await openDatabase({
    url: database.url,
    schema: 'channel_tt',
    pool: 2,
    name: 'test',
    migrations: [...migrations, Inbound1764400000100, TellReturns1764500000100],
  });
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

it('calls to the shop and claims are kept while something may still ask for them', async () => {
  await source.query(
    `INSERT INTO shop_orders (id, shop_number, state, changed_at) VALUES ('o1', '1', 'imported', now())`,
  );
  await source.query(`
    INSERT INTO jobs (order_id, key, kind, payload, state, ended_at) VALUES
      ('o1', 'old', 'note', '{}', 'done', now() - interval '38 days'),
      ('o1', 'new', 'note', '{}', 'done', now() - interval '36 days'),
      ('o1', 'refused', 'note', '{}', 'parked', now() - interval '99 days'),
      ('o1', 'waits', 'note', '{}', 'waiting', NULL)`);
  await source.query(`
    INSERT INTO inbound (kind, id, shop_number, state, revision, changed_at, digest)
    VALUES ('return', 'r1', 'R1', 'announced', 1, now(), '')`);
  await source.query(`
    INSERT INTO inbound_calls (kind, inbound_id, key, news, state, ended_at) VALUES
      ('return', 'r1', 'old', '{}', 'done', now() - interval '38 days'),
      ('return', 'r1', 'new', '{}', 'done', now() - interval '36 days'),
      ('return', 'r1', 'refused', '{}', 'parked', now() - interval '99 days')`);
  await source.query(`
    INSERT INTO claims (key, state, ends_at) VALUES ('old', 'ordered', now() - interval '38 days'),
      ('new', 'released', now() - interval '36 days'), ('open', 'confirmed', now() - interval '99 days')`);
  await new ForgetDone(source, undefined as unknown as Log).forget();
  const left = async (table: string) =>
    (await source.query<{ key: string }[]>(`SELECT key FROM ${table} ORDER BY key`)).map(({ key }) => key);
  expect(await left('jobs')).toEqual(['new', 'refused', 'waits']);
  expect(await left('inbound_calls')).toEqual(['new', 'refused']);
  expect(await left('claims')).toEqual(['new', 'open']);
});
