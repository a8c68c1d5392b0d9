import type { DataSource, EntityManager } from 'typeorm';
import type { BusCatalogue } from '../catalogue.ts';
import { describe } from '../failure.ts';
import type { MessagingOptions } from '../options.ts';
import { Turnstile } from '../pause.ts';
import type { ProgressCounts } from '../progress.ts';
import type { SideConnection } from '../side-connection.ts';
import {
  type Fence,
  type Outgoing,
  type Position,
  type RawMessage,
  type Settle,
  Stopped,
  Superseded,
  type Transport,
} from '../transport.ts';

const CHANNEL = 'samlast_bus';
const POLL_MS = 1_000;
const BATCH_ROWS = 500;
const BATCH_BYTES = 4_000_000;

interface Lane {
  readonly topic: string;
  readonly partition: number;
}

/** The log in the database that all services share. An append is a row of the log, so there is no relay. */
export class EmbeddedTransport implements Transport {
  readonly death = undefined;
  readonly trouble = undefined;
  private readonly prefix: string;
  private readonly lanes: Turnstile;
  private readonly busy = new Map<string, Promise<void>>();
  /** Busy lanes in which more has come meanwhile. */
  private readonly again = new Set<string>();
  private readonly stop = new AbortController();
  private topics: string[] = [];
  private settle: Settle | undefined;
  private poll: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private lookAgain = false;

  constructor(
    private readonly source: DataSource,
    private readonly catalogue: BusCatalogue,
    private readonly options: MessagingOptions,
    private readonly side: SideConnection,
    private readonly counts: ProgressCounts,
  ) {
    this.prefix = options.bus.topicPrefix;
    this.lanes = new Turnstile(options.concurrency ?? 4);
  }

  async prepare(): Promise<void> {
    const wanted = [...this.catalogue.topics.values()].flatMap(({ name, partitions }) =>
      Array.from({ length: partitions }, (_, partition) => ({ topic: this.prefix + name, partition })),
    );
    const values = [wanted.map(({ topic }) => topic), wanted.map(({ partition }) => partition)];
    const differing: { topic: string; count: number }[] = await this.source.query(
      `SELECT p.topic, count(*)::int AS count FROM bus.partitions p
        WHERE p.topic = ANY ($1) GROUP BY p.topic
       HAVING count(*) <> (SELECT count(*) FROM unnest($1::text[]) w WHERE w = p.topic)`,
      [values[0]],
    );
    if (differing.length > 0) {
      const list = differing.map(({ topic, count }) => `${topic} has ${count} partitions`).join(', ');
      throw new Error(
        `The embedded log differs from the contracts: ${list}. The number of partitions is fixed for good, because the ` +
          'key decides the partition: set libs/contracts/src/topics.ts back, or begin with an empty database.',
      );
    }
    await this.source.query(
      'INSERT INTO bus.partitions (topic, partition) SELECT * FROM unnest($1::text[], $2::int[]) ORDER BY 1, 2 ' +
        'ON CONFLICT DO NOTHING',
      values,
    );
  }

  /** What was appended is published. */
  async publish(): Promise<void> {}

  async append(tx: EntityManager, outgoing: Outgoing[]): Promise<void> {
    if (outgoing.length === 0) return;
    const messages = outgoing.map((message) => ({ ...message, topic: this.prefix + message.topic }));
    await tx.query('SELECT bus.append($1)', [JSON.stringify(messages)]);
  }

  wake(outgoing: Outgoing[]): void {
    if (outgoing.length === 0) return;
    this.counts.published += outgoing.length;
    const topics = new Set(outgoing.map(({ topic }) => this.prefix + topic));
    this.side.ring(CHANNEL, topics);
    if (this.topics.some((topic) => topics.has(topic))) this.look();
  }

  async consume(topics: string[], settle: Settle): Promise<void> {
    this.topics = topics.map((topic) => this.prefix + topic);
    this.settle = settle;
    await this.source.query(
      `INSERT INTO bus.cursors (consumer_group, topic, partition)
       SELECT $1, topic, partition FROM bus.partitions WHERE topic = ANY ($2) ORDER BY 2, 3 ON CONFLICT DO NOTHING`,
      [this.group, this.topics],
    );
    const heard = new Set(this.topics);
    await this.side.listen(CHANNEL, (topic) => {
      if (heard.has(topic)) this.look();
    });
    this.poll = setInterval(() => this.look(), POLL_MS);
    this.look();
  }

  async positions(): Promise<Position[]> {
    const rows: { topic: string; partition: number; next: string; end: string }[] = await this.source.query(
      `SELECT c.topic, c.partition, c.next_offset AS next, p.next_offset AS end
         FROM bus.cursors c JOIN bus.partitions p USING (topic, partition)
        WHERE c.consumer_group = $1 AND c.topic = ANY ($2)`,
      [this.group, this.topics],
    );
    return rows.map(({ topic, partition, next, end }) => ({
      topic: topic.slice(this.prefix.length),
      partition,
      next: BigInt(next),
      end: BigInt(end),
    }));
  }

  async unsent(): Promise<number> {
    return 0;
  }

  /** Deletes what is older than its topic keeps; of a compacted topic only what a newer message of its key replaces. */
  async prune(): Promise<void> {
    for (const { name, retentionMs, cleanup } of this.catalogue.topics.values()) {
      const replaced = `AND EXISTS (SELECT 1 FROM bus.log n WHERE n.topic = l.topic AND n.partition = l.partition
                                     AND n.key = l.key AND n."offset" > l."offset")`;
      await this.source.query(
        `DELETE FROM bus.log l WHERE topic = $1 AND at < now() - make_interval(secs => $2)
          ${cleanup === 'compact' ? replaced : ''}`,
        [this.prefix + name, retentionMs / 1000],
      );
    }
  }

  async stopConsuming(): Promise<void> {
    this.stop.abort();
    clearInterval(this.poll);
    await this.looking;
    await Promise.all(this.busy.values());
  }

  async close(): Promise<void> {}

  private get group(): string {
    return this.prefix + this.options.group;
  }

  /** Looks where messages wait; calls during a look are one more look after it. */
  private look(): void {
    this.lookAgain = true;
    this.looking ??= this.lookAll().finally(() => {
      this.looking = undefined;
      if (this.lookAgain && !this.stop.signal.aborted) this.look();
    });
  }

  private async lookAll(): Promise<void> {
    while (this.lookAgain && !this.stop.signal.aborted) {
      this.lookAgain = false;
      try {
        const waiting: Lane[] = await this.source.query(
          `SELECT c.topic, c.partition FROM bus.cursors c JOIN bus.partitions p USING (topic, partition)
            WHERE c.consumer_group = $1 AND c.topic = ANY ($2) AND p.next_offset > c.next_offset`,
          [this.group, this.topics],
        );
        for (const lane of waiting) this.begin(lane);
      } catch (error) {
        this.options.log.debug('the log cannot be looked at, the next poll tries again', {
          reason: describe(error),
        });
        return;
      }
    }
  }

  private begin(lane: Lane): void {
    const name = `${lane.topic}/${lane.partition}`;
    if (this.busy.has(name)) {
      this.again.add(name);
      return;
    }
    const work = this.work(lane, name)
      .catch((error) => {
        if (error instanceof Stopped || error instanceof Superseded) return;
        this.options.log.warn('a partition cannot be read, the next poll tries again', {
          ...lane,
          reason: describe(error),
        });
      })
      .finally(() => this.busy.delete(name));
    this.busy.set(name, work);
  }

  /** Settles batch after batch until nothing waits in the partition. */
  private async work(lane: Lane, name: string): Promise<void> {
    while (!this.stop.signal.aborted) {
      this.again.delete(name);
      const read = await this.lanes.pass(() => this.read(lane));
      if (read) await this.settle?.(read.batch, this.fence(lane, read.from, read.to), this.stop.signal);
      else if (!this.again.has(name)) {
        // In the same breath as the look at `again`, so that no message comes in between unseen.
        this.busy.delete(name);
        return;
      }
    }
  }

  private async read(lane: Lane): Promise<{ batch: RawMessage[]; from: string; to: string } | undefined> {
    const { topic, partition } = lane;
    const [place]: { from: string; end: string }[] = await this.source.query(
      `SELECT c.next_offset AS from, p.next_offset AS end
         FROM bus.cursors c JOIN bus.partitions p USING (topic, partition)
        WHERE c.consumer_group = $1 AND c.topic = $2 AND c.partition = $3`,
      [this.group, topic, partition],
    );
    if (!place || place.from === place.end) return undefined;
    const rows: {
      offset: string;
      key: string | null;
      headers: Record<string, string>;
      data: string | null;
    }[] = await this.source.query('SELECT * FROM bus.read($1, $2, $3, $4, $5)', [
      topic,
      partition,
      place.from,
      BATCH_ROWS,
      BATCH_BYTES,
    ]);
    const last = rows.at(-1);
    return {
      batch: rows.map(({ offset, key, headers, data }) => ({
        topic: topic.slice(this.prefix.length),
        partition,
        offset,
        key,
        headers,
        value: data,
      })),
      from: place.from,
      // Without a row everything up to the end has been pruned.
      to: last ? String(BigInt(last.offset) + 1n) : place.end,
    };
  }

  /** The cursor's row is the right to work on the partition, and moves with the effects. */
  private fence({ topic, partition }: Lane, from: string, to: string): Fence {
    const row = [this.group, topic, partition];
    return {
      enter: async (tx) => {
        const [cursor]: { next_offset: string }[] = await tx.query(
          `SELECT next_offset FROM bus.cursors
            WHERE consumer_group = $1 AND topic = $2 AND partition = $3 FOR UPDATE SKIP LOCKED`,
          row,
        );
        if (cursor?.next_offset !== from) throw new Superseded('another member has moved the cursor');
      },
      leave: async (tx) => {
        await tx.query(
          `UPDATE bus.cursors SET next_offset = $4 WHERE consumer_group = $1 AND topic = $2 AND partition = $3`,
          [...row, to],
        );
      },
    };
  }
}
