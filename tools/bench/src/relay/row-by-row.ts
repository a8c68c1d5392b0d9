import { setTimeout as wait } from 'node:timers/promises';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import type { DataSource } from 'typeorm';

const IDLE_MS = 10;
const BATCH_ROWS = 500;

interface Row {
  position: string;
  topic: string;
  partition: number;
  key: string;
  headers: Record<string, string>;
  data: string;
}

export interface PollerSettings {
  readonly brokers: string[];
  readonly prefix: string;
  /**
   * false: select one row, send it, delete it. true: select 500, send them one by one, delete them
   * together.
   */
  readonly selectsBatches: boolean;
}

/** The relay that most outbox articles show: it never ends, and never has more than one send under way. */
export async function startRowByRow(source: DataSource, settings: PollerSettings): Promise<void> {
  const kafka = new Kafka({ clientId: 'row-by-row', brokers: settings.brokers, logLevel: logLevel.NOTHING });
  const producer = kafka.producer({ idempotent: true, createPartitioner: Partitioners.DefaultPartitioner });
  await producer.connect();
  const limit = settings.selectsBatches ? BATCH_ROWS : 1;
  void poll().catch((error: unknown) => {
    console.error('the poller ended:', error);
    process.exit(1);
  });

  async function poll(): Promise<void> {
    for (;;) {
      const rows: Row[] = await source.query(
        `SELECT position, topic, partition, key, headers, data FROM outbox ORDER BY position LIMIT ${limit}`,
      );
      for (const { topic, partition, key, headers, data } of rows) {
        const messages = [{ key, headers, value: data, partition }];
        await producer.send({ topic: settings.prefix + topic, acks: -1, messages });
      }
      if (rows.length === 0) await wait(IDLE_MS);
      else {
        await source.query('DELETE FROM outbox WHERE position = ANY ($1::bigint[])', [
          rows.map(({ position }) => position),
        ]);
      }
    }
  }
}

/**
 * What `ORDER BY position` needs: the outbox of libs/messaging has its rows in the order of topic and
 * partition.
 */
export const positionIndex = 'CREATE INDEX outbox_position ON outbox (position)';
