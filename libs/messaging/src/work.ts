import type { EntityManager } from 'typeorm';
import type { BusCatalogue } from './catalogue.ts';
import { claimId, decode, type Fault } from './decode.ts';
import { encode } from './encode.ts';
import { describe } from './failure.ts';
import type { BoundHandler, Handlers } from './handlers.ts';
import { type Claimed, copies, setAside } from './letters.ts';
import type { Message } from './message.ts';
import type { MessagingOptions } from './options.ts';
import type { ProgressCounts } from './progress.ts';
import type { Outgoing, RawMessage } from './transport.ts';
import { Unprocessable } from './unprocessable.ts';

/** One message on its way through a batch. */
export interface Entry {
  readonly raw: RawMessage;
  readonly id: string;
  readonly message?: Message;
  readonly handler?: BoundHandler;
  /** Set: this message is parked with it, whatever the rest does. */
  fault?: Fault;
}

/** What of a batch has to be settled, and how many messages have not. */
export interface Sifted {
  readonly entries: Entry[];
  readonly counts: Pick<ProgressCounts, 'disregarded' | 'passedOver'>;
}

/** What one transaction has done: counted and sent on after its commit. */
export interface Done {
  readonly outgoing: Outgoing[];
  readonly counts: Partial<ProgressCounts>;
}

/** What is done to messages within a transaction that somebody else opens and commits. */
export class Work {
  constructor(
    private readonly handlers: Handlers,
    private readonly catalogue: BusCatalogue,
    private readonly options: MessagingOptions,
  ) {}

  /** What of a batch has to be settled at all, read by its contract. Never throws. */
  sift(batch: readonly RawMessage[]): Sifted {
    const entries: Entry[] = [];
    const counts = { disregarded: 0, passedOver: 0 };
    for (const raw of batch) {
      const { ce_type: type = '', samlast_channel: channel } = raw.headers;
      if (this.options.disregard?.({ type, ...(channel && { channel }) })) {
        counts.disregarded += 1;
        continue;
      }
      const handler = this.handlers.of(type);
      if (!handler && this.catalogue.event(type)?.topic.name === raw.topic) {
        counts.passedOver += 1;
        continue;
      }
      const read = decode(raw, this.catalogue);
      const id = claimId(raw);
      entries.push('reason' in read ? { raw, id, fault: read } : { raw, id, message: read, handler });
    }
    return { entries, counts };
  }

  /** Hands what is new of the entries to its handlers, and sets aside what cannot be handled. */
  async settle(
    entries: readonly Entry[],
    tx: EntityManager,
    claim: (tx: EntityManager, entries: readonly Entry[]) => Promise<Claimed<Entry>>,
  ): Promise<Done> {
    if (entries.length === 0) return { outgoing: [], counts: {} };
    const { news, parked } = await claim(tx, entries);
    const ready: Entry[] = [];
    const aside: Entry[] = [];
    for (const entry of news) {
      if (parked.has(keyOf(entry))) aside.push({ ...entry, fault: undefined });
      else if (entry.fault) {
        aside.push(entry);
        if (entry.raw.key !== null) parked.add(keyOf(entry));
      } else ready.push(entry);
    }
    const outgoing = await this.run(ready, tx);
    await setAside(tx, aside);
    const faulty = aside.filter((entry) => entry.fault);
    return {
      outgoing: [...outgoing, ...copies(faulty, this.catalogue.deadLetterTopic)],
      counts: {
        handled: ready.length,
        duplicates: entries.length - news.length,
        parked: faulty.length,
        queued: aside.length - faulty.length,
      },
    };
  }

  /** Hands runs of messages with the same handler to it, in order, and encodes what it answers. */
  async run(entries: readonly Entry[], tx: EntityManager): Promise<Outgoing[]> {
    const outgoing: Outgoing[] = [];
    for (let from = 0, to = 0; from < entries.length; from = to) {
      const handler = entries[from]?.handler;
      const messages: Message[] = [];
      for (; to < entries.length && entries[to]?.handler?.method === handler?.method; to += 1) {
        const { message } = entries[to] as Entry;
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
export function keyOf({ raw, id }: Entry): string {
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
