import {
  fromMilli,
  LineAccepted,
  OrderAccepted,
  OrderCancelled,
  OrderCancelRefused,
  OrderRefused,
  toMilli,
  type Event,
  fitText,
} from '@samlast/contracts';
import type { Outcome } from '../write-queue/write.ts';
import type { PutNote } from './order-parts.ts';
import type { Change, Registered, RegisteredLine } from './order-registry.ts';

/**
 * Which revision is answered, and between which steps: `sent` before its first request, `accepted` after
 * its answer.
 */
export interface Settled {
  revision: number;
  action: 'put' | 'cancel';
  sent: number;
  accepted: number;
  /** The lines of this revision; those of the order where it is a cancel. */
  lines: RegisteredLine[];
  /** Kept beside a refused order, so that a person can have it sent again. */
  order?: unknown;
}

/** What a settled write means for the registry and for everybody else. */
export function tell(
  was: Registered,
  settled: Settled,
  outcome: Outcome,
): { change: Change; events: Event[] } {
  const { number, channel } = was;
  const { revision, sent, accepted, lines } = settled;
  const ref = { number, channel, revision };
  const ours = lines.filter((line) => !line.part);
  const inside = (taken: boolean) => linesAccepted(ref, { sent, accepted }, lines, was.lines, taken);
  switch (outcome.kind) {
    case 'accepted':
      return {
        change: {
          number,
          revision,
          state: 'accepted',
          acceptedRevision: revision,
          acceptedAt: accepted,
          wmsLines: ours.map(({ row, article, quantity }) => ({ row, article, quantity })),
          wmsOrderId: outcome.wmsId,
          lines,
        },
        events: [
          OrderAccepted.of({
            ...ref,
            sent,
            accepted,
            wmsOrderId: outcome.wmsId,
            lines: ours
              .filter((line) => line.picked)
              .map(({ row, article, quantity }) => ({ row, article, quantity })),
          }),
          ...inside(true),
        ],
      };
    case 'cancelled':
      return {
        change: { number, revision, state: 'cancelled' },
        events: [OrderCancelled.of({ ...ref, sent, accepted, by: outcome.by }), ...inside(false)],
      };
    case 'refused': {
      const { reason, text } = outcome;
      const { changed, unchanged } = (outcome.note ?? {}) as PutNote;
      const change = {
        number,
        revision,
        refusalReason: reason,
        refusalText: text,
        refusedOrder: settled.order,
      };
      return {
        // A refused change leaves the order as it is in the warehouse.
        change: { ...change, state: was.accepted_revision === null ? 'refused' : 'accepted' },
        events: [OrderRefused.of({ ...ref, reason, text: fitText(text, 1000), changed, unchanged })],
      };
    }
    case 'cancel-refused':
      return {
        change: { number, revision, state: was.state },
        events: [
          OrderCancelRefused.of({ ...ref, reason: outcome.reason, text: fitText(outcome.text, 1000) }),
        ],
      };
  }
}

/**
 * One event per article, under its key: the order's total of it. What the order no longer holds is told as
 * 0.
 */
function linesAccepted(
  ref: { number: string; channel: string; revision: number },
  steps: { sent: number; accepted: number },
  lines: RegisteredLine[],
  before: RegisteredLine[],
  taken: boolean,
): Event[] {
  const totals = new Map<string, bigint>();
  for (const line of before) if (line.picked) totals.set(line.article, 0n);
  for (const line of lines) {
    if (!line.picked) continue;
    const added = taken ? toMilli(line.quantity) : 0n;
    totals.set(line.article, (totals.get(line.article) ?? 0n) + added);
  }
  return [...totals]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([article, quantity]) =>
      LineAccepted.of({ ...ref, ...steps, article, quantity: fromMilli(quantity) }),
    );
}
