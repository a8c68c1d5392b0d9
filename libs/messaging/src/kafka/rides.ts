import type { EntityManager } from 'typeorm';
import {
  type Announce,
  type Fence,
  type Outgoing,
  type RawMessage,
  type Settler,
  Stopped,
  type Taking,
} from '../transport.ts';

/** Of more messages a transaction costs so much that those of another partition save nothing. */
const SPAN_MESSAGES = 500;
/** While a topic's transactions take longer, each partition gets its own, so that one does not hold up the others. */
const QUICK_MS = 1_000;

/**
 * Kafka keeps the cursor itself: the offset is committed after the transaction, and the inbox drops what comes again.
 */
const noFence: Fence = { enter: async () => {}, leave: async () => {} };

type Append = (tx: EntityManager, outgoing: Outgoing[]) => Promise<Announce>;

/** A batch of one partition that is to be settled. */
interface Seat {
  readonly batch: RawMessage[];
  readonly stop: AbortSignal;
  /** Set once the ride has begun that has this batch on it. */
  ride?: Ride;
  readonly settled: () => void;
  readonly failed: (error: unknown) => void;
}

interface Topic {
  readonly waiting: Seat[];
  /** Rides that wait for their transaction: who comes before it begins still gets on. */
  readonly called: Set<Ride>;
  readonly underWay: Set<Ride>;
  /** Unknown handlers are taken for slow. */
  quick: boolean;
}

/**
 * Settles what waits in several partitions of a topic in one transaction (decision 0009). Who rides together is known
 * only when the transaction begins, so a service that works on one batch at a time takes all that queued meanwhile.
 */
export class Rides {
  private readonly topics = new Map<string, Topic>();

  constructor(
    private readonly settler: Settler,
    private readonly append: Append,
    private readonly nowMs = () => performance.now(),
  ) {}

  /** Settles a batch of one partition. Rejects with Stopped once `stop` is aborted and nothing of it is under way. */
  board(batch: RawMessage[], stop: AbortSignal): Promise<void> {
    const name = batch[0]?.topic ?? '';
    const topic = this.topics.get(name) ?? noneYet();
    this.topics.set(name, topic);
    return new Promise<void>((settled, failed) => {
      const seat: Seat = { batch, stop, settled, failed };
      stop.addEventListener('abort', () => this.getOff(topic, seat), { once: true });
      topic.waiting.push(seat);
      // Later in this turn of the event loop, so that what was fetched together rides together.
      setImmediate(() => this.call(topic));
    });
  }

  private getOff(topic: Topic, seat: Seat): void {
    seat.ride?.left.abort();
    const at = topic.waiting.indexOf(seat);
    if (at < 0) return;
    topic.waiting.splice(at, 1);
    if (topic.waiting.length === 0) for (const ride of topic.called) ride.left.abort();
    seat.failed(new Stopped('stopped before a transaction'));
  }

  private call(topic: Topic): void {
    const wanted = this.isQuick(topic) ? Math.min(1, topic.waiting.length) : topic.waiting.length;
    while (topic.called.size < wanted) void this.go(topic);
  }

  private async go(topic: Topic): Promise<void> {
    const ride = new Ride(() => this.fill(topic, ride), this.append);
    topic.called.add(ride);
    try {
      const error = await this.settler.takeIn(ride, ride.left.signal);
      if (error === undefined) for (const seat of ride.seats) seat.settled();
      else this.settleApart(ride.seats.length > 0 ? ride.seats : topic.waiting.splice(0), error);
    } catch (error) {
      // One of them had to get off, and the others begin again.
      for (const seat of ride.seats.toReversed()) {
        seat.ride = undefined;
        if (error instanceof Stopped && !seat.stop.aborted) topic.waiting.unshift(seat);
        else seat.failed(error);
      }
    }
    if (ride.sinceMs !== undefined) topic.quick = this.nowMs() - ride.sinceMs < QUICK_MS;
    topic.called.delete(ride);
    topic.underWay.delete(ride);
    this.call(topic);
  }

  /** Puts those on it who wait at this moment. */
  private fill(topic: Topic, ride: Ride): Seat[] {
    topic.called.delete(ride);
    topic.underWay.add(ride);
    ride.sinceMs = this.nowMs();
    const seats = this.isQuick(topic) ? upTo(SPAN_MESSAGES, topic.waiting) : topic.waiting.splice(0, 1);
    for (const seat of seats) seat.ride = ride;
    if (topic.waiting.length > 0) setImmediate(() => this.call(topic));
    return seats;
  }

  private isQuick({ quick, underWay }: Topic): boolean {
    const now = this.nowMs();
    return quick && [...underWay].every(({ sinceMs = now }) => now - sinceMs < QUICK_MS);
  }

  /** A fault holds up its own partition only. An error of several together says nothing about one of them. */
  private settleApart(seats: readonly Seat[], error: unknown): void {
    const known = seats.length === 1 ? error : undefined;
    for (const { batch, stop, settled, failed } of seats) {
      this.settler.settle(batch, noFence, stop, known).then(settled, failed);
    }
  }
}

class Ride implements Taking {
  readonly left = new AbortController();
  /** Named once it is known who rides. */
  readonly places: string[] = [];
  readonly movesCursor = false;
  seats: Seat[] = [];
  sinceMs: number | undefined;

  constructor(
    private readonly fill: () => Seat[],
    private readonly append: Append,
  ) {}

  /** Another try is made with the same ones. */
  async read(): Promise<RawMessage[]> {
    if (this.sinceMs === undefined) {
      this.seats = this.fill();
      for (const { batch } of this.seats) this.places.push(`${batch[0]?.topic}/${batch[0]?.partition}`);
    }
    return this.seats.flatMap(({ batch }) => batch);
  }

  leave(tx: EntityManager, outgoing: Outgoing[]): Promise<Announce> {
    return this.append(tx, outgoing);
  }
}

function noneYet(): Topic {
  return { waiting: [], called: new Set(), underWay: new Set(), quick: false };
}

/** Takes whole batches off the front: one at least, and no more messages together than so many. */
function upTo(messages: number, waiting: Seat[]): Seat[] {
  let count = 0;
  const end = waiting.findIndex(({ batch }, at) => {
    count += batch.length;
    return at > 0 && count > messages;
  });
  return waiting.splice(0, end < 0 ? waiting.length : end);
}
