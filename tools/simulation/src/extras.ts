import type { Channel } from '@samlast/contracts';
import { Random } from './random.ts';

/**
 * What some worlds have beside. It is drawn apart from the rest, so that a world without any of it stays what it was
 * when its seed found a defect.
 */
export interface Extras {
  /** Staff changes orders in the shop after they were sent on. */
  readonly staff: boolean;
  /** Shops have numbers of their own before the first level reaches them. */
  readonly ownNumbers: boolean;
  /** Channels that do not sell on lease tell what staff changes: an order again under a higher revision. */
  readonly amends: boolean;
  /** What each channel does with an order that it cannot cover; empty where the world says so anyway. */
  readonly policies: readonly Channel['shortPolicy'][];
  /** A few pieces that are plenty now and scarce then, and feeds that are read seldom. */
  readonly switching: boolean;
  /** People set safety stock, caps and pools. */
  readonly rules: boolean;
}

export const NONE: Extras = {
  staff: false,
  ownNumbers: false,
  amends: false,
  policies: [],
  switching: false,
  rules: false,
};
const POLICIES = ['backorder', 'partial', 'hold', 'reject'] as const;

export function extrasOf(seed: number): Extras {
  const random = new Random(seed ^ 0xb16);
  const staff = random.oneIn(2);
  const ownNumbers = random.oneIn(3);
  const amends = random.oneIn(2);
  const policies = random.oneIn(2) ? [0, 1, 2, 3].map(() => random.pick(POLICIES)) : [];
  const switching = random.oneIn(8);
  const rules = random.oneIn(3);
  return { staff, ownNumbers, amends, policies, switching, rules };
}
