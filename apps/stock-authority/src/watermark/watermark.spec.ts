import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { free, high, inside, mayGiveBack, need, type Read, type Revision, share } from './watermark.ts';

const seed = Date.now() % 2_147_483_647;
const settings = (runs: number) => ({ numRuns: runs, seed, verbose: 1 as const });
process.stderr.write(`watermark.spec: seed ${seed}\n`);

/** A revision as the world has it, beside what the authority has been told of it. */
interface Write {
  readonly revision: number;
  readonly quantity: bigint;
  sent?: number;
  accepted?: number;
  refused?: boolean;
  applied: boolean;
  told: boolean;
}

interface OpenRead {
  started: number;
  seen?: bigint;
  readonly inFlight: Set<Write>;
}

type Formula = (read: Read, revisions: Revision[]) => bigint;

const above = (quantity: bigint) => (quantity > 0n ? quantity : 0n);

/** Simpler readings of the rule, each of which sells a piece twice sooner or later. */
const careless: Record<string, Formula> = {
  'forgot an order as soon as it is accepted': (_read, revisions) =>
    revisions.some((one) => one.accepted !== undefined) ? 0n : need(revisions),
  'took what was in flight for contained': (read, revisions) => above(share(read, revisions).high),
  'gave pieces back when a lower number is asked for': (read, revisions) =>
    above((revisions.findLast((one) => !one.refused)?.quantity ?? 0n) - inside(read, revisions)),
};

/**
 * A warehouse that knows orders, a gateway that writes to it, and an authority that hears of both sooner or
 * later.
 */
class Model {
  private tick = 0;
  private stock: bigint;
  private readonly orders: Write[][] = [];
  private readonly reads: OpenRead[] = [];
  /** Messages on their way to the authority. */
  private readonly mail: (() => void)[] = [];
  private last: { sellable: bigint; read: Read; inFlight: ReadonlySet<Write> };

  constructor(
    stock: number,
    private readonly delivery: 'in order' | 'in any order',
  ) {
    this.stock = BigInt(stock);
    this.last = { sellable: this.stock, read: { started: 0, ended: 0 }, inFlight: new Set() };
  }

  /** One step of somebody; which one, and on what, is up to the three numbers. */
  step([kind, pick, amount]: readonly [number, number, number]): void {
    const steps = [
      () => this.place(pick, BigInt(1 + (amount % 5))),
      () => this.revise(pick, BigInt(amount % 6)),
      () => this.send(pick, amount % 4 === 0),
      () => this.apply(pick),
      () => this.answer(pick, amount % 5 === 0),
      () => this.reads.push({ started: ++this.tick, inFlight: new Set(this.flying()) }),
      () => this.look(pick),
      () => this.endRead(pick),
      () => this.deliver(this.delivery === 'in order' ? 0 : pick),
    ];
    steps[kind % steps.length]?.();
  }

  receive(pieces: number): void {
    this.stock += BigInt(pieces);
  }

  /** Three orders at most, so that each of them goes through a lot. */
  private place(pick: number, quantity: bigint): void {
    if (this.orders.length < 3) this.orders.push([write(1, quantity)]);
    else this.revise(pick, quantity);
  }

  private revise(pick: number, quantity: bigint): void {
    const order = this.orders[pick % this.orders.length];
    order?.push(write(order.length + 1, quantity));
  }

  private flying = () => this.orders.flat().filter((one) => one.sent !== undefined && !isAnswered(one));

  /**
   * One write per order at a time, never back to an older revision; a revision that was overtaken is never
   * sent.
   */
  private send(pick: number, newest: boolean): void {
    const order = this.orders[pick % this.orders.length];
    if (!order || order.some((one) => one.sent !== undefined && !isAnswered(one))) return;
    const next = order.slice(order.findLastIndex((one) => one.sent !== undefined) + 1);
    const one = newest ? next.at(-1) : next[0];
    if (!one) return;
    one.sent = ++this.tick;
    for (const read of this.reads) read.inFlight.add(one);
  }

  private apply(pick: number): void {
    const waiting = this.flying().filter((one) => !one.applied);
    const one = waiting[pick % waiting.length];
    if (one) one.applied = true;
  }

  /** Refused only where it was not applied; otherwise it has been applied at the latest now. */
  private answer(pick: number, refuse: boolean): void {
    const flying = this.flying();
    const one = flying[pick % flying.length];
    if (!one) return;
    const at = ++this.tick;
    if (refuse && !one.applied) one.refused = true;
    else {
      one.applied = true;
      one.accepted = at;
    }
    this.mail.push(() => void (one.told = true));
  }

  private look(pick: number): void {
    const read = this.reads[pick % this.reads.length];
    if (read) read.seen ??= this.sellable();
  }

  private endRead(pick: number): void {
    const [read] = this.reads.splice(pick % Math.max(1, this.reads.length), 1);
    if (!read) return;
    const sellable = read.seen ?? this.sellable();
    const message = {
      sellable,
      read: { started: read.started, ended: ++this.tick },
      inFlight: read.inFlight,
    };
    this.mail.push(() => {
      if (message.read.started > this.last.read.started) this.last = message;
    });
  }

  private deliver(pick: number): void {
    this.mail.splice(pick % Math.max(1, this.mail.length), 1)[0]?.();
  }

  /** What the warehouse says: its pieces less those of all orders as it has them now. */
  private sellable(): bigint {
    return this.orders.reduce((pieces, order) => pieces - within(order), this.stock);
  }

  private known(order: Write[]): Revision[] {
    return order.map((one, index) => ({
      revision: one.revision,
      quantity: one.quantity,
      inFlight: this.last.inFlight.has(one),
      ...(one.told && { sent: one.sent, accepted: one.accepted, refused: one.refused }),
      // What was overtaken by a revision that was refused is never sent, see withNoneOlder.
      ...(isOvertaken(one, order.slice(index + 1)) && { refused: true }),
    }));
  }

  figures(): { low: bigint; high: bigint } {
    const shares = this.orders.map((order) => share(this.last.read, this.known(order)));
    return { low: free(this.last.sellable, shares), high: high(this.last.sellable, shares) };
  }

  lowBy(formula: Formula): bigint {
    const { read, sellable } = this.last;
    return this.orders.reduce((pieces, order) => pieces - formula(read, this.known(order)), sellable);
  }

  /**
   * What is free in truth: sellable now, less what is promised and not in the warehouse's own books now.
   */
  truth(): bigint {
    return this.orders.reduce((pieces, order) => {
      const lacking = need(this.known(order)) - within(order);
      return lacking > 0n ? pieces - lacking : pieces;
    }, this.sellable());
  }

  /** Everything is answered and told, then a read with nothing on its way. */
  settle(): void {
    for (const read of this.reads.splice(0)) read.seen ??= this.sellable();
    for (const order of this.orders) {
      while (order.some((one) => one.sent !== undefined && !isAnswered(one))) this.answer(0, false);
      const at = this.orders.indexOf(order);
      this.send(at, true);
      while (order.some((one) => one.sent !== undefined && !isAnswered(one))) this.answer(0, false);
    }
    this.reads.push({ started: ++this.tick, inFlight: new Set() });
    this.endRead(0);
    while (this.mail.length > 0) this.deliver(0);
  }
}

const write = (revision: number, quantity: bigint): Write => ({
  revision,
  quantity,
  applied: false,
  told: false,
});
const isOvertaken = (one: Write, later: Write[]) =>
  one.sent === undefined && later.some(({ told, refused }) => told && refused);
const isAnswered = (one: Write) => one.accepted !== undefined || one.refused === true;
const within = (order: Write[]) => order.findLast((one) => one.applied)?.quantity ?? 0n;

const steps = fc.array(fc.tuple(fc.nat(8), fc.nat(50), fc.nat(50)), { minLength: 5, maxLength: 80 });

describe('the watermark', () => {
  it('is never above what is free in truth, in whatever order messages arrive', () => {
    let doubted = 0;
    fc.assert(
      fc.property(fc.nat(20), steps, (stock, run) => {
        const model = new Model(stock, 'in any order');
        for (const one of run) {
          model.step(one);
          if (one[0] === 1 && one[2] > 48) model.receive(3);
          const { low, high: most } = model.figures();
          if (most > low) doubted++;
          if (low > model.truth() || low > most) throw new Error(`${low} > ${model.truth()} or ${most}`);
        }
      }),
      settings(8_000),
    );
    expect(doubted).toBeGreaterThan(100);
  });

  it('never calls more short than is, while answers come before the reads that contain them', () => {
    fc.assert(
      fc.property(fc.nat(20), steps, (stock, run) => {
        const model = new Model(stock, 'in order');
        for (const one of run) {
          model.step(one);
          if (model.figures().high < model.truth()) throw new Error(`below ${model.truth()}`);
        }
      }),
      settings(8_000),
    );
  });

  it('is the truth again after a read during which nothing was on its way', () => {
    fc.assert(
      fc.property(fc.nat(20), steps, (stock, run) => {
        const model = new Model(stock, 'in any order');
        for (const one of run) model.step(one);
        model.settle();
        const { low, high: most } = model.figures();
        expect([low, most]).toEqual([model.truth(), model.truth()]);
      }),
      settings(2_000),
    );
  });

  it.each(Object.entries(careless))('would be too high if it %s', (_name, formula) => {
    const found = fc.check(
      fc.property(fc.nat(20), steps, (stock, run) => {
        const model = new Model(stock, 'in any order');
        for (const one of run) {
          model.step(one);
          if (model.lowBy(formula) > model.truth()) throw new Error(`above ${model.truth()}`);
        }
      }),
      { numRuns: 5_000, seed, endOnFailure: true },
    );
    expect(found.failed).toBe(true);
  });
});

const read: Read = { started: 20, ended: 30 };
const one = (part: Partial<Revision>): Revision => ({ revision: 1, quantity: 4n, ...part });
const cancel = (part: Partial<Revision> = {}): Revision => ({ revision: 2, quantity: 0n, ...part });

describe('share', () => {
  it('subtracts an order until a read was started after its acceptance', () => {
    expect(share(read, [one({})])).toEqual({ low: 4n, high: 4n, settled: false });
    expect(share(read, [one({ sent: 31, accepted: 32 })])).toEqual({ low: 4n, high: 4n, settled: false });
    expect(share(read, [one({ sent: 18, accepted: 20 })])).toEqual({ low: 0n, high: 0n, settled: true });
  });

  it('doubts what was in flight during the read', () => {
    expect(share(read, [one({ sent: 18, accepted: 21 })])).toEqual({ low: 4n, high: 0n, settled: false });
    expect(share(read, [one({ inFlight: true })])).toEqual({ low: 4n, high: 0n, settled: false });
  });

  it('keeps everything of an article that was never read', () => {
    expect(share(undefined, [one({ sent: 1, accepted: 2 })])).toEqual({ low: 4n, high: 4n, settled: false });
  });

  it('neither gives back nor takes twice while a cancel waits to be sent', () => {
    const cancelling = [one({ sent: 1, accepted: 2 }), cancel()];
    expect(share(read, cancelling).low).toBe(0n);
    expect(share(read, [one({}), cancel()]).low).toBe(4n);
  });

  it('may give back what a cancel waits for, which only an answer and no read can settle', () => {
    const cancelling = [one({ sent: 1, accepted: 2 }), cancel()];
    expect(share(read, cancelling)).toEqual({ low: 0n, high: -4n, settled: false });
    expect(share(read, [one({}), cancel()])).toEqual({ low: 4n, high: 0n, settled: false });
    expect([cancelling, [one({}), cancel({ refused: true })]].map(mayGiveBack)).toEqual([true, false]);
  });

  it('counts a cancelled order as given back only in the upper figure, until the next read', () => {
    const cancelled = [one({ sent: 1, accepted: 2 }), cancel({ sent: 40, accepted: 41 })];
    expect(share(read, cancelled)).toEqual({ low: 0n, high: -4n, settled: false });
    expect(share({ started: 41, ended: 42 }, cancelled)).toEqual({ low: 0n, high: 0n, settled: true });
  });

  it('takes nothing for an order that was cancelled before it was sent', () => {
    expect(share(read, [one({}), cancel({ sent: 40, accepted: 40 })])).toEqual({
      low: 0n,
      high: 0n,
      settled: false,
    });
  });

  it('goes back to the last accepted revision when a later one is refused', () => {
    const revisions = [one({ sent: 1, accepted: 2 }), cancel({ refused: true })];
    expect(share(read, revisions)).toEqual({ low: 0n, high: 0n, settled: true });
    expect([need(revisions), inside(read, revisions)]).toEqual([4n, 4n]);
  });

  it('takes a lowered line for lowered while that was in flight, though it is to be raised again', () => {
    const lowered = { revision: 2, quantity: 1n, inFlight: true };
    const revisions = [one({ sent: 1, accepted: 2 }), lowered, { revision: 3, quantity: 5n }];
    expect(share(read, revisions)).toMatchObject({ low: 4n, high: 1n });
  });

  it('expects the worse of both pasts of a lowered and raised line whose answers are late', () => {
    const revisions = [
      one({ sent: 1, accepted: 2 }),
      { revision: 2, quantity: 1n },
      { revision: 3, quantity: 5n },
    ];
    expect(share(read, revisions)).toMatchObject({ low: 4n, high: 1n });
  });
});
