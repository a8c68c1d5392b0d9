import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Signals } from '../signals.ts';
import { WriteQueue } from '../write-queue/write-queue.ts';
import { InboundRegistry, type Announced, type InboundKind, type Registered } from './inbound-registry.ts';

/** What goes with a write of an announcement. */
export interface InboundBody {
  announced: unknown;
  origin: string;
  /** An earlier revision is in Ongoing already, or on its way. */
  acceptedBefore: boolean;
  wmsId?: number | undefined;
}

export type CancelOutcome = 'cancelled' | 'queued' | 'unknown';
export type AgainOutcome =
  'again' | 'unknown' | 'unclaimed' | 'forgotten' | Exclude<Registered['state'], 'refused'>;

/** Announcements become work for the one queue to Ongoing, under numbers that are theirs alone (promise P3). */
@Injectable()
export class QueueInbound {
  constructor(
    private readonly registry: InboundRegistry,
    private readonly queue: WriteQueue,
    private readonly signals: Signals,
  ) {}

  /** Answers why it was refused, where its number belongs to another. `articles` are those that it names. */
  async put(
    tx: EntityManager,
    kind: InboundKind,
    announced: Announced,
    articles: string[],
  ): Promise<string | undefined> {
    const { number, channel, revision, origin, body } = announced;
    const was = (await this.registry.lock(tx, kind, [number])).get(number);
    if (was?.claimed && was.origin === origin) {
      // The same revision again is a duplicate.
      if (revision <= was.revision) return undefined;
      await this.registry.change(tx, kind, [{ number, state: 'queued', revision, body }]);
    } else if (was || !(await this.registry.claim(tx, kind, announced))) {
      const holder = was?.claimed ? was : await this.registry.holderOf(tx, kind, number);
      const text = takenText(number, holder);
      await this.registry.keepUnclaimed(tx, kind, announced, text);
      return text;
    }
    const acceptedBefore = was ? was.state !== 'refused' || was.accepted_revision !== null : revision > 1;
    await this.queue.enqueue(tx, [
      {
        kind,
        subject: number,
        revision,
        action: 'put',
        lane: channel,
        articles: [...new Set(articles)].toSorted(),
        body: { announced: body, origin, acceptedBefore } satisfies InboundBody,
      },
    ]);
    await this.queue.hasten(tx, articles);
    this.signals.writes.ringSoon();
    return undefined;
  }

  /** A person has set right what was wrong with a refused one. */
  async again(tx: EntityManager, kind: InboundKind, number: string): Promise<AgainOutcome> {
    const was = (await this.registry.lock(tx, kind, [number])).get(number);
    if (!was) return 'unknown';
    if (!was.claimed) return 'unclaimed';
    if (was.state !== 'refused') return was.state;
    const refused = await this.registry.refusedWrite(tx, kind, number);
    if (!refused) return 'forgotten';
    await this.registry.change(tx, kind, [{ number, state: 'queued', revision: refused.revision }]);
    await this.queue.enqueue(tx, [{ kind, subject: number, action: 'put', lane: was.channel, ...refused }]);
    return 'again';
  }

  /** What was refused for want of these goes out. */
  async articlesAreThere(tx: EntityManager, articles: string[]): Promise<void> {
    const waiting = await this.registry.takeWaiting(tx, articles);
    if (waiting.length === 0) return;
    const puts = waiting.map(({ write, ...rest }) => ({ ...rest, action: 'put' as const, ...write }));
    await this.queue.enqueue(tx, puts);
    this.signals.writes.ringSoon();
  }

  /** `cancelled` where nothing of it is in Ongoing, and nothing will be. */
  async cancel(
    tx: EntityManager,
    kind: InboundKind,
    { number, channel, revision }: Pick<Announced, 'number' | 'channel' | 'revision'>,
  ): Promise<CancelOutcome> {
    const was = (await this.registry.lock(tx, kind, [number])).get(number);
    if (!was) return 'unknown';
    const isOver = was.state === 'refused' || was.state === 'cancelled';
    // A change of what is there already stays in the queue: should the cancel be refused, it still needs its answer.
    if (was.accepted_revision === null) {
      const withdrawn = await this.queue.withdraw(tx, kind, [number]);
      if (withdrawn.has(number) || isOver) {
        await this.registry.change(tx, kind, [{ number, revision, state: 'cancelled' }]);
        return 'cancelled';
      }
    }
    await this.queue.enqueue(tx, [
      {
        kind,
        subject: number,
        revision,
        action: 'cancel',
        lane: channel,
        articles: [],
        body: {
          announced: was.body,
          origin: was.origin,
          acceptedBefore: true,
          wmsId: was.wms_id ?? undefined,
        } satisfies InboundBody,
      },
    ]);
    this.signals.writes.ringSoon();
    return 'queued';
  }
}

function takenText(number: string, holder: Registered | undefined): string {
  return (
    `Number ${number} is taken by ${holder?.number ?? 'another one'} of channel ${holder?.channel ?? 'unknown'}, ` +
    'which Ongoing may not tell from it. Nothing was sent. Give it another number in its system, or cancel it there.'
  );
}
