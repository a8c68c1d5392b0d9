import { describe, expect, it } from '@jest/globals';
import { array, assert, constantFrom, property } from 'fast-check';
import { decideShelf, type ShelfFacts, type ShelfReading } from './shelf.ts';

const PIECE = 1000n;
const PIECES = 6n * PIECE;

type Step =
  'buy' | 'read-feed' | 'decide' | 'publish' | 'hear-decision' | 'hear-level' | 'look' | 'race' | 'lose';
const steps = constantFrom<Step>(
  'buy', 'buy', 'read-feed', 'decide', 'publish', 'hear-decision', 'hear-level', 'look', 'race', 'lose',
); // prettier-ignore

interface Order {
  read: boolean;
  /** The first level version without it, as the authority decided and as the channel has heard. */
  counted?: number;
  heard?: number;
}

/** One shop, one article, an authority with so many pieces, and messages that come in any order. */
class World {
  readonly orders: Order[] = [];
  readonly levels: { version: number; level: bigint }[] = [];
  private version = 0;
  private number = 0n;
  private newest = { version: 0, level: 0n };
  private allowance: bigint | undefined;
  private pending: bigint | undefined;
  private anchor: { number: bigint; at: number } | undefined;
  private feedReadAt = -1;
  private clock = 0;

  constructor(private readonly method: 'compare-and-set' | 'relative' | 'stocked') {}

  get sold(): bigint {
    return BigInt(this.orders.length) * PIECE;
  }

  take(step: Step): void {
    this.clock++;
    if (step === 'buy') this.buy();
    else if (step === 'read-feed') this.readFeed();
    else if (step === 'decide') this.decide();
    else if (step === 'publish') this.publish();
    else if (step === 'hear-decision') this.hearDecision();
    else if (step === 'hear-level') this.hearLevel();
    else this.look(step);
  }

  private left(): bigint {
    return this.method === 'stocked' ? this.number - this.sold : this.number;
  }

  private buy(): void {
    if (this.left() < PIECE) return;
    if (this.method !== 'stocked') this.number -= PIECE;
    this.orders.push({ read: false });
  }

  private readFeed(): void {
    for (const order of this.orders) order.read = true;
    this.feedReadAt = this.clock;
  }

  /** The authority reserves the oldest order that it can; the pieces leave the level with its next version. */
  private decide(): void {
    const reserved = this.orders.filter((order) => order.counted !== undefined).length;
    const order = this.orders.find((one) => one.read && one.counted === undefined);
    if (order && BigInt(reserved) * PIECE < PIECES) order.counted = this.version + 1;
  }

  private publish(): void {
    this.version++;
    const reserved = this.orders.filter((order) => (order.counted ?? Infinity) <= this.version).length;
    this.levels.push({ version: this.version, level: PIECES - BigInt(reserved) * PIECE });
  }

  private hearDecision(): void {
    const order = this.orders.find((one) => one.counted !== undefined && one.heard === undefined);
    if (order) order.heard = order.counted;
  }

  private hearLevel(): void {
    const level = this.levels.shift();
    if (level && level.version > this.newest.version) this.newest = level;
  }

  /** What ShelfWriter and its tables do, in memory. */
  private look(step: Step): void {
    const read = this.orders.filter((order) => order.read);
    const uncounted = read.filter(
      (order) => !(order.heard !== undefined && order.heard <= this.newest.version),
    );
    const allowances = [this.allowance, this.pending].filter((one) => one !== undefined);
    const facts: ShelfFacts = {
      method: this.method,
      wholePieces: true,
      level: this.newest.level,
      uncounted: BigInt(uncounted.length) * PIECE,
      open: BigInt(read.length) * PIECE,
      sold: BigInt(read.length) * PIECE,
      allowance: allowances.length > 0 ? allowances.reduce((a, b) => (a > b ? a : b)) : undefined,
      anchor: this.anchor && { number: this.anchor.number, feedReadPast: this.feedReadAt > this.anchor.at },
    };
    const seen: ShelfReading = { number: this.number, reserved: this.sold };
    const decision = decideShelf(facts, seen);
    this.allowance = decision.allowance;
    this.pending = undefined;
    if (decision.again && this.anchor?.number !== seen.number)
      this.anchor = { number: seen.number, at: this.clock };
    if (!decision.write) return;
    this.pending = decision.allowanceAfter;
    this.anchor = undefined;
    if (step === 'race') this.buy();
    if (!this.write(seen.number, decision.to)) {
      this.pending = undefined;
      return;
    }
    // The answer is lost: what the write would allow stays counted.
    if (step === 'lose') return;
    this.allowance = decision.allowanceAfter;
    this.pending = undefined;
    this.anchor = { number: decision.to, at: this.clock };
  }

  private write(from: bigint, to: bigint): boolean {
    if (this.method === 'compare-and-set' && this.number !== from) return false;
    const next = this.method === 'relative' ? this.number + to - from : to;
    if (next < 0n) return false;
    this.number = next;
    return true;
  }
}

describe('a shop that is written while it sells', () => {
  it.each(['compare-and-set', 'relative', 'stocked'] as const)(
    'never sells a piece twice, whatever comes late, crosses or is lost (%s)',
    (method) => {
      assert(
        property(array(steps, { minLength: 10, maxLength: 120 }), (list) => {
          const world = new World(method);
          world.take('look');
          world.take('read-feed');
          world.take('publish');
          world.take('hear-level');
          for (const step of list) world.take(step);
          expect(world.sold).toBeLessThanOrEqual(PIECES);
        }),
        { numRuns: 3_000 },
      );
    },
  );

  it('sells every piece in the end', () => {
    const world = new World('compare-and-set');
    const round: Step[] = [
      'look', 'read-feed', 'decide', 'publish', 'hear-decision', 'hear-level', 'look', 'read-feed', 'look', 'buy',
    ]; // prettier-ignore
    for (let count = 0; count < 40; count++) for (const step of round) world.take(step);
    expect(world.sold).toBe(PIECES);
  });
});
