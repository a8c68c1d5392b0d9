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
} from '@samlast/contracts';
import { Log, Metrics } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import { keyOf, type Outcome, type SettledWrite } from '../write-queue/write.ts';
import { InboundRegistry, type Change, type InboundKind, type Registered } from './inbound-registry.ts';

type Ref = Pick<Registered, 'number' | 'channel' | 'revision'>;

/** Books what became of announcements that were written: registry, and what is told. */
@Injectable()
export class InboundOutcomes {
  private readonly outcomes;

  constructor(
    private readonly registry: InboundRegistry,
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
    for (const { write, outcome } of settled) {
      const was = registered.get(write.subject);
      if (!was) throw new Error(`${keyOf(write)} was written, but is not in the registry`);
      const ref = { number: was.number, channel: was.channel, revision: write.revision };
      // A refused change leaves it as it is in the warehouse.
      await this.registry.change(tx, kind, [changeOf(was, ref, outcome)]);
      events.push(tell(kind, ref, outcome));
    }
    return events;
  }

  /** After the commit. */
  count(settled: SettledWrite[]): void {
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

export function changeOf(was: Registered, { number, revision }: Ref, outcome: Outcome): Change {
  switch (outcome.kind) {
    case 'accepted':
      return { number, revision, state: 'accepted', acceptedRevision: revision, wmsId: outcome.wmsId };
    case 'cancelled':
      return { number, revision, state: 'cancelled' };
    case 'refused':
      return {
        number,
        revision,
        state: was.accepted_revision === null ? 'refused' : 'accepted',
        refusalReason: outcome.reason,
        refusalText: outcome.text,
      };
    case 'cancel-refused':
      return { number, revision, state: was.state };
  }
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
      const answer = { ...ref, reason, text: text.slice(0, 1000) };
      return isReturn ? ReturnRefused.of(answer) : PurchaseOrderRefused.of(answer);
    }
    case 'cancel-refused': {
      const { reason, text } = outcome;
      const answer = { ...ref, reason, text: text.slice(0, 1000) };
      return isReturn ? ReturnCancelRefused.of(answer) : PurchaseOrderCancelRefused.of(answer);
    }
  }
}
