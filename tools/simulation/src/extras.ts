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
  /** What each channel does with an order that it cannot cover; empty where the world says so anyway. */
  readonly policies: readonly Channel['shortPolicy'][];
  /** A few pieces that are plenty now and scarce then, and feeds that are read seldom. */
  readonly switching: boolean;
  /** People set safety stock, caps and pools. */
  readonly rules: boolean;
  /** Reads of stock take long, several at a time, and some go on in a gateway that has lost the lead meanwhile. */
  readonly slowReads: boolean;
  /** Shops sell kits beside their parts. */
  readonly kits: boolean;
  /** Requests arrive at the warehouse after their time is out, and newer versions of orders take older ones' place. */
  readonly slowWarehouse: boolean;
  /** Buyers stand at the payment for a while, where some shops keep pieces for them. */
  readonly payments: boolean;
  /** Some channels on lease are there only later, and some are given free and come again. */
  readonly lateChannels: boolean;
}

/** How much of it a world has: nothing, what the first samples had, what later ones had, or all. */
export const WIDTHS = ['narrow', 'wide', 'broad', 'whole', 'full'] as const;
export type Width = (typeof WIDTHS)[number];

const NONE: Extras = {
  staff: false,
  ownNumbers: false,
  policies: [],
  switching: false,
  rules: false,
  slowReads: false,
  kits: false,
  slowWarehouse: false,
  payments: false,
  lateChannels: false,
};
const POLICIES = ['backorder', 'partial', 'hold', 'reject'] as const;

export function extrasOf(seed: number, width: Width): Extras {
  if (width === 'narrow') return NONE;
  if (width === 'wide') return wideOf(seed);
  const broad = { ...wideOf(seed), ...laterOf(seed) };
  if (width === 'broad') return broad;
  const whole = { ...broad, slowWarehouse: new Random(seed ^ 0x51a).oneIn(4) };
  return width === 'whole' ? whole : { ...whole, ...newestOf(seed) };
}

function newestOf(seed: number): Partial<Extras> {
  const random = new Random(seed ^ 0xca5);
  const payments = random.oneIn(3);
  const lateChannels = random.oneIn(4);
  return { payments, lateChannels };
}

function laterOf(seed: number): Partial<Extras> {
  const random = new Random(seed ^ 0x1a7e);
  const slowReads = random.oneIn(4);
  const kits = random.oneIn(4);
  return { slowReads, kits };
}

function wideOf(seed: number): Extras {
  const random = new Random(seed ^ 0xb16);
  const staff = random.oneIn(2);
  const ownNumbers = random.oneIn(3);
  // Once drawn for what every channel does now.
  random.oneIn(2);
  const policies = random.oneIn(2) ? [0, 1, 2, 3].map(() => random.pick(POLICIES)) : [];
  const switching = random.oneIn(8);
  const rules = random.oneIn(3);
  return { ...NONE, staff, ownNumbers, policies, switching, rules };
}
