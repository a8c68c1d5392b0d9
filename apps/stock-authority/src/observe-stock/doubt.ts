import type { ArticleStatus } from '../reserve-stock/decide.ts';

interface Known {
  readonly status: ArticleStatus;
  readonly sellable: bigint;
  readonly takenLow: bigint;
  readonly doubt?: bigint;
}

interface Said {
  readonly status: ArticleStatus;
  readonly sellable: bigint;
  /** What orders take from this read at most. */
  readonly takenLow: bigint;
}

/** What counts of a doubtful read, and how many pieces it may lack; no doubt where it says what was known anyway. */
export interface Lowered {
  readonly sellable: bigint;
  readonly doubt?: bigint;
}

/**
 * Of a read that the gateway holds the lower figure counts at once, so that nothing is promised that may not be there.
 * A higher one is left out, and so is what it says of an article that is not sold: nothing is gained by believing it.
 * What became lower by our own orders alone is no doubt. Undefined where the read is left out.
 */
export function lowered(known: Known, said: Said): Lowered | undefined {
  if (known.status !== 'active' || said.status === 'not-stocked') return undefined;
  const isNone = said.status !== 'active' && said.sellable > 0n;
  const sellable = isNone ? 0n : said.sellable;
  const before = known.sellable - known.takenLow;
  const low = sellable - said.takenLow;
  if (low > before) return undefined;
  const doubt = (known.doubt ?? 0n) + before - low;
  return doubt > 0n ? { sellable, doubt } : { sellable };
}
