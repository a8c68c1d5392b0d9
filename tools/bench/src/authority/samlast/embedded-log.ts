import type { Event, Topic } from '@samlast/contracts';
import { topics } from '@samlast/contracts';
import { Partitioners } from 'kafkajs';
import type { Client } from 'pg';
import { headersOf } from '../../order-messages.ts';

const APPEND_ROWS = 1_000;
const partitioner = Partitioners.DefaultPartitioner();

/** A message as a text that `bus.append` takes; made beforehand, so that offering it costs next to nothing. */
export type LogRow = string;

/** The embedded log from outside: appended to as a channel or the gateway does, and rung for as they do. */
export class EmbeddedLog {
  constructor(
    private readonly writer: Client,
    private readonly bell: Client,
  ) {}

  rowsOf(events: readonly Event[], source: string): LogRow[] {
    const time = new Date().toISOString();
    return events.map((event) => {
      const headers = headersOf(event, source, time);
      const { topic, key, data } = event;
      const row = { topic, partition: partitionOf(topic, key), id: headers.ce_id, key, headers };
      return JSON.stringify({ ...row, data: JSON.stringify(data) });
    });
  }

  /** Commits the messages and lets the others hear of them. */
  async append(rows: readonly LogRow[]): Promise<void> {
    const words: string[] = [];
    for (let from = 0; from < rows.length; from += APPEND_ROWS) {
      const ends = await this.writer.query<{ topic: string; partition: number; next_offset: string }>({
        name: 'append',
        text: `SELECT topic, partition, next_offset FROM bus.append($1)`,
        values: [`[${rows.slice(from, from + APPEND_ROWS).join(',')}]`],
      });
      for (const { topic, partition, next_offset } of ends.rows) {
        words.push(`${topic}/${partition}/${next_offset}`);
      }
    }
    const newest = new Map(words.map((word) => [word.slice(0, word.lastIndexOf('/')), word]));
    await this.bell.query("SELECT pg_notify('samlast_bus', $1)", [[...newest.values()].join(' ')]);
  }

  /**
   * From now on the log drops what services put into it, and takes only what is appended here. So there is a
   * decision without events though the service knows nothing of it: it goes on making and sending them.
   */
  async dropWhatServicesPut(): Promise<void> {
    await this.writer.query(`
      CREATE OR REPLACE FUNCTION bus.write(
        topics text[], partitions int[], counts bigint[],
        targets int[], places int[], ids uuid[], keys text[], heads text[], datas text[])
      RETURNS TABLE (topic text, partition int, next_offset bigint) LANGUAGE plpgsql AS 'BEGIN END'`);
  }
}

/** As Kafka's own clients choose it, on whichever transport. */
function partitionOf(topic: string, key: string): number {
  const { partitions } = topics.find(({ name }) => name === topic) as Topic;
  const partitionMetadata = Array.from({ length: partitions }, (_, partitionId) => ({
    partitionErrorCode: 0,
    partitionId,
    leader: 0,
    replicas: [0],
    isr: [0],
  }));
  return partitioner({ topic, partitionMetadata, message: { key, value: null } });
}
