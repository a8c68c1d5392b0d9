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
  /** Channels wait for pieces or take what there is. */
  readonly policies: boolean;
}

export const NONE: Extras = { staff: false, ownNumbers: false, policies: false };

export function extrasOf(seed: number): Extras {
  const random = new Random(seed ^ 0xb16);
  return { staff: random.oneIn(2), ownNumbers: random.oneIn(3), policies: random.oneIn(2) };
}
