import { describe, expect, it } from '@jest/globals';
import { array, assert, constantFrom, property } from 'fast-check';
import { decideShelf, type ShelfFacts, type ShelfReading } from './shelf.ts';

const seed = Date.now() % 2_147_483_647;
process.stderr.write(`shelf.random.spec: seed ${seed}\n`);

const PIECE = 1000n;
const PIECES = 6n * PIECE;

type Step =
  | 'buy'
  | 'read-feed'
  | 'decide'
  | 'publish'
  | 'hear-decision'
  | 'hear-level'
  | 'look'
  | 'race'
  | 'lose'
  | 'receive';
const steps = constantFrom<Step>(
  'buy', 'buy', 'read-feed', 'decide', 'publish', 'hear-decision', 'hear-level', 'look', 'race', 'lose', 'receive',
); // prettier-ignore

const larger = (a: bigint, b: bigint) => (a > b ? a : b);

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
  /** What there is, and by how much more the shop could ever have sold, but for what plain writes erased. */
  pieces = PIECES;
  tooMany = 0n;
  /**
   * Sales in the moment of a plain write, which replaced the number that they had lowered. On lease only of the last
   * one above 0: before the next all sales are known.
   */
  erased = 0n;
  /** By how much the shop could sell more than a look has proven. */
  unproven = 0n;
  private version = 0;
  private number = 0n;
  private newest = { version: 0, level: 0n };
  private allowance: bigint | undefined;
  private pending: bigint | undefined;
  private anchor: { number: bigint; at: number } | undefined;
  private feedReadAt = -1;
  private clock = 0;

  constructor(
    private readonly method: 'compare-and-set' | 'relative' | 'stocked' | 'absolute',
    private readonly exact = false,
  ) {}

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
    else if (step === 'receive') this.pieces += PIECE;
    else this.look(step);
    this.tooMany = larger(this.tooMany, this.sold + this.left() - this.pieces - this.erased);
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
    if (order && BigInt(reserved) * PIECE < this.pieces) order.counted = this.version + 1;
  }

  private publish(): void {
    this.version++;
    const reserved = this.orders.filter((order) => (order.counted ?? Infinity) <= this.version).length;
    this.levels.push({ version: this.version, level: this.pieces - BigInt(reserved) * PIECE });
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
      exact: this.exact,
    };
    const seen: ShelfReading = { number: this.number, reserved: this.sold };
    const decision = decideShelf(facts, seen);
    if (decision.proven !== undefined)
      this.unproven = larger(this.unproven, this.sold + this.left() - decision.proven);
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
    if (this.method === 'absolute')
      this.erased = from - this.number + (this.exact && to > 0n ? 0n : this.erased);
    this.number = next;
    return true;
  }
}

describe('a shop that is written while it sells', () => {
  const play = (world: World, list: readonly Step[]): World => {
    for (const step of ['look', 'read-feed', 'publish', 'hear-level', ...list] as const) world.take(step);
    return world;
  };
  const lists = array(steps, { minLength: 10, maxLength: 120 });

  it.each(['compare-and-set', 'relative', 'stocked'] as const)(
    'never sells a piece twice, whatever comes late, crosses or is lost (%s)',
    (method) => {
      assert(
        property(lists, (list) => {
          expect(play(new World(method), list).tooMany).toBe(0n);
        }),
        { seed, numRuns: 3_000 },
      );
    },
  );

  it.each([false, true])(
    'sells no piece twice but those of sales that a plain write erased (on lease: %s)',
    (exact) => {
      assert(
        property(lists, (list) => {
          expect(play(new World('absolute', exact), list).tooMany).toBe(0n);
        }),
        { seed, numRuns: 3_000 },
      );
    },
  );

  it.each(['compare-and-set', 'relative', 'absolute'] as const)(
    'can sell on lease no more than a look has proven, whatever comes late, crosses or is lost (%s)',
    (method) => {
      assert(
        property(lists, (list) => {
          expect(play(new World(method, true), list).unproven).toBe(0n);
        }),
        { seed, numRuns: 3_000 },
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
