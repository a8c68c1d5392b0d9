import type { Admin, Consumer, EachBatchPayload, Kafka, KafkaMessage } from 'kafkajs';
import type { DataSource, EntityManager } from 'typeorm';
import type { BusCatalogue } from '../catalogue.ts';
import { describe } from '../failure.ts';
import type { KafkaOptions, MessagingOptions } from '../options.ts';
import { atMost, pause } from '../pause.ts';
import type { ProgressCounts } from '../progress.ts';
import type { SideConnection } from '../side-connection.ts';
import {
  type Announce,
  type Outgoing,
  type Position,
  type RawMessage,
  type Settler,
  Stopped,
  type Transport,
} from '../transport.ts';
import { kafkaClient } from './client.ts';
import { OffsetCommits } from './offset-commits.ts';
import { Relay } from './relay.ts';
import { Rides } from './rides.ts';
import { checkTopics, prefixed } from './topics.ts';

const SESSION_TIMEOUT_MS = 10_000;
const REBALANCE_TIMEOUT_MS = 60_000;
/** How long a fetch waits for the first message; also how long a shutdown may wait for that fetch. */
const FETCH_WAIT_MS = 100;
const SLICE_MESSAGES = 500;
const RETRY_MS = 1_000;
/** How long the other partitions of a broker may wait for one. */
const PATIENCE_MS = 250;
/** How long a shutdown waits for handlers before it leaves without their offsets. */
const LEAVE_MS = 5_000;
const DISCONNECT_MS = 1_500;

/** A partition with a batch in work. */
interface Lane {
  readonly topic: string;
  readonly partition: number;
  /** Aborted when the partition has gone to another member. */
  readonly left: AbortController;
  readonly work: Promise<void>;
}

/** Consumes by kafkajs's eachBatch, publishes by the outbox and its relay. */
export class KafkaTransport implements Transport {
  death: string | undefined;
  private readonly prefix: string;
  private readonly kafka: Kafka;
  private readonly admin: Admin;
  private readonly relay: Relay;
  private readonly stop = new AbortController();
  private readonly lanes = new Map<string, Lane>();
  private readonly commits: OffsetCommits;
  private consumer: Consumer | undefined;
  private topics: string[] = [];
  /** The partitions of the last join; undefined until there was one. */
  private assigned: Record<string, number[]> | undefined;

  constructor(
    private readonly source: DataSource,
    private readonly catalogue: BusCatalogue,
    private readonly options: MessagingOptions & { bus: KafkaOptions },
    side: SideConnection,
    counts: ProgressCounts,
  ) {
    this.prefix = options.bus.topicPrefix;
    this.kafka = kafkaClient(options.bus, options.group, options.log);
    this.admin = this.kafka.admin();
    this.commits = new OffsetCommits(options.log);
    this.relay = new Relay(this.kafka, source, side, options, {
      prefix: this.prefix,
      maxBytesOf: (topic) => catalogue.topic(topic).maxMessageBytes,
      published: (count) => {
        counts.published += count;
      },
    });
  }

  async prepare(): Promise<void> {
    try {
      await this.admin.connect();
    } catch (error) {
      const brokers = this.options.bus.brokers.join(', ');
      throw new Error(`Kafka does not answer at ${brokers}: check KAFKA_BROKERS, and that it runs.`, {
        cause: error,
      });
    }
    await checkTopics(this.admin, prefixed(this.catalogue.topics.values(), this.prefix));
  }

  publish(): Promise<void> {
    return this.relay.start();
  }

  async append(tx: EntityManager, outgoing: Outgoing[]): Promise<Announce> {
    if (outgoing.length === 0) return () => {};
    await tx.query(
      `INSERT INTO outbox (topic, partition, id, key, headers, data)
       SELECT m.topic, m.partition, m.id, m.key, m.headers, m.data
         FROM json_to_recordset($1::json)
           AS m(topic text, partition int, id uuid, key text, headers json, data text)`,
      [JSON.stringify(outgoing)],
    );
    return () => this.relay.wake(outgoing);
  }

  async consume(topics: string[], settler: Settler): Promise<void> {
    this.topics = topics.map((topic) => this.prefix + topic);
    if (topics.length === 0) return;
    const { sessionTimeoutMs = SESSION_TIMEOUT_MS } = this.options.bus;
    const consumer = this.kafka.consumer({
      groupId: this.prefix + this.options.group,
      sessionTimeout: sessionTimeoutMs,
      rebalanceTimeout: REBALANCE_TIMEOUT_MS,
      heartbeatInterval: sessionTimeoutMs / 5,
      maxWaitTimeInMs: FETCH_WAIT_MS,
      maxBytesPerPartition: 1_048_576,
      maxBytes: 8_388_608,
      allowAutoTopicCreation: false,
      retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
    });
    this.consumer = consumer;
    consumer.on(consumer.events.GROUP_JOIN, ({ payload }) => {
      this.assigned = payload.memberAssignment;
      for (const { topic, partition, left } of this.lanes.values()) {
        if (!payload.memberAssignment[topic]?.includes(partition)) left.abort();
      }
    });
    consumer.on(consumer.events.CRASH, ({ payload: { error, restart } }) => {
      const detail = { group: this.options.group, reason: describe(error) };
      // kafkajs calls it a crash too when a broker that has just started is not ready yet, and tries again.
      if (restart) return this.options.log.warn('the consumer starts again', detail);
      this.options.log.error('the consumer crashed', detail);
      this.death = `the consumer died and does not come back by itself: ${detail.reason}`;
    });
    await consumer.connect();
    await consumer.subscribe({ topics: this.topics, fromBeginning: true });
    const rides = new Rides(settler, (tx, outgoing) => this.append(tx, outgoing));
    await consumer.run({
      autoCommit: false,
      eachBatchAutoResolve: false,
      partitionsConsumedConcurrently: this.partitions,
      eachBatch: (payload) => this.eachBatch(payload, rides),
    });
  }

  async positions(): Promise<Position[]> {
    if (this.topics.length === 0) return [];
    const groupId = this.prefix + this.options.group;
    const committed = await this.admin.fetchOffsets({ groupId, topics: this.topics });
    const positions: Position[] = [];
    for (const { topic, partitions } of committed) {
      const ends = await this.admin.fetchTopicOffsets(topic);
      for (const { partition, offset } of partitions) {
        const log = ends.find((one) => one.partition === partition);
        if (!log || (this.assigned && !this.assigned[topic]?.includes(partition))) continue;
        const low = BigInt(log.low);
        const next = BigInt(offset) > low ? BigInt(offset) : low;
        positions.push({ topic: topic.slice(this.prefix.length), partition, next, end: BigInt(log.high) });
      }
    }
    return positions;
  }

  get trouble(): string | undefined {
    return this.relay.trouble;
  }

  async unsent(): Promise<number> {
    const [row]: { count: number }[] = await this.source.query('SELECT count(*)::int AS count FROM outbox');
    return row?.count ?? 0;
  }

  /** Kafka prunes its own log. */
  async prune(): Promise<void> {}

  async stopConsuming(): Promise<void> {
    this.stop.abort();
    await atMost(LEAVE_MS, Promise.all([...this.lanes.values()].map(({ work }) => work)));
    await atMost(
      DISCONNECT_MS,
      this.consumer?.disconnect().catch(() => {}),
    );
  }

  async close(): Promise<void> {
    await this.relay.close();
    await atMost(
      DISCONNECT_MS,
      this.admin.disconnect().catch(() => {}),
    );
  }

  private get partitions(): number {
    return this.topics.reduce(
      (sum, topic) => sum + this.catalogue.topic(topic.slice(this.prefix.length)).partitions,
      0,
    );
  }

  /**
   * kafkajs fetches nothing more from a broker until all batches of the last fetch are through, so one slow partition
   * would hold up the others, and the heartbeats with them (traps 6 and 8). So a batch that takes longer goes on
   * beside it, with its partition paused. Never throws: an error that is not kafkajs's own would end its consumer for
   * good (trap 2).
   */
  private async eachBatch(payload: EachBatchPayload, rides: Rides): Promise<void> {
    const { topic, partition } = payload.batch;
    const name = `${topic}/${partition}`;
    if (this.stop.signal.aborted) return;
    const other = this.lanes.get(name);
    if (other) {
      // Of before a restart of the consumer. Without a breath the same batch would be fetched as fast as it can be.
      await atMost(PATIENCE_MS, other.work);
      return;
    }
    const left = new AbortController();
    const work = this.work(payload, rides, left.signal);
    const lane: Lane = { topic, partition, left, work: work.finally(() => this.lanes.delete(name)) };
    this.lanes.set(name, lane);
    await atMost(PATIENCE_MS, lane.work);
    if (!this.lanes.has(name)) return;
    const resume = payload.pause();
    void lane.work.finally(resume);
  }

  /** Settles a batch slice by slice and moves the group's offset after each. */
  private async work(payload: EachBatchPayload, rides: Rides, left: AbortSignal): Promise<void> {
    const stop = AbortSignal.any([this.stop.signal, left]);
    const { batch, isStale, resolveOffset } = payload;
    const { topic, partition } = batch;
    for (let from = 0; from < batch.messages.length; from += SLICE_MESSAGES) {
      if (stop.aborted || isStale()) return;
      const slice = batch.messages.slice(from, from + SLICE_MESSAGES);
      try {
        const raw = slice.map((message) => this.raw(topic, partition, message));
        await rides.board(raw, stop);
        // Another member has the partition, and may be further by now: its offset must not go back.
        if (left.aborted) return;
        const last = slice.at(-1)?.offset ?? '0';
        resolveOffset(last);
        await this.commits.commit(payload, String(BigInt(last) + 1n), stop);
      } catch (failure) {
        if (failure instanceof Stopped) return;
        this.options.log.error('a batch could not be settled, it is fetched again', {
          topic,
          partition,
          reason: describe(failure),
        });
        await pause(RETRY_MS, stop).catch(() => {});
        return;
      }
    }
  }

  private raw(topic: string, partition: number, message: KafkaMessage): RawMessage {
    const headers: Record<string, string> = {};
    for (const [name, value] of Object.entries(message.headers ?? {})) {
      const first = Array.isArray(value) ? value[0] : value;
      if (first !== undefined) headers[storable(name)] = storable(first.toString());
    }
    return {
      topic: topic.slice(this.prefix.length),
      partition,
      offset: message.offset,
      key: message.key === null ? null : storable(message.key.toString()),
      headers,
      value: message.value,
    };
  }
}

/**
 * Postgres has no place for a NUL in a text, and a message that cannot be parked would hold up its partition for
 * ever.
 */
function storable(text: string): string {
  return text.replaceAll('\0', '\uFFFD');
}
