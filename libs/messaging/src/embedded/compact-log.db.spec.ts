import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import { DataSource } from 'typeorm';
import { embeddedBusMigrations } from '../migrations.ts';
import type { Outgoing } from '../transport.ts';
import { BatchSize } from './batch-size.ts';
import { asColumns } from './columns.ts';
import { Take } from './take.ts';

const TOPIC = 'wms.parcels.v1';
const GROUP = 'g';
let database: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  database = await testDatabase();
  source = new DataSource({ type: 'postgres', url: database.url, migrations: embeddedBusMigrations });
  await source.initialize();
  await source.runMigrations();
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});
beforeEach(async () => {
  await source.query('TRUNCATE bus.log, bus.partitions, bus.cursors');
  await source.query(
    `INSERT INTO bus.partitions (topic, partition) SELECT '${TOPIC}', generate_series(0, 2)`,
  );
  await source.query(`INSERT INTO bus.cursors SELECT '${GROUP}', topic, partition FROM bus.partitions`);
});

let count = 0;

function outgoing(partition: number, data: string, more: Record<string, string> = {}): Outgoing {
  const id = `0198c5c5-1111-7abc-9999-${String((count += 1)).padStart(12, '0')}`;
  const key = `K${count}`;
  const headers = {
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: 'parcel.moved',
    ce_source: 'samlast/å "test"',
    ce_time: '2026-11-26T12:00:00.000Z',
    ce_subject: key,
    'content-type': 'application/json',
    traceparent: '00-0123456789abcdef0123456789abcdef-0123456789abcdef-01',
    ...more,
  };
  return { id, topic: TOPIC, partition, key, headers, data };
}

const write = (messages: Outgoing[]) =>
  source.query('SELECT * FROM bus.write($1, $2, $3, $4, $5, $6, $7, $8, $9)', asColumns(messages, ''));

/** As a service of before the log was compact. */
function putAsBefore({ topic, partition, id, key, headers, data }: Outgoing) {
  return source.query('SELECT * FROM bus.put($1, $2, $3, $4, $5, $6, $7, $8, $9)', [
    [topic], [partition], [1], [1], [1], [id], [key], [JSON.stringify(headers)], [data],
  ]); // prettier-ignore
}

const append = (messages: readonly unknown[]) =>
  source.query('SELECT bus.append($1)', [JSON.stringify(messages)]);

async function taken(partitions: number[]) {
  const take = new Take(
    GROUP,
    '',
    TOPIC,
    partitions,
    async () => () => {},
    new BatchSize(),
    () => false,
  );
  const messages = await source.transaction((tx) => take.read(tx));
  return { messages, stretches: take.stretches };
}

it('reads what was put into it in whichever way, and so does a service of before', async () => {
  const first = outgoing(0, '{"a":"å"}', { samlast_channel: 'SE' });
  const others = [
    outgoing(0, '{"b":1}'),
    outgoing(1, '{"c":1}', { samlast_dead_code: 'x' }),
    outgoing(0, '{}'),
  ];
  const odd = { ...outgoing(0, 'no JSON\n\x1f'), key: null, headers: { ce_type: '\x1f{' } };
  const withPart = { ...outgoing(0, '{}'), key: 'a\x1fb\x1f' };
  await putAsBefore(first);
  await write(others);
  await append([odd, withPart]);
  const expected = [first, others[0], others[2], odd, withPart].map((one, offset) => ({
    topic: TOPIC,
    partition: 0,
    offset: String(offset),
    key: one?.key,
    headers: one?.headers,
    value: one?.data,
  }));
  const { messages, stretches } = await taken([0, 1, 2]);
  expect(messages.filter(({ partition }) => partition === 0)).toEqual(expected);
  expect(messages.filter(({ partition }) => partition === 1).map(({ headers }) => headers)).toEqual([
    others[1]?.headers,
  ]);
  expect(stretches.map(({ partition, from, to }) => [partition, from, to])).toEqual([
    [0, 0n, 5n],
    [1, 0n, 1n],
    [2, 0n, 0n],
  ]);
  const before = await source.query(
    `SELECT "offset", key, headers, data FROM bus.fetch('${GROUP}', '${TOPIC}', '{0}', 9, 9999)`,
  );
  expect(before).toEqual(
    expected.map(({ offset, key, headers, value }) => ({ offset, key, headers, data: value })),
  );
  const shown = await source.query('SELECT headers FROM bus.messages WHERE partition = 0 ORDER BY "offset"');
  expect(shown).toEqual(expected.map(({ headers }) => ({ headers })));
});

const sizes = (stretches: readonly { batch: readonly unknown[] }[]) =>
  stretches.map(({ batch }) => batch.length);

it('takes of each partition as many messages as of the others where there are too many', async () => {
  await write(Array.from({ length: 900 }, (_, at) => outgoing(at % 450 === 0 ? 1 : at % 2 ? 0 : 2, '{}')));
  const { stretches } = await taken([0, 1, 2]);
  expect(sizes(stretches)).toEqual([249, 2, 249]);
  expect(stretches.map(({ to }) => to)).toEqual([249n, 2n, 249n]);
  expect(sizes((await taken([2])).stretches)).toEqual([448]);
});

it('takes no more bytes than fit, but one message however large it is', async () => {
  const large = JSON.stringify('x'.repeat(1_500_000));
  await write([
    outgoing(0, large),
    outgoing(0, large),
    outgoing(0, large),
    outgoing(0, large),
    outgoing(1, '{}'),
  ]);
  const { stretches } = await taken([0, 1]);
  expect(sizes(stretches)).toEqual([3, 1]);
  expect(stretches.map(({ to }) => to)).toEqual([3n, 1n]);
});

it('passes by what was deleted, and waits where nothing is left that could be read', async () => {
  await write([outgoing(0, '{}'), outgoing(0, '{}'), outgoing(1, '{}')]);
  await source.query('DELETE FROM bus.log WHERE partition = 1 OR "offset" = 0');
  const { stretches } = await taken([0, 1, 2]);
  expect(stretches.map(({ partition, to, batch }) => [partition, to, batch.length])).toEqual([
    [0, 2n, 1],
    [1, 1n, 0],
    [2, 0n, 0],
  ]);
});

it('refuses messages for a partition that the log does not have', async () => {
  await expect(write([outgoing(7, '{}')])).rejects.toThrow('does not have all of');
});
