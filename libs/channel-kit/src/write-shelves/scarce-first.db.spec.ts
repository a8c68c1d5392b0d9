import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openDatabase } from '@samlast/service';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import type { DataSource } from 'typeorm';
import { migrations } from '../tables/schema.ts';
import { keepLevels, recordShelves, wantedShelves } from './shelf-book.ts';

let server: TestDatabase;
let database: DataSource;
beforeAll(async () => {
  server = await testDatabase();
  const { url } = server;
  database = await openDatabase({ url, schema: 'channel_se', pool: 2, name: 'test', migrations });
});
afterAll(async () => {
  await database.destroy();
  await server.drop();
});

it('looks at the shelves with the fewest pieces first, and then at those that have waited longest', async () => {
  const level = (article: string, pieces: number) =>
    database.transaction((tx) => keepLevels(tx, [{ article, version: 1, level: BigInt(pieces) * 1000n }]));
  await level('MANY', 900);
  await level('FEW, FIRST', 2);
  await level('NONE', 0);
  await level('FEW, SECOND', 2);
  const order: string[] = [];
  for (let rows = await wantedShelves(database, 2, 0); rows.length > 0;) {
    order.push(...rows.map(({ article }) => article));
    const done = rows.map(({ article, wanted }) => ({ article, done: wanted }));
    await database.transaction((tx) => recordShelves(tx, done));
    rows = await wantedShelves(database, 2, 0);
  }
  expect(order).toEqual(['NONE', 'FEW, FIRST', 'FEW, SECOND', 'MANY']);
});
