import type { Lease } from '../lease-stock/lease.ts';
import { emptyLease, guarded } from '../lease-stock/lease.ts';

/** What a person set for one channel and article, in thousandths. */
export interface Limit {
  /** It shows no more than these. */
  readonly cap?: bigint;
  /** These are kept for it: no other channel is shown or promised them. */
  readonly pool: bigint;
}

/** What a person set for one article. */
export interface Rules {
  /** Grows by one with every change, so that nobody replaces what he has not seen. */
  readonly version: number;
  /** Pieces that no shop is offered. An order that comes all the same may have them: that is what they are for. */
  readonly safety: bigint;
  readonly limits: ReadonlyMap<string, Limit>;
}

export const NO_RULES: Rules = { version: 0, safety: 0n, limits: new Map() };

/** Pieces that are kept for channels other than this one, beyond what is promised to those anyway. */
export function keptForOthers(
  { limits }: Rules,
  leases: ReadonlyMap<string, Lease>,
  channel: string | undefined,
): bigint {
  let sum = 0n;
  for (const [code, { pool }] of limits) {
    const missing = pool - guarded(leases.get(code) ?? emptyLease(code));
    if (code !== channel && missing > 0n) sum += missing;
  }
  return sum;
}

export function capped({ limits }: Rules, channel: string, level: bigint): bigint {
  const cap = limits.get(channel)?.cap;
  return cap !== undefined && cap < level ? cap : level;
}
