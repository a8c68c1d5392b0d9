import type { KnownLine, KnownOrder } from './import.ts';

/**
 * How much more of a line the shop has sold than the stock authority ever hears: of an order that was cancelled before
 * it was read. Of a change that cannot be sent on it is what was lowered; what was raised may still come to be sent on,
 * and counts as sold unheard until then. A cancel takes back all that was sent on, where the shop puts it back; where
 * it does not, all that was never sent on stays unheard, since nothing of it follows.
 */
export function unheardOf(
  { number, state }: KnownOrder,
  line: KnownLine,
  restocksCancelled: boolean,
): bigint {
  if (number === undefined) return state === 'cancelled' ? line.sold : 0n;
  const unsent = line.sold - line.imported;
  if (state !== 'imported') return restocksCancelled ? 0n : unsent;
  return unsent > 0n ? 0n : unsent;
}
