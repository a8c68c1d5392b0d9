import type { ShelfMethod } from '@samlast/contracts';

/** A level that was published and not confirmed yet, and the most that it can make the shop's allowance. */
export interface Flight {
  readonly version: number;
  readonly allowance: bigint;
}

/**
 * What one channel's shop may sell of one article without asking, in thousandths and in totals since ever, so that
 * no order of messages between topics can confuse them (design 6.3).
 */
export interface Lease {
  readonly channel: string;
  /** All pieces that the shop was ever allowed to sell, as it last confirmed: A. Undefined before it ever did. */
  readonly allowance?: bigint;
  /** Pieces of its orders that were read, less those rejected and those whose cancel was read: S. */
  readonly sold: bigint;
  /** What it can sell that it was not given, such as pieces of a cancelled order that it put back itself: L. */
  readonly ungranted: bigint;
  /** The level version of its last confirmation. */
  readonly confirmed: number;
  /** The allowance that the newest level asks for; undefined before the first. */
  readonly target?: bigint;
  /** Ascending versions from the confirmed one on, falling allowances. */
  readonly flights: readonly Flight[];
  /** How briskly it sells beside the other channels, see `hurry`. */
  readonly pace: bigint;
}

export const emptyLease = (channel: string): Lease => ({
  channel,
  sold: 0n,
  ungranted: 0n,
  confirmed: 0,
  flights: [],
  pace: 0n,
});

const atLeastZero = (quantity: bigint) => (quantity > 0n ? quantity : 0n);
const larger = (one: bigint, other: bigint) => (one > other ? one : other);

/** The most that its allowance is or may become by what is in flight; undefined where nothing is known of it. */
export function reach(lease: Lease): bigint | undefined {
  const [first] = lease.flights;
  if (!first) return lease.allowance;
  return lease.allowance === undefined ? first.allowance : larger(lease.allowance, first.allowance);
}

/** Pieces that the shop can still sell without anybody knowing, at most. */
export function exposure(lease: Lease): bigint {
  return atLeastZero((reach(lease) ?? lease.sold) - lease.sold);
}

/** Pieces that are promised to this channel: nobody else gets them. */
export function guarded(lease: Lease): bigint {
  return atLeastZero(exposure(lease) - lease.ungranted);
}

/** Pieces of an article that are promised to channels. */
export function guardedIn(leases: ReadonlyMap<string, Lease>): bigint {
  let sum = 0n;
  for (const lease of leases.values()) sum += guarded(lease);
  return sum;
}

/** What the newest level lets it show. */
export function shown(lease: Lease): bigint {
  return atLeastZero((lease.target ?? 0n) - lease.sold);
}

const clamped = (lease: Lease): Lease => {
  const most = exposure(lease);
  return lease.ungranted > most ? { ...lease, ungranted: most } : lease;
};

const PACE_SHARE = 16n;

/** An order of the channel was read. */
export function sell(lease: Lease, quantity: bigint): Lease {
  return clamped({ ...lease, sold: lease.sold + quantity });
}

/** It has sold so many of the article just now. */
export function hurry(lease: Lease, quantity: bigint): Lease {
  return { ...lease, pace: lease.pace + quantity };
}

/** The article was sold, by whichever channel: what was sold long ago counts less. */
export function slowDown(lease: Lease): Lease {
  return lease.pace === 0n ? lease : { ...lease, pace: lease.pace - lease.pace / PACE_SHARE - 1n };
}

/**
 * An order of the channel is none any more: its cancel was read. Not yet when it is rejected, since until its shop has
 * cancelled it the shop has not put its pieces back. It does so by itself, so what it can sell more was not given to
 * it, and is to be taken off again.
 */
export function takeBack(lease: Lease, quantity: bigint): Lease {
  const before = exposure(lease);
  const target = lease.target === undefined ? undefined : lease.target - quantity;
  const back = { ...lease, sold: lease.sold - quantity, target };
  return { ...back, ungranted: back.ungranted + exposure(back) - before };
}

export interface Issue {
  readonly version: number;
  readonly level: bigint;
  /** Whether what it gives more is promised to the channel; in shared selling it is not. */
  readonly granted: boolean;
  readonly method: ShelfMethod;
}

const FLIGHTS_MOST = 8;

/** A level is published. Until it is confirmed the largest number counts that any level in flight can lead to. */
export function issue(lease: Lease, { version, level, granted, method }: Issue): Lease {
  const target = level + lease.sold;
  const flights =
    method === 'absolute' ? plainFlights(lease, target, level, version) : flightsTo(lease, target, version);
  const before = exposure(lease);
  const flying = { ...lease, target, flights };
  return granted ? flying : { ...flying, ungranted: flying.ungranted + exposure(flying) - before };
}

function flightsTo(lease: Lease, target: bigint, version: number): readonly Flight[] {
  const higher = lease.flights.filter((one) => one.allowance > target);
  return merged([...higher, { version, allowance: target }]);
}

/**
 * A plain write may erase every sale that was not read yet, so what it writes counts beside what there is. One write is
 * counted, under the version that it was first counted for; none where the shop shows that number already.
 */
function plainFlights(lease: Lease, target: bigint, level: bigint, version: number): readonly Flight[] {
  const known = reach(lease);
  if (lease.flights.length > 0 ? lease.target === target : lease.allowance === target) return lease.flights;
  return [{ version, allowance: known === undefined ? target : larger(known, lease.sold) + level }];
}

/**
 * From which version on one plain write of a number above 0 is counted; 0 where none is, since the shop is taken to
 * show what the newest level says. Undefined for a shop whose writes cannot erase a sale.
 */
export function writableSince(lease: Lease, method: ShelfMethod): number | undefined {
  return method === 'absolute' ? (lease.flights.at(-1)?.version ?? 0) : undefined;
}

/** Few enough to be kept: the two newest become one that counts as the worse of both for as long as the later. */
function merged(flights: Flight[]): Flight[] {
  const [last, one] = [flights.at(-1), flights.at(-2)];
  if (flights.length <= FLIGHTS_MOST || !last || !one) return flights;
  return [
    ...flights.slice(0, -2),
    { version: last.version, allowance: larger(one.allowance, last.allowance) },
  ];
}

export interface Report {
  readonly version: number;
  readonly allowance: bigint;
  /** What buyers can still take there. */
  readonly shows: bigint;
  /** Whether the article was leased to this channel when that version was published. */
  readonly granted: boolean;
  /** Whether no level has been published since. */
  readonly newest: boolean;
  readonly method: ShelfMethod;
}

/** The shop's number is known again: the allowance is what it says, and what was in flight before has landed. */
export function confirm(lease: Lease, report: Report): Lease {
  const { version, allowance, shows, granted, newest, method } = report;
  if (version < lease.confirmed) return lease;
  const before = guarded(lease);
  const next = { ...lease, allowance, confirmed: version, flights: [] };
  const landed = method === 'absolute' ? landedPlain(next, lease, newest) : landedOf(next, lease, newest);
  // Of pieces that are shared now nothing is promised to it, but what it has sold of its own and nobody has read yet.
  const unread = atLeastZero(exposure(next) - shows);
  const kept = granted || unread > before ? before : unread;
  return { ...landed, ungranted: atLeastZero(exposure(landed) - kept) };
}

/**
 * The version itself stays in flight until the shop shows what it says, or a later one is confirmed: a channel that
 * hears of its orders late shows less than the level first, and raises it to the level afterwards.
 */
function landedOf(next: Lease, { flights, target = 0n }: Lease, newest: boolean): Lease {
  const { confirmed: version } = next;
  if (!newest) return { ...next, flights: flights.filter((one) => one.version >= version) };
  // Of the newest nothing but what it asks for is left, also where it was counted as one with higher ones before it.
  const isShown = exposure(next) === shown({ ...next, target });
  return isShown ? next : { ...next, flights: [{ version, allowance: target }] };
}

/**
 * Under a version that it has said something about a channel writes no plain number but 0 any more, so a shop that
 * shows less than its level is not raised to it: it is given more by a later one, when that is counted.
 */
function landedPlain(next: Lease, { flights }: Lease, newest: boolean): Lease {
  const left = flights.filter((one) => one.version > next.confirmed);
  const lowered = newest && exposure(next) < shown(next);
  return { ...next, flights: left, ...(lowered && { target: next.allowance }) };
}

/** As much of what the channel can sell anyway is promised to it as there is room for. */
export function grant(lease: Lease, room: bigint): Lease {
  if (room <= 0n || lease.ungranted === 0n) return lease;
  return { ...lease, ungranted: atLeastZero(lease.ungranted - room) };
}

/** What its shop was given since is not known: until it confirms a level after this version it may sell so many. */
export function restored(lease: Lease, version: number, most: bigint): Lease {
  const allowance = lease.sold + larger(exposure(lease), most);
  return { ...lease, ungranted: 0n, flights: [{ version, allowance }] };
}

/** Nothing is promised to the channel any more, whatever its shop shows: a person gave it up. */
export function giveUp(lease: Lease): Lease {
  return { ...lease, ungranted: exposure(lease) };
}
