import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { eventually, testDatabase, type TestDatabase } from '@samlast/test-stack';
import type { DataSource } from 'typeorm';
import { BusCatalogue } from '../catalogue.ts';
import { noCounts } from '../progress.ts';
import { Retention } from '../retention.ts';
import { SideConnection } from '../side-connection.ts';
import { catalogue, Parcels, Weights } from '../testing/parcels.ts';
import { openSchema, startTestService } from '../testing/test-service.ts';
import { EmbeddedTransport } from './embedded-transport.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const topics = [Parcels, { ...Weights, cleanup: 'compact' as const }];
let database: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  database = await testDatabase();
  source = await openSchema(database.url, 'parcels');
});
afterAll(async () => {
  await source.destroy();
  await database.drop();
});

it('deletes what is older than it is kept, but never the newest of a compacted key, an open letter or an unread inbox', async () => {
  const options = {
    group: 'g',
    source: 's',
    bus: { kind: 'embedded', topicPrefix: '' } as const,
    log: quiet,
  };
  const side = new SideConnection(source, quiet);
  const all = new BusCatalogue('g', { ...catalogue, topics });
  const transport = new EmbeddedTransport(source, all, options, side, noCounts());
  await transport.prepare();
  await source.query(`
    INSERT INTO bus.log (topic, partition, "offset", id, key, headers, data, at)
    SELECT topic, 0, n, gen_random_uuid(), key, '{}', n, now() - interval '2 days' * (n % 2)
      FROM (VALUES ('wms.parcels.v1'), ('wms.weights.v1')) t(topic),
           (VALUES (0, 'A'), (1, 'A'), (2, 'A'), (3, 'B')) r(n, key)`);
  await source.query(`
    INSERT INTO inbox (id, at) SELECT gen_random_uuid(), now() - make_interval(days => d) FROM (VALUES (36), (38)) t(d)`);
  await source.query(`
    INSERT INTO dead_letters (message_id, state, topic, partition, "offset", headers, code, reason, parked_at, settled_at)
    SELECT gen_random_uuid(), state, 't', 0, 0, '{}', 'c', 'r', now() - interval '90 days', settled
      FROM (VALUES ('parked', NULL), ('handled', now() - interval '36 days'), ('discarded', now() - interval '34 days'))
        t(state, settled)`);
  await new Retention(source, transport, quiet).prune();
  expect(await source.query('SELECT topic, "offset" FROM bus.log ORDER BY 1, 2')).toEqual([
    { topic: 'wms.parcels.v1', offset: '0' },
    { topic: 'wms.parcels.v1', offset: '2' },
    { topic: 'wms.weights.v1', offset: '0' },
    { topic: 'wms.weights.v1', offset: '2' },
    { topic: 'wms.weights.v1', offset: '3' },
  ]);
  expect(await source.query(`SELECT extract(day FROM now() - at)::int AS days FROM inbox`)).toEqual([
    { days: 36 },
  ]);
  expect(await source.query('SELECT state FROM dead_letters ORDER BY id')).toEqual([
    { state: 'parked' },
    { state: 'discarded' },
  ]);
});

it('moves a cursor past a partition whose messages have all been deleted', async () => {
  await source.query(
    `UPDATE bus.partitions SET next_offset = 7 WHERE topic = 'wms.parcels.v1' AND partition = 1`,
  );
  const service = await startTestService({ url: database.url, bus: { kind: 'embedded', topicPrefix: '' } });
  try {
    await eventually(async () => {
      const [cursor] = await source.query(
        `SELECT next_offset FROM bus.cursors WHERE topic = 'wms.parcels.v1' AND partition = 1`,
      );
      return cursor?.next_offset === '7';
    });
    expect(service.progress.fault()).toBeUndefined();
  } finally {
    await service.close();
  }
});

it('refuses to start on a log whose partitions differ from the contracts', async () => {
  const grown = { ...Parcels, partitions: 5 };
  const starting = startTestService({
    url: database.url,
    bus: { kind: 'embedded', topicPrefix: '' },
    catalogue: { ...catalogue, topics: [grown, Weights] },
  });
  await expect(starting).rejects.toThrow(/wms\.parcels\.v1 has 3 partitions.*key decides the partition/);
});
