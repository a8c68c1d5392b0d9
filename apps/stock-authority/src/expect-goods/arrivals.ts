/** Pieces that purchase orders announce for one day, or for none that is known; in thousandths. */
export interface Arrival {
  /** A date such as 2026-12-03. */
  readonly on?: string;
  readonly quantity: bigint;
}

/**
 * What of the announced pieces a promise can count on.
 *
 * Pieces that have come are in the stock of a read before their purchase order is read again, so no more is counted
 * than that same read says is still to be received: what came is taken for the soonest. What should have come before
 * today is late, and nobody knows when it comes.
 *
 * @param announced soonest first, what has no day last
 * @param incoming what the last read of stock says is still to be received, where it says so
 */
export function countedOn(
  announced: readonly Arrival[],
  { today, incoming }: { readonly today: string; readonly incoming?: bigint },
): Arrival[] {
  const sum = announced.reduce((all, { quantity }) => all + quantity, 0n);
  let come = incoming === undefined || incoming >= sum ? 0n : sum - atLeastZero(incoming);
  return announced.flatMap(({ quantity, ...day }) => {
    const gone = quantity < come ? quantity : come;
    come -= gone;
    const isLate = day.on !== undefined && day.on < today;
    return isLate || gone === quantity ? [] : [{ ...day, quantity: quantity - gone }];
  });
}

/**
 * When so many pieces are there that are lacking now, those of older orders among them; undefined where not so many are
 * announced. Without a day where it takes pieces that have none.
 */
export function arrivalOf(lack: bigint, counted: readonly Arrival[]): { on?: string } | undefined {
  if (lack <= 0n) return {};
  let left = lack;
  for (const { on, quantity } of counted) {
    left -= quantity;
    if (left <= 0n) return on === undefined ? {} : { on };
  }
  return undefined;
}

/** The last of these days; undefined where one of them is not known. */
export function lastDay(days: readonly (string | undefined)[]): string | undefined {
  const known = days.filter((day) => day !== undefined);
  return known.length === days.length ? known.toSorted().at(-1) : undefined;
}

const atLeastZero = (quantity: bigint) => (quantity > 0n ? quantity : 0n);
