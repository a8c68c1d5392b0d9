import type { Event } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';
import { backoffMs } from './backoff.ts';
import { keyOf, type Answered, type Later, type SettledWrite, type WriteKind } from './write.ts';
import type { WriteParts } from './write-parts.ts';

const ofKind = (settled: SettledWrite[], kind: WriteKind) =>
  settled.filter(({ write }) => write.kind === kind);

/** Within the transaction: what is settled leaves the queue and is told, the rest waits for its next try. */
export async function bookAnswers(
  parts: WriteParts,
  tx: EntityManager,
  answered: Answered[],
): Promise<{ events: Event[]; settled: SettledWrite[] }> {
  if (answered.length === 0) return { events: [], settled: [] };
  const { queue, outcomes, articles, inboundOutcomes, config } = parts;
  const kept = answered.filter(({ verdict }) => verdict.kind !== 'later');
  // A commit whose answer was lost comes here twice: what is no longer in the queue has been booked.
  const removed = await queue.remove(
    tx,
    kept.map(({ write }) => write),
  );
  const done = kept.filter(({ write }) => removed.has(keyOf(write)));
  const steps = await tx.query<{ step: string }[]>(
    `SELECT nextval('wms_steps') AS step FROM generate_series(1, $1)`,
    [done.length],
  );
  const settled = done.map(
    ({ write, verdict }, i) => ({ write, outcome: verdict, step: Number(steps[i]?.step) }) as SettledWrite,
  );
  const later = answered.filter(({ verdict }) => verdict.kind === 'later');
  await queue.postpone(
    tx,
    later.map(({ write, verdict }) => {
      const { RETRY_MIN_MS, RETRY_MAX_MS } = config;
      // What may have been carried out is read back at once.
      const atOnce = write.tries === 0 && (verdict as Later).reached;
      const waitMs = atOnce ? 0 : backoffMs(write.tries + 1, RETRY_MIN_MS, RETRY_MAX_MS, Math.random());
      return { write, verdict: verdict as Later, waitMs };
    }),
  );
  const events = [
    ...(await outcomes.book(tx, ofKind(settled, 'order'))),
    ...(await articles.book(tx, ofKind(settled, 'article'))),
    ...(await inboundOutcomes.book(tx, 'purchase-order', ofKind(settled, 'purchase-order'))),
    ...(await inboundOutcomes.book(tx, 'return', ofKind(settled, 'return'))),
  ];
  return { events, settled };
}

/** After the commit. */
export function countSettled({ outcomes, inboundOutcomes }: WriteParts, settled: SettledWrite[]): void {
  outcomes.count(ofKind(settled, 'order'));
  inboundOutcomes.count([...ofKind(settled, 'purchase-order'), ...ofKind(settled, 'return')]);
}
