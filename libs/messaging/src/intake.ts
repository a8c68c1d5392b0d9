import type { DataSource, EntityManager } from 'typeorm';
import type { Fault } from './decode.ts';
import { describe, isOutage } from './failure.ts';
import { anyApart, claim, type Claimed, look } from './letters.ts';
import type { MessagingOptions } from './options.ts';
import { backoffMs, pause, type Turn, Turnstile } from './pause.ts';
import type { ProgressCounts } from './progress.ts';
import {
  type Announce,
  type Fence,
  type RawMessage,
  type Settler,
  Stopped,
  Superseded,
  type Taking,
  type Transport,
} from './transport.ts';
import { Unprocessable } from './unprocessable.ts';
import { type Entry, keyOf, reasonOf, type Work } from './work.ts';

const OUTAGE_FIRST_MS = 100;
const OUTAGE_MOST_MS = 10_000;

/** What one transaction leaves to be done after its commit. */
interface Done {
  readonly counts: Partial<ProgressCounts>;
  readonly announce: Announce;
}

/** Tells which of a batch's messages are new. */
type Claiming = (tx: EntityManager, entries: readonly Entry[]) => Promise<Claimed<Entry>>;

/** A message that failed alone, and how often. */
interface Suspect {
  readonly item: Entry;
  error: unknown;
}

/**
 * Takes batches in: one transaction for inbox, effects and outbox; halves a failing batch down to the message to
 * blame.
 */
export class Intake implements Settler {
  private readonly turns: Turnstile;
  /** One more than may be settled, so that the next batch is read and checked while one is written. */
  private readonly readers: Turnstile;
  private readonly tries: number;
  private readonly delaysMs: number[];
  /** Why batches are being tried again just now, per partition, for the health check. */
  readonly outages = new Map<string, string>();
  /** The partitions, as topic/partition, that stand still for a while because a message is tried again. */
  readonly trying = new Set<string>();

  constructor(
    private readonly source: DataSource,
    private readonly transport: Transport,
    private readonly work: Work,
    private readonly options: MessagingOptions,
    private readonly counts: ProgressCounts,
  ) {
    const { concurrency = 4 } = options;
    this.turns = new Turnstile(concurrency);
    this.readers = new Turnstile(concurrency + 1);
    const { tries, overMs } = options.retry ?? { tries: 5, overMs: 60_000 };
    this.tries = tries;
    const weights = Array.from({ length: tries - 1 }, (_, i) => 3 ** i);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    this.delaysMs = weights.map((weight) => (overMs * weight) / sum);
  }

  /** Settles every message of one partition's batch: handled, passed over, parked or queued. Only then it returns. */
  async settle(batch: RawMessage[], fence: Fence, stop: AbortSignal, known?: unknown): Promise<void> {
    const { entries, counts } = this.work.sift(batch);
    this.count(counts);
    const error = known ?? (await this.attempt(entries, fence, stop, true));
    if (error === undefined) return;
    await this.settleApart(entries, error, fence, stop);
    const late = await this.attempt([], fence, stop, true);
    if (late !== undefined) throw late;
  }

  /** The short way, for a batch without a fault: reads and settles it in one transaction, or changes nothing. */
  takeIn(taking: Taking, stop: AbortSignal): Promise<unknown> {
    return this.through(() => this.take(taking), taking.places, stop);
  }

  private async take(taking: Taking): Promise<void> {
    let [messages, beganAt] = [0, 0];
    const settle = async (
      tx: EntityManager,
      batch: RawMessage[],
      take: Claiming,
      turn?: Turn,
    ): Promise<Done> => {
      const sifted = this.work.sift(batch);
      await turn?.come;
      [messages, beganAt] = [batch.length, performance.now()];
      const done = await this.work.settle(sifted.entries, tx, take);
      const announce = await taking.leave(tx, done.outgoing);
      return { counts: { ...sifted.counts, ...done.counts }, announce };
    };
    if (!taking.movesCursor) return this.inTurn(async (tx) => settle(tx, await taking.read(tx), claim));
    // A topic of which much waits must not keep the others waiting.
    const topic = taking.places[0]?.split('/')[0];
    await this.readers.pass(async () => {
      // In the order in which they began, whoever has read first.
      const turn = this.turns.lineUp();
      try {
        const done = await this.source.transaction(async (tx) => {
          // Sent together, done in this order.
          const [batch, apart] = await Promise.all([taking.read(tx), anyApart(tx)]);
          return settle(tx, batch, (on, entries) => look(on, entries, apart), turn);
        });
        this.finish(done);
        taking.took?.(messages, performance.now() - beganAt);
      } finally {
        turn.leave();
      }
    }, topic);
  }

  /** Halves until the message to blame stands alone; its neighbours go through, its key's later messages wait. */
  private async settleApart(items: Entry[], known: unknown, fence: Fence, stop: AbortSignal): Promise<void> {
    const suspects: Suspect[] = [];
    const late: Entry[] = [];
    const halve = async (part: Entry[], failed?: unknown): Promise<void> => {
      const held = new Set(suspects.map(({ item }) => keyOf(item)));
      const ready = part.filter((item) => !held.has(keyOf(item)));
      late.push(...part.filter((item) => held.has(keyOf(item))));
      const [first] = ready;
      if (!first) return;
      const error = failed ?? (await this.attempt(ready, fence, stop, false));
      if (error === undefined) return;
      if (ready.length > 1) {
        const middle = Math.ceil(ready.length / 2);
        await halve(ready.slice(0, middle));
        await halve(ready.slice(middle));
      } else if (error instanceof Unprocessable) {
        await this.park(first, { code: error.code, reason: reasonOf(first, error) }, fence, stop);
      } else suspects.push({ item: first, error });
    };
    await halve(items, known);
    await this.trySuspects(suspects, fence, stop);
    if (late.length === 0) return;
    const error = await this.attempt(late, fence, stop, false);
    if (error !== undefined) await this.settleApart(late, error, fence, stop);
  }

  /** An error that is no outage and stays with one message over all tries is that message's own. */
  private async trySuspects(suspects: Suspect[], fence: Fence, stop: AbortSignal): Promise<void> {
    const [first] = suspects;
    if (!first) return;
    const place = `${first.item.raw.topic}/${first.item.raw.partition}`;
    this.trying.add(place);
    try {
      await this.tryRounds(suspects, fence, stop);
    } finally {
      this.trying.delete(place);
    }
  }

  private async tryRounds(suspects: Suspect[], fence: Fence, stop: AbortSignal): Promise<void> {
    let left = suspects;
    for (const [round, delayMs] of this.delaysMs.entries()) {
      if (left.length === 0) return;
      for (const { item, error } of left) {
        const { topic, partition, offset } = item.raw;
        this.options.log.warn('a message fails alone, it is tried again', {
          topic, partition, offset, type: item.message?.type, attempt: round + 1, reason: describe(error),
        }); // prettier-ignore
      }
      await pause(delayMs, stop);
      const still: Suspect[] = [];
      for (const suspect of left) {
        const error = await this.attempt([suspect.item], fence, stop, false);
        if (error === undefined) continue;
        if (error instanceof Unprocessable) {
          const fault = { code: error.code, reason: reasonOf(suspect.item, error) };
          await this.park(suspect.item, fault, fence, stop);
        } else still.push({ item: suspect.item, error });
      }
      left = still;
    }
    for (const { item, error } of left) {
      const reason = `${reasonOf(item, error)} It failed ${this.tries} times while the database answered.`;
      await this.park(item, { code: 'handler.failed', reason }, fence, stop);
    }
  }

  private async park(item: Entry, fault: Fault, fence: Fence, stop: AbortSignal): Promise<void> {
    item.fault = fault;
    const error = await this.attempt([item], fence, stop, false);
    // Nothing of the handler runs here any more: what fails now fails for every message.
    if (error !== undefined) throw error;
  }

  private attempt(entries: Entry[], fence: Fence, stop: AbortSignal, last: boolean): Promise<unknown> {
    const [first] = entries;
    const places = first ? [`${first.raw.topic}/${first.raw.partition}`] : [];
    return this.through(() => this.commit(entries, fence, last), places, stop);
  }

  /** Runs one transaction, through any outage. Answers the error that is not an outage, if there is one. */
  private async through(
    commit: () => Promise<void>,
    places: readonly string[],
    stop: AbortSignal,
  ): Promise<unknown> {
    for (let attempt = 0; ; attempt += 1) {
      if (stop.aborted) throw new Stopped('stopped before a transaction');
      try {
        await commit();
        for (const place of places) this.outages.delete(place);
        return undefined;
      } catch (error) {
        if (error instanceof Stopped || error instanceof Superseded) throw error;
        const outage = isOutage(error) ? error : await this.probe();
        if (outage === undefined) {
          for (const place of places) this.outages.delete(place);
          return error ?? new Error('a handler threw nothing');
        }
        const reason = describe(outage);
        for (const place of places) this.outages.set(place, reason);
        const topic = places[0]?.split('/')[0];
        this.options.log.warn('an outage, the batch is tried again as it is', {
          ...(topic && { topic }), attempt: attempt + 1, reason,
        }); // prettier-ignore
        await pause(backoffMs(attempt, OUTAGE_FIRST_MS, OUTAGE_MOST_MS), stop);
      }
    }
  }

  /** Why the database cannot work just now, or undefined when a transaction goes through. */
  private async probe(): Promise<unknown> {
    try {
      await this.source.transaction((tx) => tx.query('SELECT 1'));
      return undefined;
    } catch (error) {
      return error;
    }
  }

  private commit(entries: Entry[], fence: Fence, last: boolean): Promise<void> {
    return this.inTurn(async (tx) => {
      await fence.enter(tx);
      const done = await this.work.settle(entries, tx, claim);
      if (last) await fence.leave(tx);
      return { counts: done.counts, announce: await this.transport.append(tx, done.outgoing) };
    });
  }

  /** One transaction; what it did is counted and announced after its commit. */
  private async inTurn(work: (tx: EntityManager) => Promise<Done>): Promise<void> {
    this.finish(await this.turns.pass(() => this.source.transaction(work)));
  }

  private finish({ counts, announce }: Done): void {
    this.count(counts);
    announce();
  }

  private count(counts: Partial<ProgressCounts>): void {
    for (const [name, count] of Object.entries(counts)) this.counts[name as keyof ProgressCounts] += count;
  }
}
