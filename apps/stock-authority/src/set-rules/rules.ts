import { fromMilli, toMilli } from '@samlast/contracts';
import type { Lease } from '../lease-stock/lease.ts';
import { emptyLease, guarded } from '../lease-stock/lease.ts';

/** What a person set for one channel and article, in thousandths. */
export interface Limit {
  /** It shows no more than these, and no claim of its buyers may have more. */
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
  /** So many pieces of it may be waited for at most, instead of what each channel says. */
  readonly backorderMost?: bigint;
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

/** Rules as people and the ledger have them. */
export interface RuleTexts {
  readonly version: number;
  readonly safety: string;
  readonly backorderMost?: string;
  readonly channels: Readonly<Record<string, { readonly pool: string; readonly cap?: string }>>;
}

export function textsOf({ version, safety, limits, backorderMost }: Rules): RuleTexts {
  const channels = [...limits].map(([code, { cap, pool }]) => {
    const texts = { pool: fromMilli(pool), ...(cap !== undefined && { cap: fromMilli(cap) }) };
    return [code, texts] as const;
  });
  return {
    version,
    safety: fromMilli(safety),
    ...(backorderMost !== undefined && { backorderMost: fromMilli(backorderMost) }),
    channels: Object.fromEntries(channels.toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

export function rulesFrom({ version, safety, backorderMost, channels }: RuleTexts): Rules {
  const limits = Object.entries(channels).map(([code, { cap, pool }]) => {
    const limit: Limit = { pool: toMilli(pool), ...(cap !== undefined && { cap: toMilli(cap) }) };
    return [code, limit] as const;
  });
  return {
    version,
    safety: toMilli(safety),
    limits: new Map(limits),
    ...(backorderMost !== undefined && { backorderMost: toMilli(backorderMost) }),
  };
}
