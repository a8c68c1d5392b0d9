import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import { textArray } from './text-array.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

it.each([
  { name: 'nothing', values: [] },
  { name: 'quotes, commas, braces and backslashes', values: ['{"a":"b\\"c"}', '\\', ',', '{}', 'NULL', ''] },
  { name: 'nulls', values: [null, 'a', null] },
  { name: 'every script', values: ['Åsa Öberg', '🧶', 'ش', 'x'.repeat(100_000)] },
])('reaches Postgres as it is: $name', async ({ values }) => {
  const [row] = await database.query<{ there: (string | null)[] }>('SELECT $1::text[] AS there', [
    textArray(values),
  ]);
  expect(row?.there).toEqual(values);
});
