import { testPrefix, type TestDatabase } from '@samlast/test-stack';
import { partitionOf } from '../partition.ts';
import type { Bus, Logged } from './bed.ts';
import { catalogue } from './parcels.ts';
import { openSchema } from './test-service.ts';

const made = new Map<string, Promise<void>>();

/** Makes the log once per database. */
function migrated({ url }: TestDatabase): Promise<void> {
  const before = made.get(url);
  if (before) return before;
  const now = openSchema(url, 'sender').then((source) => source.destroy());
  made.set(url, now);
  return now;
}

/** The embedded log of the test's database, under a prefix of its own. */
export async function embeddedBus(database: TestDatabase): Promise<Bus> {
  const topicPrefix = testPrefix();
  await migrated(database);
  await database.query(
    `INSERT INTO bus.partitions (topic, partition)
     SELECT $1 || topic, partition FROM unnest($2::text[], $3::int[]) AS t(topic, count), generate_series(0, count - 1) AS partition`,
    [
      topicPrefix,
      catalogue.topics.map(({ name }) => name),
      catalogue.topics.map(({ partitions }) => partitions),
    ],
  );
  return {
    options: { kind: 'embedded', topicPrefix },
    async send(messages) {
      const rows = messages.map(({ topic, key, headers, value }) => ({
        topic: topicPrefix + topic,
        partition: key === null ? 0 : partitionOf(key, 3),
        id: '00000000-0000-7000-8000-000000000000',
        key,
        headers,
        data: value === null ? null : String(value).replaceAll('\0', '\u0001'),
      }));
      const ends = await database.query<{ word: string }>(
        `SELECT topic || '/' || partition || '/' || next_offset AS word FROM bus.append($1)`,
        [JSON.stringify(rows)],
      );
      await database.query(`SELECT pg_notify('samlast_bus', $1)`, [ends.map(({ word }) => word).join(' ')]);
    },
    async log(topic) {
      const rows = await database.query<Omit<Logged, 'value'> & { data: string | null }>(
        `SELECT partition, "offset", key, headers, data FROM bus.messages WHERE topic = $1 ORDER BY partition, "offset"`,
        [topicPrefix + topic],
      );
      return rows.map(({ data, ...row }) => ({ ...row, value: data }));
    },
    async groups() {
      const rows = await database.query<{ name: string }>(
        'SELECT DISTINCT consumer_group AS name FROM bus.cursors WHERE starts_with(topic, $1)',
        [topicPrefix],
      );
      return rows.map(({ name }) => name);
    },
    close: async () => {},
  };
}
