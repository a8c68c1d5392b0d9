import kafkajs, { type Kafka, type Message as KafkaMessage, type Producer } from 'kafkajs';
import type { DataSource } from 'typeorm';
import { sizeOf } from '../encode.ts';
import { describe } from '../failure.ts';
import type { MessagingOptions } from '../options.ts';
import { atMost, backoffMs, pause } from '../pause.ts';
import type { SideConnection } from '../side-connection.ts';
import { type Outgoing, Stopped } from '../transport.ts';

const { Partitioners } = kafkajs;
const CHANNEL = 'samlast_relay';
const POLL_MS = 1_000;
const BATCH_ROWS = 500;
/** A partition's messages of one send are one batch on the wire, and the topic's limit is for that batch. */
const BATCH_SHARE = 0.9;
const DRAIN_MS = 1_000;
/** A leader that moves is away for this long at most. */
const TROUBLE_MS = 30_000;
const GIVE_UP_MS = 300;

interface Row {
  position: string;
  key: string;
  headers: Record<string, string>;
  data: string;
}

interface Lane {
  readonly topic: string;
  readonly partition: number;
}

/** A producer and what is under way with it, so that it is left only when nothing is. */
interface Sender {
  readonly producer: Producer;
  underWay: number;
  retired: boolean;
}

export interface RelaySettings {
  prefix: string;
  maxBytesOf: (topic: string) => number;
  published: (count: number) => void;
  /** Between the acknowledgement of a send and the deletion of its rows; where tests let the process die. */
  onAcknowledged?: () => Promise<void>;
}

/**
 * Publishes the outbox. One per service: whoever holds the advisory lock. kafkajs has lost acknowledged messages with
 * several sends at a time to a partition, and with one send to several partitions: so each partition has its own lane
 * with one send under way, and each send names one partition (traps 21 and 22).
 */
export class Relay {
  private leading = false;
  private schema = '';
  private sender: Sender | undefined;
  private readonly lanes = new Map<string, Promise<void>>();
  private readonly again = new Set<string>();
  /** Since when no send to a lane was acknowledged, and why. */
  private readonly failing = new Map<string, { sinceMs: number; reason: string }>();
  private readonly stop = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    private readonly kafka: Kafka,
    private readonly source: DataSource,
    private readonly side: SideConnection,
    private readonly options: MessagingOptions,
    private readonly settings: RelaySettings,
  ) {}

  async start(): Promise<void> {
    const [row]: { schema: string }[] = await this.source.query('SELECT current_schema() AS schema');
    this.schema = row?.schema ?? '';
    this.side.onLost = () => {
      this.leading = false;
      this.failing.clear();
    };
    await this.side.listen(CHANNEL, (schema) => {
      if (schema === this.schema) this.look();
    });
    this.timer = setInterval(() => this.look(), POLL_MS);
    this.look();
  }

  /** After a commit: the lanes begin at once where this process has the lock, otherwise whoever has it is told. */
  wake(outgoing: readonly Outgoing[]): void {
    if (outgoing.length === 0) return;
    if (!this.leading) this.side.ring(CHANNEL, [this.schema]);
    else for (const { topic, partition } of outgoing) this.begin({ topic, partition });
  }

  /** Why messages do not leave, once that has lasted; undefined while they do. */
  get trouble(): string | undefined {
    for (const [lane, { sinceMs, reason }] of this.failing) {
      if (performance.now() - sinceMs > TROUBLE_MS) return `nothing can be published to ${lane}: ${reason}`;
    }
    return undefined;
  }

  /** Lets go out what is on its way, for a moment at most; the rest stays in the outbox for the next start. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await this.looking;
    const drained = Promise.all(this.lanes.values());
    await atMost(DRAIN_MS, drained);
    this.stop.abort();
    this.leading = false;
    // A send to brokers that are away may take seconds to give up; its rows stay.
    await atMost(GIVE_UP_MS, drained);
    await atMost(
      GIVE_UP_MS,
      this.sender?.producer.disconnect().catch(() => {}),
    );
  }

  /** Takes the lock where it is free, then begins every lane that has rows. */
  private look(): void {
    this.looking = this.looking
      .then(() => this.lookOnce())
      .catch((error) => {
        this.options.log.debug('the outbox cannot be looked at, the next poll tries again', {
          reason: describe(error),
        });
      });
  }

  private async lookOnce(): Promise<void> {
    if (this.stop.signal.aborted) return;
    if (!this.leading) {
      const [row] = await this.side.query<{ held: boolean }>(
        'SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held',
        [`samlast relay ${this.schema}`],
      );
      this.leading = row?.held ?? false;
      if (!this.leading) return;
    }
    // Skips from lane to lane by the primary key, so that a long backlog costs no more than a short one.
    const lanes: Lane[] = await this.source.query(`
      WITH RECURSIVE lane AS (
        (SELECT topic, partition FROM outbox ORDER BY topic, partition LIMIT 1)
        UNION ALL
        SELECT n.topic, n.partition FROM lane l, LATERAL (
          SELECT topic, partition FROM outbox o WHERE (o.topic, o.partition) > (l.topic, l.partition)
           ORDER BY topic, partition LIMIT 1) n
      ) SELECT topic, partition FROM lane`);
    for (const lane of lanes) this.begin(lane);
  }

  private begin(lane: Lane): void {
    const name = `${lane.topic}/${lane.partition}`;
    if (this.stop.signal.aborted) return;
    if (this.lanes.has(name)) {
      this.again.add(name);
      return;
    }
    const work = this.work(lane, name)
      .catch((error) => {
        if (error instanceof Stopped) return;
        this.options.log.warn('the outbox cannot be read, the next poll tries again', {
          ...lane,
          reason: describe(error),
        });
      })
      .finally(() => {
        // Its successor may have begun since: taking that one's place away would let two sends into one partition.
        if (this.lanes.get(name) === work) this.lanes.delete(name);
      });
    this.lanes.set(name, work);
  }

  private async work(lane: Lane, name: string): Promise<void> {
    let sent: Row[] = [];
    while (this.leading) {
      this.again.delete(name);
      const rows = await this.next(lane, sent);
      sent = [];
      for (const batch of this.batches(lane.topic, rows)) {
        await this.send(lane, batch);
        await this.settings.onAcknowledged?.();
        this.settings.published(batch.length);
        sent.push(...batch);
      }
      if (rows.length === 0 && !this.again.has(name)) {
        // In the same breath as the look at `again`, so that no message comes in between unseen.
        this.lanes.delete(name);
        return;
      }
    }
  }

  /** Deletes what is acknowledged and gives what stands behind it: at low rates half of all looks find nothing. */
  private async next({ topic, partition }: Lane, sent: readonly Row[]): Promise<Row[]> {
    return this.source.query(
      `WITH gone AS (DELETE FROM outbox WHERE topic = $1 AND partition = $2 AND position = ANY ($3::bigint[]))
       SELECT position, key, headers, data FROM outbox
        WHERE topic = $1 AND partition = $2 AND position <> ALL ($3::bigint[])
        ORDER BY position LIMIT ${BATCH_ROWS}`,
      [topic, partition, sent.map(({ position }) => position)],
    );
  }

  private batches(topic: string, rows: readonly Row[]): Row[][] {
    const most = this.settings.maxBytesOf(topic) * BATCH_SHARE;
    const batches: Row[][] = [];
    let bytes = Infinity;
    for (const row of rows) {
      const size = sizeOf(row);
      if (bytes + size > most) {
        batches.push([]);
        bytes = 0;
      }
      batches.at(-1)?.push(row);
      bytes += size;
    }
    return batches;
  }

  /**
   * Sends one batch until it is acknowledged. After a failure it goes out with a new producer: the broker may have
   * stored it under a sequence number that the old producer would use again, for other messages perhaps, and those
   * would be lost.
   */
  private async send({ topic, partition }: Lane, rows: readonly Row[]): Promise<void> {
    const lane = `${topic}/${partition}`;
    const name = this.settings.prefix + topic;
    const messages: KafkaMessage[] = rows.map(({ key, headers, data }) => ({
      key,
      headers,
      value: data,
      partition,
    }));
    for (let attempt = 0; ; attempt += 1) {
      if (!this.leading) throw new Stopped('another process has the relay');
      const sender = await this.open(attempt);
      if (!sender) continue;
      sender.underWay += 1;
      try {
        const answers = await sender.producer.send({ topic: name, acks: -1, messages });
        const answer = answers.find((one) => one.topicName === name && one.partition === partition);
        if (answer && answer.errorCode === 0) {
          this.failing.delete(lane);
          return;
        }
        throw new Error('the broker answered without naming the partition');
      } catch (error) {
        this.retire(sender);
        this.fail(lane, error);
        this.options.log.warn('a send was not acknowledged, it is sent again', {
          topic, partition, count: rows.length, attempt: attempt + 1, reason: describe(error),
        }); // prettier-ignore
        await pause(backoffMs(attempt, 50, 2_000), this.stop.signal);
      } finally {
        sender.underWay -= 1;
        if (sender.retired && sender.underWay === 0) sender.producer.disconnect().catch(() => {});
      }
    }
  }

  private fail(lane: string, error: unknown): void {
    const sinceMs = this.failing.get(lane)?.sinceMs ?? performance.now();
    this.failing.set(lane, { sinceMs, reason: describe(error) });
  }

  private retire(sender: Sender): void {
    sender.retired = true;
    if (this.sender === sender) this.sender = undefined;
  }

  private async open(attempt: number): Promise<Sender | undefined> {
    if (this.sender) return this.sender;
    const producer = this.kafka.producer({
      idempotent: true,
      allowAutoTopicCreation: false,
      createPartitioner: Partitioners.DefaultPartitioner,
      retry: { initialRetryTime: 50, maxRetryTime: 1_000, retries: 5 },
    });
    const sender = { producer, underWay: 0, retired: false };
    try {
      await producer.connect();
    } catch (error) {
      this.options.log.warn('the brokers do not answer, the relay tries again', { reason: describe(error) });
      this.fail('the brokers', error);
      await pause(backoffMs(attempt, 100, 2_000), this.stop.signal);
      return undefined;
    }
    if (this.sender) {
      producer.disconnect().catch(() => {});
      return this.sender;
    }
    this.sender = sender;
    this.failing.delete('the brokers');
    return sender;
  }
}
