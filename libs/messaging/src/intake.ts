import type { DataSource, EntityManager } from 'typeorm';
import type { BusCatalogue } from './catalogue.ts';
import { claimId, decode, type Fault } from './decode.ts';
import { encode } from './encode.ts';
import { describe, isOutage } from './failure.ts';
import type { BoundHandler, Handlers } from './handlers.ts';
import { copies, parkedKeys, setAside } from './letters.ts';
import type { Message } from './message.ts';
import type { MessagingOptions } from './options.ts';
import { backoffMs, pause, Turnstile } from './pause.ts';
import type { ProgressCounts } from './progress.ts';
import {
  type Fence,
  type Outgoing,
  type RawMessage,
  Stopped,
  Superseded,
  type Transport,
} from './transport.ts';
import { Unprocessable } from './unprocessable.ts';

const OUTAGE_FIRST_MS = 100;
const OUTAGE_MOST_MS = 10_000;

/** One message on its way through a batch. */
export interface Entry {
  readonly raw: RawMessage;
  readonly id: string;
  readonly message?: Message;
  readonly handler?: BoundHandler;
  /** Set: this message is parked with it, whatever the rest does. */
  fault?: Fault;
}

/** What one transaction has done, counted and sent on after its commit. */
interface Done {
  readonly outgoing: Outgoing[];
  readonly counts: Partial<ProgressCounts>;
}

/** A message that failed alone, and how often. */
interface Suspect {
  readonly item: Entry;
  error: unknown;
}

/**
 * Takes batches in: one transaction for inbox, effects and outbox; halves a failing batch down to the message to
 * blame.
 */
export class Intake {
  private readonly turns: Turnstile;
  private readonly tries: number;
  private readonly delaysMs: number[];
  /** Why batches are being tried again just now, per partition, for the health check. */
  readonly outages = new Map<string, string>();
  /** The partitions, as topic/partition, that stand still for a while because a message is tried again. */
  readonly trying = new Set<string>();

  constructor(
    private readonly source: DataSource,
    private readonly transport: Transport,
    private readonly handlers: Handlers,
    private readonly catalogue: BusCatalogue,
    private readonly options: MessagingOptions,
    private readonly counts: ProgressCounts,
  ) {
    this.turns = new Turnstile(options.concurrency ?? 4);
    const { tries, overMs } = options.retry ?? { tries: 5, overMs: 60_000 };
    this.tries = tries;
    const weights = Array.from({ length: tries - 1 }, (_, i) => 3 ** i);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    this.delaysMs = weights.map((weight) => (overMs * weight) / sum);
  }

  /** Settles every message of one partition's batch: handled, passed over, parked or queued. Only then it returns. */
  async settle(batch: RawMessage[], fence: Fence, stop: AbortSignal): Promise<void> {
    const items = this.sift(batch);
    const error = await this.attempt(items, fence, stop, true);
    if (error === undefined) return;
    await this.settleApart(items, error, fence, stop);
    const late = await this.attempt([], fence, stop, true);
    if (late !== undefined) throw late;
  }

  /** What of a batch has to be settled at all, read by its contract. Never throws. */
  sift(batch: readonly RawMessage[]): Entry[] {
    const items: Entry[] = [];
    for (const raw of batch) {
      const { ce_type: type = '', samlast_channel: channel } = raw.headers;
      if (this.options.disregard?.({ type, ...(channel && { channel }) })) {
        this.counts.disregarded += 1;
        continue;
      }
      const handler = this.handlers.of(type);
      if (!handler && this.catalogue.event(type)?.topic.name === raw.topic) {
        this.counts.passedOver += 1;
        continue;
      }
      const read = decode(raw, this.catalogue);
      const id = claimId(raw);
      items.push('reason' in read ? { raw, id, fault: read } : { raw, id, message: read, handler });
    }
    return items;
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

  /**
   * Runs one transaction over the items, through any outage. Answers the error that is not an outage, if there is
   * one.
   */
  private async attempt(items: Entry[], fence: Fence, stop: AbortSignal, last: boolean): Promise<unknown> {
    const place = items[0] ? `${items[0].raw.topic}/${items[0].raw.partition}` : '';
    for (let attempt = 0; ; attempt += 1) {
      if (stop.aborted) throw new Stopped('stopped before a transaction');
      try {
        await this.commit(items, fence, last);
        this.outages.delete(place);
        return undefined;
      } catch (error) {
        if (error instanceof Stopped || error instanceof Superseded) throw error;
        const outage = isOutage(error) ? error : await this.probe();
        if (outage === undefined) {
          this.outages.delete(place);
          return error ?? new Error('a handler threw nothing');
        }
        this.outages.set(place, describe(outage));
        this.options.log.warn('an outage, the batch is tried again as it is', {
          topic: items[0]?.raw.topic, partition: items[0]?.raw.partition, count: items.length, attempt: attempt + 1,
          reason: describe(outage),
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

  private async commit(items: Entry[], fence: Fence, last: boolean): Promise<void> {
    const { outgoing, counts } = await this.turns.pass(() =>
      this.source.transaction(async (tx) => {
        await fence.enter(tx);
        const done = await this.work(items, tx);
        if (last) await fence.leave(tx);
        await this.transport.append(tx, done.outgoing);
        return done;
      }),
    );
    for (const [name, count] of Object.entries(counts)) this.counts[name as keyof ProgressCounts] += count;
    this.transport.wake(outgoing);
  }

  private async work(items: Entry[], tx: EntityManager): Promise<Done> {
    if (items.length === 0) return { outgoing: [], counts: {} };
    const ids = [...new Set(items.map((item) => item.id))].toSorted();
    const claimed: { id: string }[] = await tx.query(
      'INSERT INTO inbox (id) SELECT unnest($1::uuid[]) ON CONFLICT DO NOTHING RETURNING id',
      [ids],
    );
    const fresh = new Set(claimed.map(({ id }) => id));
    // Deleting what is taken leaves out the second one of two within one batch as well.
    const news = items.filter(({ id }) => fresh.delete(id));
    const parked = await parkedKeys(tx, news.map(({ raw }) => raw)); // prettier-ignore
    const ready: Entry[] = [];
    const aside: Entry[] = [];
    for (const item of news) {
      if (parked.has(keyOf(item))) aside.push({ ...item, fault: undefined });
      else if (item.fault) {
        aside.push(item);
        if (item.raw.key !== null) parked.add(keyOf(item));
      } else ready.push(item);
    }
    const outgoing = await this.run(ready, tx);
    await setAside(tx, aside);
    const faulty = aside.filter((item) => item.fault);
    return {
      outgoing: [...outgoing, ...copies(faulty, this.catalogue.deadLetterTopic)],
      counts: {
        handled: ready.length,
        duplicates: items.length - news.length,
        parked: faulty.length,
        queued: aside.length - faulty.length,
      },
    };
  }

  /** Hands runs of messages with the same handler to it, in order, and encodes what it answers. */
  async run(items: readonly Entry[], tx: EntityManager): Promise<Outgoing[]> {
    const outgoing: Outgoing[] = [];
    for (let from = 0, to = 0; from < items.length; from = to) {
      const handler = items[from]?.handler;
      const messages: Message[] = [];
      for (; to < items.length && items[to]?.handler?.method === handler?.method; to += 1) {
        const { message } = items[to] as Entry;
        if (message) messages.push(message);
      }
      if (!handler) continue;
      const events = await handler.run(messages, tx);
      outgoing.push(...encode(events, this.options.source, this.catalogue, messages));
    }
    return outgoing;
  }
}

/** Messages without a key belong together with nothing but themselves. */
function keyOf({ raw, id }: Entry): string {
  return raw.key === null ? id : `${raw.topic}/${raw.key}`;
}

export function reasonOf({ raw, message }: Entry, error: unknown): string {
  const what = error instanceof Unprocessable ? error.message : describe(error);
  const where = `${raw.topic} partition ${raw.partition} offset ${raw.offset}`;
  return (
    `${message?.type} for ${raw.key}: ${what} (from ${message?.source}, ${where}). ` +
    'Correct the cause, then retry it; or discard it, so that the later messages of this key go on.'
  );
}
