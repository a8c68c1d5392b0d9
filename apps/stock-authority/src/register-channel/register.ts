import type { ShelfMethod } from '@samlast/contracts';

/** Who holds a channel's code, as far as the table knows. Times in milliseconds. */
export interface Registration {
  readonly kind: string;
  readonly shopIdentity: string;
  readonly instanceId: string;
  readonly seenAt: number;
  readonly method?: ShelfMethod;
  readonly standbyId?: string;
  readonly standbySeenAt?: number;
}

export interface Asking {
  readonly kind: string;
  readonly shopIdentity: string;
  readonly instanceId: string;
  readonly method?: ShelfMethod;
}

export type Registered =
  { readonly role: 'active' | 'standby'; readonly now: Registration } | { readonly role: 'refused' };

/**
 * One shop holds a code, with one instance that works for it. A second instance of the same shop stands by,
 * and takes over when the first has been silent for long enough. Another shop never takes a code over by
 * itself, however long the holder is silent: two shops under one code would make the same order numbers.
 */
export function register(
  known: Registration | undefined,
  asking: Asking,
  now: number,
  silentAfterMs: number,
): Registered {
  const { kind, shopIdentity, instanceId, method } = asking;
  const mine: Registration = { kind, shopIdentity, instanceId, seenAt: now, ...(method && { method }) };
  if (!known) return { role: 'active', now: mine };
  if (known.shopIdentity !== shopIdentity) return { role: 'refused' };
  const { standbyId, standbySeenAt } = known;
  if (known.instanceId === instanceId) {
    return { role: 'active', now: { ...mine, ...(standbyId && { standbyId, standbySeenAt }) } };
  }
  if (now - known.seenAt > silentAfterMs) return { role: 'active', now: mine };
  // Seen at a time that is yet to come, it was seen before the clock jumped back: its silence counts from now on.
  const seenAt = Math.min(known.seenAt, now);
  return { role: 'standby', now: { ...known, seenAt, standbyId: instanceId, standbySeenAt: now } };
}

/**
 * An instance that ends in order says so, and the next one need not wait until it counts as silent. The code
 * stays with the shop. Undefined where the instance holds nothing.
 */
export function leave(known: Registration | undefined, instanceId: string): Registration | undefined {
  if (known?.instanceId === instanceId) return { ...known, seenAt: 0 };
  if (known?.standbyId !== instanceId) return undefined;
  const { standbyId: _left, standbySeenAt: _seen, ...rest } = known;
  return rest;
}
