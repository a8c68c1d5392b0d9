import type { Needs } from '../reserve-stock/decide.ts';

/**
 * `open` until it expires, `confirmed` before the money is taken and from then on until its order comes, `ordered`
 * when it came. `released` by its shop, `expired`, `late` when it was confirmed after that and its pieces were gone,
 * `refused` when they never were there.
 */
export type ClaimState = 'open' | 'confirmed' | 'ordered' | 'released' | 'expired' | 'late' | 'refused';

/** Why an article of a claim cannot be promised, with what of it is free; thousandths. */
export interface ClaimShortage {
  readonly article: string;
  readonly reason: 'stock' | 'unknown-article' | 'inactive';
  readonly wanted: bigint;
  readonly free: bigint;
}

/** Pieces that a buyer is promised before the payment. */
export interface Claim {
  id?: string;
  readonly channel: string;
  /** Unique in its channel for ever: the request's idempotency key, and what its order names as `claimKey`. */
  readonly key: string;
  /** Tells the same request from another one under its key. */
  readonly digest: string;
  readonly buyer?: string;
  readonly needs: Needs;
  state: ClaimState;
  /** Grows with every change, so that an expiry that was decided on an older state does nothing. */
  version: number;
  expiresAt: Date;
  shortages: readonly ClaimShortage[];
}

export const isHeld = (claim: Claim) => claim.state === 'open' || claim.state === 'confirmed';
