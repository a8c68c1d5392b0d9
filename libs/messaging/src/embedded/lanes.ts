import { BatchSize } from './batch-size.ts';

/**
 * A topic whose batches take longer gets each partition a batch of its own, so that one does not hold up the others.
 */
const QUICK_MS = 1_000;
/** How long news wait for a batch of their topic that is in work, to be settled together with what comes meanwhile. */
const PATIENCE_MS = 250;
/**
 * With more messages the partitions are worth a batch each. Below that several batches at once only wait for each other
 * wherever they touch the same rows: with 200, orders of one article at half of the full rate came twice as late (p99).
 */
const SPAN_MESSAGES = 1_000n;

interface Lane {
  /** Where the group stands and how far the partition reaches, as far as this process has heard. */
  next: bigint;
  end: bigint;
  busy: boolean;
}

/** One batch in work, over one or several partitions. */
export interface Ride {
  readonly partitions: readonly number[];
  readonly sinceMs: number;
  /** How far each partition was known to reach when it began. */
  readonly ends: ReadonlyMap<number, bigint>;
}

/**
 * What this process knows of one topic: where messages wait, and what is in work. A hint at most: what is true stands
 * in the log, and a wrong hint costs a fetch that finds nothing, or a wait until the next look.
 */
export class Lanes {
  readonly size = new BatchSize();
  private readonly lanes = new Map<number, Lane>();
  private readonly rides = new Set<Ride>();
  /** Unknown handlers are taken for slow. */
  private quick = false;
  private waitingSinceMs: number | undefined;

  constructor(readonly topic: string) {}

  /** Messages wait that are in no batch yet, or in one that is in work. */
  hasNews(): boolean {
    return this.rides.size > 0 || [...this.lanes.values()].some(({ next, end }) => end > next);
  }

  /** A partition reaches this far now. */
  hear(partition: number, end: bigint): void {
    const lane = this.lane(partition);
    if (end > lane.end) lane.end = end;
  }

  /** What a look at the log has found. */
  see(partition: number, next: bigint, end: bigint): void {
    const lane = this.lane(partition);
    // What is in work has moved on since the look, perhaps.
    if (!lane.busy) lane.next = next;
    this.hear(partition, end);
  }

  /**
   * The batches to begin now, as lists of partitions, or after how many milliseconds to ask again. Few messages are one
   * batch over all their partitions.
   */
  due(nowMs: number): { batches: number[][]; againInMs?: number } {
    const waiting = [...this.lanes].filter(([, { next, end, busy }]) => !busy && end > next);
    const partitions = waiting.map(([partition]) => partition);
    if (partitions.length === 0) return { batches: [] };
    const ages = [...this.rides].map(({ sinceMs }) => nowMs - sinceMs);
    const count = waiting.reduce((sum, [, { next, end }]) => sum + (end - next), 0n);
    if (!this.quick || count > SPAN_MESSAGES || ages.some((age) => age > QUICK_MS)) {
      this.waitingSinceMs = undefined;
      return { batches: partitions.map((partition) => [partition]) };
    }
    const youngest = Math.min(...ages);
    this.waitingSinceMs ??= nowMs;
    const againInMs = PATIENCE_MS - Math.max(youngest, nowMs - this.waitingSinceMs);
    if (ages.length > 0 && againInMs > 0) return { batches: [], againInMs };
    this.waitingSinceMs = undefined;
    return { batches: [partitions] };
  }

  begin(partitions: readonly number[], nowMs: number): Ride {
    const ends = new Map(partitions.map((partition) => [partition, this.lane(partition).end]));
    for (const partition of partitions) this.lane(partition).busy = true;
    const ride = { partitions, sinceMs: nowMs, ends };
    this.rides.add(ride);
    return ride;
  }

  /** All partitions of the ride but those in `kept` are free again; whoever keeps one frees it. */
  finish(ride: Ride, reached: ReadonlyMap<number, bigint>, nowMs: number, kept = new Set<number>()): void {
    this.rides.delete(ride);
    this.quick = nowMs - ride.sinceMs < QUICK_MS;
    for (const partition of ride.partitions) {
      if (!kept.has(partition)) this.free(partition, reached.get(partition) ?? ride.ends.get(partition));
    }
  }

  /** The partition is settled up to there; or, where it is not ours to settle, there is no use in asking at once. */
  free(partition: number, next: bigint | undefined): void {
    const lane = this.lane(partition);
    lane.busy = false;
    if (next !== undefined) lane.next = next;
  }

  private lane(partition: number): Lane {
    const known = this.lanes.get(partition);
    if (known) return known;
    const lane = { next: 0n, end: 0n, busy: false };
    this.lanes.set(partition, lane);
    return lane;
  }
}
