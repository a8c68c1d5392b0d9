import { describe, expect, it } from '@jest/globals';
import { allowedByBeginning, decideShelf, keptBack, more, type ShelfFacts } from './shelf.ts';

const facts: ShelfFacts = {
  method: 'compare-and-set',
  wholePieces: true,
  level: 5000n,
  uncounted: 0n,
  open: 0n,
  sold: 0n,
  allowance: 5000n,
};

describe('what a shelf should be', () => {
  it('is the level, when nothing was sold', () => {
    expect(decideShelf({ ...facts, level: 3000n }, { number: 5000n })).toMatchObject({
      to: 3000n,
      write: true,
    });
  });

  it('leaves a number alone that is right', () => {
    expect(decideShelf(facts, { number: 5000n })).toMatchObject({ write: false, again: false });
  });

  it('subtracts own orders that the level still contains', () => {
    const read = { number: 3000n };
    expect(decideShelf({ ...facts, sold: 2000n, uncounted: 2000n }, read)).toMatchObject({
      to: 3000n,
      write: false,
    });
  });

  it('subtracts sales that only the number gives away', () => {
    expect(decideShelf(facts, { number: 3000n })).toMatchObject({ to: 3000n, write: false, again: true });
    expect(decideShelf({ ...facts, level: 4000n }, { number: 3000n })).toMatchObject({
      to: 2000n,
      write: true,
    });
  });

  it('counts as allowed what the shop kept on it for buyers at their payment', () => {
    const { to, allowanceAfter } = decideShelf({ ...facts, level: 0n }, { number: 5000n });
    const kept = keptBack('compare-and-set', to, { number: 2000n });
    expect(more(allowanceAfter, kept)).toBe(2000n);
    expect(keptBack('compare-and-set', to, { number: 0n })).toBe(0n);
    // Of these two the number in an answer says nothing of what was written.
    for (const method of ['absolute', 'stocked'] as const)
      expect(keptBack(method, to, { number: 2000n })).toBe(0n);
    expect(more(undefined, kept)).toBeUndefined();
  });

  it('remembers as allowed what was sold and what it offers anew', () => {
    const decision = decideShelf(
      { ...facts, level: 9000n, sold: 1000n, uncounted: 1000n },
      { number: 2000n },
    );
    // Five were allowed, two are left, one of the three sold was read: two more sales will be.
    expect(decision).toMatchObject({ to: 6000n, allowanceAfter: 9000n });
  });

  it('never offers less than nothing', () => {
    expect(decideShelf({ ...facts, level: -2000n }, { number: 5000n }).to).toBe(0n);
  });

  it('does not take pieces that were put back for sales undone', () => {
    const decision = decideShelf({ ...facts, sold: 2000n, level: 4000n }, { number: 4000n });
    expect(decision).toMatchObject({ to: 4000n, again: true, allowanceAfter: 6000n });
  });

  it('writes nothing before it knows how much the shop was allowed to sell', () => {
    const unknown = { ...facts, allowance: undefined, level: 1000n };
    expect(decideShelf(unknown, { number: 9000n })).toMatchObject({ write: false, again: true });
    const readOnce = { ...unknown, anchor: { number: 9000n, feedReadPast: false } };
    expect(decideShelf(readOnce, { number: 9000n })).toMatchObject({ write: false, again: true });
    const readPast = { ...unknown, anchor: { number: 9000n, feedReadPast: true } };
    expect(decideShelf(readPast, { number: 9000n })).toMatchObject({ to: 1000n, write: true, again: false });
    // A sale between the two readings: the first one says nothing any more.
    expect(decideShelf(readPast, { number: 8000n })).toMatchObject({ write: false, again: true });
  });

  it('counts what the shop had before it until a write has its answer, also where that was never known before', () => {
    const own = {
      ...facts,
      allowance: undefined,
      level: 1000n,
      anchor: { number: 2000n, feedReadPast: true },
    };
    const decision = decideShelf(own, { number: 2000n });
    expect(decision).toMatchObject({ to: 1000n, allowance: 2000n, allowanceAfter: 1000n });
    expect(allowedByBeginning(decision)).toBe(2000n);
  });

  it('finds a number that was changed by hand, once the feed was read past it', () => {
    const edited = { ...facts, anchor: { number: 2000n, feedReadPast: true } };
    expect(decideShelf(edited, { number: 2000n })).toMatchObject({
      to: 5000n,
      editedByHand: true,
      again: false,
    });
  });

  it('offers whole pieces to a shop that takes no others', () => {
    const half = { ...facts, level: 2500n };
    expect(decideShelf(half, { number: 5000n }).to).toBe(2000n);
    expect(decideShelf({ ...half, wholePieces: false }, { number: 5000n }).to).toBe(2500n);
  });

  it('adds what the shop subtracts by itself: its open orders that were read', () => {
    const stocked = { ...facts, method: 'stocked' as const, open: 2000n, uncounted: 2000n };
    expect(decideShelf(stocked, { number: 5000n, reserved: 2000n })).toMatchObject({
      to: 5000n,
      write: false,
    });
    // A third piece is reserved for an order that was not read: it is not added.
    expect(decideShelf(stocked, { number: 5000n, reserved: 3000n }).to).toBe(5000n);
  });

  it('does not add pieces of a fulfilment that was not read', () => {
    const stocked = { ...facts, method: 'stocked' as const, level: 3000n, open: 2000n };
    expect(decideShelf(stocked, { number: 3000n, reserved: 0n })).toMatchObject({ to: 3000n, write: false });
  });
});

describe('a shop that sells on lease', () => {
  const plain = { ...facts, method: 'absolute', exact: true } as const;
  const anchor = { number: 2000n, feedReadPast: true };

  it('that takes plain writes is written nothing but 0 before all up to the last write is known', () => {
    expect(decideShelf({ ...plain, level: 7000n }, { number: 2000n })).toMatchObject({
      write: false,
      again: true,
    });
    expect(decideShelf({ ...plain, level: 1000n }, { number: 2000n })).toMatchObject({ to: 0n, write: true });
    const known = decideShelf({ ...plain, level: 7000n, anchor }, { number: 2000n });
    expect(known).toMatchObject({ to: 7000n, write: true, proven: 2000n });
  });

  it('that takes plain writes is left alone while the level may or may not contain its own sales', () => {
    const sold = { ...plain, sold: 1000n, uncounted: 1000n, level: 2000n, anchor };
    expect(decideShelf(sold, { number: 2000n })).toMatchObject({ write: false });
  });

  it('that takes plain writes is raised once for a level, and asks for a new one before it is again', () => {
    // One of its three was sold to an order that was cancelled unread and is not put back: a raise to three could erase
    // a sale of that moment, and the level has been written already.
    const gone = { ...plain, sold: 1000n, level: 3000n, allowance: 3000n, anchor };
    expect(decideShelf(gone, { number: 2000n })).toMatchObject({ to: 3000n, write: true });
    const spent = { ...gone, spent: true };
    expect(decideShelf(spent, { number: 2000n })).toMatchObject({ write: false, renew: true, proven: 3000n });
    expect(decideShelf({ ...spent, level: 2000n }, { number: 2000n }).renew).toBeUndefined();
  });

  it('that takes plain writes is lowered to nothing but 0 once its level has been written', () => {
    const lower = { ...plain, level: 1000n, anchor, spent: true };
    expect(decideShelf(lower, { number: 2000n })).toMatchObject({ to: 0n, write: true });
    expect(decideShelf({ ...lower, spent: false }, { number: 2000n })).toMatchObject({
      to: 1000n,
      write: true,
    });
  });

  it('and counts by fulfilments proves nothing by a number that a fulfilment has lowered since', () => {
    const stocked = { ...facts, method: 'stocked', sold: 1000n, level: 0n, exact: true } as const;
    const past = { ...stocked, anchor: { number: 1000n, feedReadPast: true } };
    expect(decideShelf(past, { number: 0n, reserved: 0n }).proven).toBeUndefined();
    const still = { ...stocked, anchor: { number: 0n, feedReadPast: true } };
    expect(decideShelf(still, { number: 0n, reserved: 0n }).proven).toBe(1000n);
  });

  it('and counts by fulfilments looks again where its number is not what the authority was told', () => {
    const stocked = { ...facts, method: 'stocked', level: 0n, exact: true, told: 1000n } as const;
    expect(decideShelf(stocked, { number: 1000n, reserved: 1000n }).again).toBe(false);
    // Somebody has edited it by hand and back, and the authority still counts the piece.
    expect(decideShelf(stocked, { number: 0n, reserved: 0n }).again).toBe(true);
  });
});
