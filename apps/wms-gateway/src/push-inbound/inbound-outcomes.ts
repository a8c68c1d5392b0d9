import { Injectable } from '@nestjs/common';
import {
  PurchaseOrderAccepted,
  PurchaseOrderCancelled,
  PurchaseOrderCancelRefused,
  PurchaseOrderRefused,
  ReturnAccepted,
  ReturnCancelled,
  ReturnCancelRefused,
  ReturnRefused,
  type Event,
  type PurchaseOrder,
  fitText,
} from '@samlast/contracts';
import { Log, Metrics } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import { PurchaseHints } from '../follow-inbound/purchase-hints.ts';
import { ArticleWords } from '../publish-articles/article-words.ts';
import { Signals } from '../signals.ts';
import { keyOf, type OpenWrite, type Outcome, type SettledWrite } from '../write-queue/write.ts';
import {
  InboundRegistry,
  type Change,
  type InboundKind,
  type RefusedWrite,
  type Registered,
} from './inbound-registry.ts';
import type { InboundBody } from './queue-inbound.ts';

type Ref = Pick<Registered, 'number' | 'channel' | 'revision'>;

/** Books what became of announcements that were written: registry, and what is told. */
@Injectable()
export class InboundOutcomes {
  private readonly outcomes;

  constructor(
    private readonly registry: InboundRegistry,
    private readonly hints: PurchaseHints,
    private readonly words: ArticleWords,
    private readonly signals: Signals,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.outcomes = metrics.counter('inbound_writes_total', 'Settled writes of purchase orders and returns', [
      'kind',
      'outcome',
    ]);
  }

  async book(tx: EntityManager, kind: InboundKind, settled: SettledWrite[]): Promise<Event[]> {
    if (settled.length === 0) return [];
    const registered = await this.registry.lock(tx, kind, [
      ...new Set(settled.map(({ write }) => write.subject)),
    ]);
    const events: Event[] = [];
    for (const { write, outcome: seen } of settled) {
      const was = registered.get(write.subject);
      if (!was) throw new Error(`${keyOf(write)} was written, but is not in the registry`);
      const ref = { number: was.number, channel: was.channel, revision: write.revision };
      // A refused change leaves it as it is in the warehouse.
      const { revision, articles, body } = write;
      const put = write.action === 'put' ? { revision, articles, body } : undefined;
      const waitsFor = put && seen.kind === 'refused' ? await this.lacking(tx, write, seen.reason) : [];
      const outcome = waitsFor.length > 0 ? saidToWait(seen, waitsFor) : seen;
      await this.registry.change(tx, kind, [changeOf(was, ref, outcome, put, waitsFor)]);
      events.push(tell(kind, ref, outcome));
      // What is expected now is read from where it stands.
      const wmsId = outcome.kind === 'accepted' ? outcome.wmsId : was.wms_id;
      if (kind === 'purchase-order' && wmsId) await this.hints.add(tx, [wmsId]);
    }
    return events;
  }

  /**
   * Articles for want of which it may have been refused. They are marked, so that they are looked at after this commit:
   * one may have come to be there since the write was made.
   */
  private async lacking(tx: EntityManager, write: OpenWrite, reason: string): Promise<string[]> {
    if (write.kind !== 'purchase-order' || reason === 'foreign') return [];
    const articles = await this.registry.notThereAt(tx, write.articles, write.sent);
    await this.words.mark(tx, articles);
    return articles;
  }

  /** After the commit. */
  count(settled: SettledWrite[]): void {
    if (settled.length > 0) this.signals.inbound.ring();
    for (const { write, outcome } of settled) {
      this.outcomes.inc({ kind: write.kind, outcome: outcome.kind });
      if (outcome.kind !== 'refused' && outcome.kind !== 'cancel-refused') continue;
      this.log.warn('an announcement of goods, or its cancel, is refused', {
        kind: write.kind,
        number: write.subject,
        revision: write.revision,
        reason: outcome.reason,
      });
    }
  }
}

export function changeOf(
  was: Registered,
  { number, revision }: Ref,
  outcome: Outcome,
  put?: RefusedWrite,
  waitsFor: string[] = [],
): Change {
  switch (outcome.kind) {
    case 'accepted':
      return {
        number,
        revision,
        state: 'accepted',
        acceptedRevision: revision,
        wmsId: outcome.wmsId,
        wmsLines: linesOf(put),
      };
    case 'cancelled':
      return { number, revision, state: 'cancelled' };
    case 'refused': {
      const change = { number, revision, refusalReason: outcome.reason, refusalText: outcome.text, waitsFor };
      if (was.accepted_revision === null) return { ...change, state: 'refused', refusedWrite: put };
      // Of a change the write is kept where it is to be made again, and not for a person.
      return { ...change, state: 'accepted', ...(waitsFor.length > 0 && { refusedWrite: put }) };
    }
    case 'cancel-refused':
      return { number, revision, state: was.state };
  }
}

function saidToWait(outcome: Outcome, articles: string[]): Outcome {
  if (outcome.kind !== 'refused') return outcome;
  const some = articles.slice(0, 5).join(', ');
  const which = articles.length > 5 ? `${some} and ${articles.length - 5} more` : some;
  return {
    ...outcome,
    text: `${fitText(outcome.text, 500)} It is sent again once the warehouse has ${which}.`,
  };
}

function linesOf(put: RefusedWrite | undefined) {
  const { announced } = (put?.body ?? {}) as Partial<InboundBody>;
  const { lines } = (announced ?? {}) as Partial<PurchaseOrder>;
  return lines?.map(({ row, article, quantity }) => ({ row, article, quantity }));
}

function tell(kind: InboundKind, ref: Ref, outcome: Outcome): Event {
  const isReturn = kind === 'return';
  switch (outcome.kind) {
    case 'accepted':
      return isReturn
        ? ReturnAccepted.of({ ...ref, wmsReturnOrderId: outcome.wmsId })
        : PurchaseOrderAccepted.of({ ...ref, wmsPurchaseOrderId: outcome.wmsId });
    case 'cancelled':
      return (isReturn ? ReturnCancelled : PurchaseOrderCancelled).of({ ...ref, by: outcome.by });
    case 'refused': {
      const { reason, text } = outcome;
      const answer = { ...ref, reason, text: fitText(text, 1000) };
      return isReturn ? ReturnRefused.of(answer) : PurchaseOrderRefused.of(answer);
    }
    case 'cancel-refused': {
      const { reason, text } = outcome;
      const answer = { ...ref, reason, text: fitText(text, 1000) };
      return isReturn ? ReturnCancelRefused.of(answer) : PurchaseOrderCancelRefused.of(answer);
    }
  }
}
