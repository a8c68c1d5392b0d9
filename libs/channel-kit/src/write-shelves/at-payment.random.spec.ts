import { describe, expect, it } from '@jest/globals';
import { array, assert, constantFrom, property } from 'fast-check';
import { anchorOf, decideShelf, type ShelfFacts, type ShelfReading } from './shelf.ts';

const PIECE = 1000n;

type Step = 'to-payment' | 'pay' | 'go-back' | 'read-feed' | 'look' | 'raise' | 'lower';
const steps = constantFrom<Step>(
  'to-payment',
  'to-payment',
  'pay',
  'go-back',
  'read-feed',
  'look',
  'raise',
  'lower',
);

/** A shop on lease that reserves with the order only, and lets nobody to the payment for a piece that is spoken for. */
class World {
  told: bigint | undefined;
  private number = 0n;
  private ordered = 0n;
  private ordersRead = 0n;
  private atPayment = 0n;
  private level = 4n * PIECE;
  private anchor: { number: bigint; at: number } | undefined;
  private feedReadAt = -1;
  private clock = 0;

  constructor(private readonly countsBuyersAtPayment: boolean) {}

  /** With everybody who still gets there, and pays. */
  get mostThatCanBeSold(): bigint {
    const promised = this.ordered + this.atPayment;
    return promised > this.number ? promised : this.number;
  }

  take(step: Step, meanwhile?: Step): void {
    this.clock++;
    if (step === 'look') this.look(meanwhile);
    else if (step === 'read-feed') this.readFeed();
    else if (step === 'raise') this.level += PIECE;
    else if (step === 'lower') this.level = 0n;
    else this.buyer(step);
  }

  private buyer(step: Step): void {
    const free = this.number - this.ordered - this.atPayment;
    if (step === 'to-payment' && free >= PIECE) this.atPayment += PIECE;
    if (step === 'to-payment' || this.atPayment === 0n) return;
    this.atPayment -= PIECE;
    if (step === 'pay') this.ordered += PIECE;
  }

  private readFeed(): void {
    this.ordersRead = this.ordered;
    this.feedReadAt = this.clock;
  }

  /** Two questions, between which a buyer does something. */
  private read(meanwhile?: Step): ShelfReading {
    const atPayment = this.countsBuyersAtPayment ? this.atPayment : 0n;
    if (meanwhile === 'to-payment' || meanwhile === 'pay' || meanwhile === 'go-back') this.buyer(meanwhile);
    return { number: this.number, reserved: this.ordered, atPayment };
  }

  private look(meanwhile?: Step): void {
    const read = this.read(meanwhile);
    const facts: ShelfFacts = {
      method: 'stocked',
      wholePieces: true,
      level: this.level,
      uncounted: 0n,
      open: this.ordersRead,
      sold: this.ordersRead,
      anchor: this.anchor && { number: this.anchor.number, feedReadPast: this.feedReadAt > this.anchor.at },
      exact: true,
      told: this.told,
    };
    const decision = decideShelf(facts, read);
    if (!decision.write) {
      if (decision.proven !== undefined) this.told = decision.proven;
      if (decision.again && this.anchor?.number !== anchorOf('stocked', read))
        this.anchor = { number: anchorOf('stocked', read), at: this.clock };
      return;
    }
    this.told = undefined;
    this.number = decision.to;
    this.anchor = { number: anchorOf('stocked', this.read(meanwhile)), at: this.clock };
  }
}

const play = array(
  steps.chain((step) => steps.map((meanwhile) => [step, meanwhile] as const)),
  {
    minLength: 10,
    maxLength: 80,
  },
);

function holds(countsBuyersAtPayment: boolean): void {
  assert(
    property(play, (list) => {
      const world = new World(countsBuyersAtPayment);
      for (const [step, meanwhile] of list) {
        world.take(step, meanwhile);
        if (world.told !== undefined) expect(world.mostThatCanBeSold).toBeLessThanOrEqual(world.told);
      }
    }),
    { numRuns: 3_000 },
  );
}

describe('a shop on lease whose buyers stand at the payment', () => {
  it('never sells more than was told of it, whoever comes, pays or goes back while it is written', () => {
    holds(true);
  });

  it('would, if they were not counted', () => {
    expect(() => holds(false)).toThrow();
  });

  it('gives a piece back when its buyer goes back from the payment', () => {
    const world = new World(true);
    for (const step of ['look', 'to-payment', 'lower', 'look', 'read-feed', 'look', 'look'] as const)
      world.take(step);
    expect(world.told).toBe(PIECE);
    for (const step of ['go-back', 'look', 'read-feed', 'look'] as const) world.take(step);
    expect(world.told).toBe(0n);
  });
});
