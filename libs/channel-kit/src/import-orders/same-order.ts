import { createHash } from 'node:crypto';
import type { KnownOrder } from './import.ts';

/** Whether nothing new is known of an order; its lines may come in another order. */
export function isSame(one: KnownOrder, other: KnownOrder): boolean {
  return digest(one) === digest(other);
}

function digest(order: KnownOrder): string {
  const { attention = '', number = '', shopNumber, state, decision, revision, changedAt } = order;
  const { digest: content = '' } = order;
  const lines = order.lines
    .map(
      ({ row, article, sold, imported, fulfilled, unsettled }) =>
        `${row}\0${article}\0${sold}\0${imported}\0${fulfilled}\0${unsettled}`,
    )
    .toSorted();
  return createHash('sha1')
    .update(
      [
        attention,
        number,
        shopNumber,
        state,
        decision,
        revision,
        content,
        Date.parse(changedAt),
        ...lines,
      ].join('\u0001'),
    )
    .digest('hex');
}
