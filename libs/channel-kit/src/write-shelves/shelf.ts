import type { ShelfAccess } from '../shop-shelf.ts';

/** Thousandths of a piece, so that 1000n is one whole piece. */
const PIECE = 1000n;

/** What is known of an article before its number is read from the shop. All in thousandths. */
export interface ShelfFacts {
  readonly method: ShelfAccess['method'];
  readonly wholePieces: boolean;
  /** What this channel's shop may show, by the newest level. */
  readonly level: bigint;
  /** Own sales that this level may still contain. */
  readonly uncounted: bigint;
  /** Pieces of own orders that the shop has not fulfilled. */
  readonly open: bigint;
  /** Pieces of orders read, less cancels read, when these facts were gathered: S of design 6.3. */
  readonly sold: bigint;
  /** Pieces the shop was ever allowed to sell: A. Undefined until it could be told. */
  readonly allowance?: bigint;
  /**
   * A number that was read before, and whether the order feed has been read past that moment since. For `stocked` the
   * larger one of what it had and what it had promised its buyers.
   */
  readonly anchor?: { readonly number: bigint; readonly feedReadPast: boolean };
  /** The shop sells on lease: it may never come to show more than it was told, whatever its own number hides. */
  readonly exact?: boolean;
  /**
   * No plain write of a number above 0 is counted for this level any more: one was begun, or the authority was told
   * what came of it, or it takes the shop to show the level already.
   */
  readonly spent?: boolean;
  /** What the authority was told that the shop was ever allowed to sell under this level; undefined before it was. */
  readonly told?: bigint;
}

export interface ShelfReading {
  readonly number: bigint;
  readonly reserved?: bigint;
  /** About to be paid for, see `ShelfNumber`. */
  readonly atPayment?: bigint;
}

export interface ShelfDecision {
  /** What the shop's own number should be; equal to what was read when nothing is to be written. */
  readonly to: bigint;
  /** The allowance as it is known with this reading, and as it is once `to` has been written. */
  readonly allowance?: bigint;
  readonly allowanceAfter?: bigint;
  /** Undefined while nothing may be written yet: how much the shop has been allowed to sell is not known. */
  readonly write: boolean;
  /** The number is not what orders explain: look again once the feed has been read past this reading. */
  readonly again: boolean;
  /** The shop should show more, and only under a newer level it may be written: one is asked for. */
  readonly renew?: boolean;
  /** No order explains the number, although the feed was read past it: somebody changed it by hand. */
  readonly editedByHand: boolean;
  /** The allowance that is proven by this reading, and the one that is proven by nothing but a successful write. */
  readonly proven?: bigint;
  readonly provenByWrite?: bigint;
}

/** The most that the shop was ever allowed to sell once this write was begun, whether it happens or not. */
export function allowedByBeginning({ allowance, allowanceAfter }: ShelfDecision): bigint | undefined {
  if (allowance === undefined || allowanceAfter === undefined) return allowance ?? allowanceAfter;
  return allowance > allowanceAfter ? allowance : allowanceAfter;
}

/** What is remembered of a reading, to be compared with a later one. */
export function anchorOf(method: ShelfAccess['method'], read: ShelfReading): bigint {
  const promised = promisedBy(read);
  return method === 'stocked' && promised > read.number ? promised : read.number;
}

/** What buyers have, or get when they pay. */
function promisedBy({ reserved = 0n, atPayment = 0n }: ShelfReading): bigint {
  return reserved + atPayment;
}

/**
 * What the shelf should be. Sales that this level does not count yet are subtracted: those that were read, and those
 * that the shop's own number gives away although no order of them was read (design 6.3, the shelf).
 */
export function decideShelf(facts: ShelfFacts, read: ShelfReading): ShelfDecision {
  if (facts.method === 'stocked') return decideStocked(facts, read);
  if (facts.method === 'none') {
    const to = offer(facts, 0n);
    return { to, write: to !== read.number, again: false, editedByHand: false };
  }
  const anchored = facts.anchor?.feedReadPast === true && facts.anchor.number === read.number;
  // Nothing was sold between the two readings, and everything before the first has been read: no guess is left.
  const allowance = anchored ? facts.sold + read.number : facts.allowance;
  if (allowance === undefined) return { to: read.number, write: false, again: true, editedByHand: false };
  const gap = allowance - read.number - facts.sold;
  // A gap below zero is pieces put back that no cancel explains yet. They are not counted as sales undone.
  const unseen = gap > 0n ? gap : 0n;
  const plain = facts.method === 'absolute';
  const exact = plain && facts.exact === true;
  if (exact && !anchored) return decideUnproven(facts, read, allowance);
  const wanted = exact ? spared(facts, unseen, read.number) : offer(facts, unseen);
  const spent = exact && facts.spent === true && wanted !== read.number;
  // Lowered it may be at any time, but only to 0: a plain write of any other number raises it where more was sold.
  const to = !spent ? wanted : wanted > read.number ? read.number : 0n;
  const allowanceAfter = facts.sold + unseen + to;
  // A plain write may have erased sales, so nothing but a number that stood still while the feed was read past it
  // proves anything. The others keep books themselves; pieces put back by somebody are counted, never left out.
  const most = facts.sold + read.number;
  const proven = plain && !anchored ? undefined : allowance > most ? allowance : most;
  return {
    to,
    allowance,
    allowanceAfter,
    write: to !== read.number,
    again: gap !== 0n || (facts.exact === true && facts.told === undefined && proven === undefined),
    editedByHand: anchored && facts.allowance !== undefined && facts.allowance !== allowance,
    ...(proven !== undefined && { proven }),
    ...(!plain && { provenByWrite: allowanceAfter }),
    ...(spent && wanted > read.number && { renew: true }),
  };
}

/**
 * The last plain write may have erased sales, so how many were sold is known only once the feed was read past it. Until
 * then nothing but 0 may be written, which adds nothing to what was sold, and only to lower.
 */
function decideUnproven(facts: ShelfFacts, read: ShelfReading, allowance: bigint): ShelfDecision {
  const write = read.number > offer({ ...facts, uncounted: 0n }, 0n);
  const to = write ? 0n : read.number;
  return { to, allowance, allowanceAfter: allowance, write, again: true, editedByHand: false };
}

/**
 * The shop subtracts its reservations by itself, those of orders not read yet too, so only orders that were read are
 * added. Not more than it has reserved: a fulfilment that was not read yet has taken its pieces from both already.
 */
function decideStocked(facts: ShelfFacts, read: ShelfReading): ShelfDecision {
  const reserved = read.reserved ?? 0n;
  const held = facts.open < reserved ? facts.open : reserved;
  const to = offer(facts, 0n) + held;
  // What it has fulfilled is known for sure only once the feed has been read past the reading: then all that it ever
  // could sell is what it had, or had promised, beside what it has fulfilled since ever.
  // A fulfilment since would be counted twice, in the older reading and beside it.
  const still = facts.anchor?.number === anchorOf('stocked', read);
  const past = still && facts.anchor?.feedReadPast ? facts.anchor : undefined;
  const fulfilled = facts.sold - facts.open;
  const proven = past && fulfilled + past.number;
  // It was not told, or the number does not fit what was told: a fulfilment was not read yet, or it was edited by hand.
  const toTell = facts.exact === true && facts.told !== fulfilled + anchorOf('stocked', read);
  // Who goes back from the payment leaves no trace in any feed, so it is looked at until nobody there can take more.
  const mayBeLeft = facts.exact === true && (read.atPayment ?? 0n) > 0n && promisedBy(read) > read.number;
  return {
    to,
    write: to !== read.number,
    again: (toTell && proven === undefined) || mayBeLeft,
    editedByHand: false,
    ...(proven !== undefined && { proven }),
  };
}

/**
 * A plain write may erase a sale, so none is made without need: while it is not known whether the level contains own
 * sales, every number between the two readings of it is left as it is.
 */
function spared(facts: ShelfFacts, unseen: bigint, number: bigint): bigint {
  const least = offer(facts, unseen);
  const most = offer({ ...facts, uncounted: 0n }, unseen);
  return number >= least && number <= most ? number : least;
}

function offer(facts: ShelfFacts, unseen: bigint): bigint {
  const offered = facts.level - facts.uncounted - unseen;
  if (offered <= 0n) return 0n;
  return facts.wholePieces ? offered - (offered % PIECE) : offered;
}

/** What buyers can take, by what was read. */
export function offeredBy(method: ShelfAccess['method'], read: ShelfReading): bigint {
  return method === 'stocked' ? read.number - (read.reserved ?? 0n) : read.number;
}

/**
 * How much more than it was told a shop left on its shelf, which it says with its answer: what a buyer at its payment
 * holds cannot be taken off. Those pieces may still be sold, so they are allowed.
 */
export function keptBack(method: ShelfAccess['method'], to: bigint, after: ShelfReading): bigint {
  return method === 'compare-and-set' && after.number > to ? after.number - to : 0n;
}

export function more(allowance: bigint | undefined, kept: bigint): bigint | undefined {
  return allowance === undefined ? undefined : allowance + kept;
}
