import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import { bigintArray, booleanArray, intArray, uuidArray } from './fixed-array.ts';

let database: TestDatabase;

beforeAll(async () => {
  database = await testDatabase();
});
afterAll(() => database.drop());

const edges = [
  '0',
  '1',
  '-1',
  '4294967296',
  '-4294967297',
  '9007199254740993',
  '-9223372036854775808',
  '9223372036854775807',
];
const uuid = '0198c5c5-1111-7abc-9999-a1b2c3d4e5f6';

it.each([
  { type: 'bigint', array: bigintArray([]), texts: [] },
  { type: 'bigint', array: bigintArray(edges), texts: edges },
  { type: 'bigint', array: bigintArray(edges.map(BigInt)), texts: edges },
  {
    type: 'bigint',
    array: bigintArray([null, 7, null, -(2 ** 40)]),
    texts: [null, '7', null, '-1099511627776'],
  },
  {
    type: 'int',
    array: intArray([0, null, -2_147_483_648, 2_147_483_647]),
    texts: ['0', null, '-2147483648', '2147483647'],
  },
  { type: 'boolean', array: booleanArray([true, false, null]), texts: ['true', 'false', null] },
  { type: 'uuid', array: uuidArray([uuid, null, uuid.toUpperCase()]), texts: [uuid, null, uuid] },
])('reaches Postgres as it is: $type[] of $texts', async ({ type, array, texts }) => {
  const [row] = await database.query<{ there: (string | null)[] }>(
    `SELECT ($1::${type}[])::text[] AS there`,
    [array],
  );
  expect(row?.there).toEqual(texts);
});

it('takes nothing that is not of its type', () => {
  expect(() => bigintArray(['1.5'])).toThrow();
  expect(() => bigintArray(['one'])).toThrow();
  expect(() => bigintArray([2n ** 63n])).toThrow();
  expect(() => intArray([2 ** 31])).toThrow();
  expect(() => uuidArray(['0198c5c5'])).toThrow('is not a UUID');
  expect(() => uuidArray(['zz98c5c5-1111-7abc-9999-a1b2c3d4e5f6'])).toThrow('is not a UUID');
});
