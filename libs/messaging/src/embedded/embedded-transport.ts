import type { DataSource, EntityManager } from 'typeorm';
import type { BusCatalogue } from '../catalogue.ts';
import { describe } from '../failure.ts';
import type { MessagingOptions } from '../options.ts';
import type { ProgressCounts } from '../progress.ts';
import type { SideConnection } from '../side-connection.ts';
import {
  type Announce,
  type Outgoing,
  type Position,
  type Settler,
  Stopped,
  Superseded,
  type Transport,
} from '../transport.ts';
import { asColumns } from './columns.ts';
import { Lanes } from './lanes.ts';
import { fenceOf, type Stretch, Take, type Reach } from './take.ts';

const CHANNEL = 'samlast_bus';
const POLL_MS = 1_000;

/** The log in the database that all services share. An append is a row of the log, so there is no relay. */
export class EmbeddedTransport implements Transport {
  readonly death = undefined;
  readonly trouble = undefined;
  private readonly prefix: string;
  private readonly lanes = new Map<string, Lanes>();
  /** Topics with news, whose batches begin once the words that came with them are heard. */
  private readonly woken = new Set<Lanes>();
  private readonly timers = new Map<Lanes, NodeJS.Timeout>();
  private readonly works = new Set<Promise<void>>();
  private readonly stop = new AbortController();
  private settler: Settler | undefined;
  private poll: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;

  constructor(
    private readonly source: DataSource,
    private readonly catalogue: BusCatalogue,
    private readonly options: MessagingOptions,
    private readonly side: SideConnection,
    private readonly counts: ProgressCounts,
  ) {
    this.prefix = options.bus.topicPrefix;
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

  async append(tx: EntityManager, outgoing: Outgoing[]): Promise<Announce> {
    if (outgoing.length === 0) return () => {};
    const ends: Reach[] = await tx.query(
      'SELECT * FROM bus.write($1, $2, $3, $4, $5, $6, $7, $8, $9)',
      asColumns(outgoing, this.prefix),
    );
    return this.announcing(outgoing, ends);
  }

  async consume(topics: string[], settler: Settler): Promise<void> {
    const names = topics.map((topic) => this.prefix + topic);
    for (const name of names) this.lanes.set(name, new Lanes(name));
    this.settler = settler;
    await this.source.query(
      `INSERT INTO bus.cursors (consumer_group, topic, partition)
       SELECT $1, topic, partition FROM bus.partitions WHERE topic = ANY ($2) ORDER BY 2, 3 ON CONFLICT DO NOTHING`,
      [this.group, names],
    );
    await this.side.listen(CHANNEL, (word) => this.hear(word));
    this.poll = setInterval(() => this.look(), POLL_MS);
    this.look();
  }

  async positions(): Promise<Position[]> {
    const rows: { topic: string; partition: number; next: string; end: string }[] = await this.source.query(
      `SELECT c.topic, c.partition, c.next_offset AS next, p.next_offset AS end
         FROM bus.cursors c JOIN bus.partitions p USING (topic, partition)
        WHERE c.consumer_group = $1 AND c.topic = ANY ($2)`,
      [this.group, [...this.lanes.keys()]],
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
    for (const timer of this.timers.values()) clearTimeout(timer);
    await this.looking;
    await Promise.all(this.works);
  }

  async close(): Promise<void> {}

  private get group(): string {
    return this.prefix + this.options.group;
  }

  /** Tells the others, and ourselves, how far the partitions reach: then nobody has to look. */
  private announcing(outgoing: Outgoing[], ends: readonly Reach[]): Announce {
    return () => {
      this.counts.published += outgoing.length;
      const words = ends.map(({ topic, partition, next_offset }) => `${topic}/${partition}/${next_offset}`);
      if (words.length > 0) this.side.ring(CHANNEL, words);
      for (const word of words) this.hear(word);
    };
  }

  /** A word is topic/partition/end. */
  private hear(word: string): void {
    const [topic = '', partition, end] = word.split('/');
    const lanes = this.lanes.get(topic);
    if (!lanes || !end) return;
    lanes.hear(Number(partition), BigInt(end));
    this.wake(lanes);
  }

  /** Looks where messages wait; while a look is under way it is enough, since the next poll is near. */
  private look(): void {
    this.looking ??= this.lookOnce().finally(() => {
      this.looking = undefined;
    });
  }

  private async lookOnce(): Promise<void> {
    try {
      const waiting: { topic: string; partition: number; next: string; end: string }[] =
        await this.source.query(
          `SELECT c.topic, c.partition, c.next_offset AS next, p.next_offset AS end
           FROM bus.cursors c JOIN bus.partitions p USING (topic, partition)
          WHERE c.consumer_group = $1 AND c.topic = ANY ($2) AND p.next_offset > c.next_offset`,
          [this.group, [...this.lanes.keys()]],
        );
      for (const { topic, partition, next, end } of waiting) {
        const lanes = this.lanes.get(topic);
        lanes?.see(partition, BigInt(next), BigInt(end));
        if (lanes) this.wake(lanes);
      }
    } catch (error) {
      const reason = describe(error);
      this.options.log.debug('the log cannot be looked at, the next poll tries again', { reason });
    }
  }

  /** Later in this turn of the event loop, so that what is heard together becomes one batch. */
  private wake(lanes: Lanes): void {
    if (this.stop.signal.aborted || this.woken.has(lanes)) return;
    this.woken.add(lanes);
    setImmediate(() => {
      this.woken.delete(lanes);
      this.begin(lanes);
    });
  }

  private begin(lanes: Lanes): void {
    if (this.stop.signal.aborted) return;
    const { batches, againInMs } = lanes.due(performance.now());
    for (const partitions of batches) {
      const work = this.work(lanes, partitions).finally(() => this.works.delete(work));
      this.works.add(work);
    }
    clearTimeout(this.timers.get(lanes));
    if (againInMs !== undefined) {
      const timer = setTimeout(() => this.begin(lanes), againInMs);
      this.timers.set(lanes, timer);
    }
  }

  /** Settles one batch; where that fails, each of its partitions apart, so that a fault holds up its own only. */
  private async work(lanes: Lanes, partitions: readonly number[]): Promise<void> {
    const ride = lanes.begin(partitions, performance.now());
    const take = new Take(
      this.group,
      this.prefix,
      lanes.topic,
      partitions,
      (tx, moves, outgoing) => this.settleAt(tx, lanes.topic, moves, outgoing),
      lanes.size,
      () => [...this.lanes.values()].some((others) => others !== lanes && others.hasNews()),
    );
    let apart: Stretch[] = [];
    let error: unknown;
    try {
      error = await this.settler?.takeIn(take, this.stop.signal);
      if (error !== undefined) apart = take.stretches.filter(({ batch }) => batch.length > 0);
      if (error !== undefined && apart.length === 0) this.report(lanes.topic, error);
    } catch (thrown) {
      this.report(lanes.topic, thrown);
    }
    const reached = new Map(
      error === undefined ? take.stretches.map(({ partition, to }) => [partition, to]) : [],
    );
    lanes.finish(ride, reached, performance.now(), new Set(apart.map(({ partition }) => partition)));
    this.wake(lanes);
    await Promise.all(
      apart.map((stretch) => this.settleApart(lanes, stretch, apart.length === 1 ? error : undefined)),
    );
  }

  private async settleApart(lanes: Lanes, stretch: Stretch, known: unknown): Promise<void> {
    try {
      const fence = fenceOf(this.group, lanes.topic, stretch);
      await this.settler?.settle(stretch.batch, fence, this.stop.signal, known);
    } catch (error) {
      this.report(lanes.topic, error);
    }
    lanes.free(stretch.partition, stretch.to);
    this.wake(lanes);
  }

  private async settleAt(
    tx: EntityManager,
    topic: string,
    moves: readonly Stretch[],
    outgoing: Outgoing[],
  ): Promise<Announce> {
    const ends: Reach[] = await tx.query(
      'SELECT * FROM bus.leave($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)',
      [
        this.group,
        topic,
        moves.map(({ partition }) => partition),
        moves.map(({ to }) => String(to)),
        ...asColumns(outgoing, this.prefix),
      ],
    );
    return this.announcing(outgoing, ends);
  }

  private report(topic: string, error: unknown): void {
    if (error instanceof Stopped || error instanceof Superseded) return;
    const reason = describe(error);
    this.options.log.warn('a batch cannot be settled, the next poll tries again', { topic, reason });
  }
}
