import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { divide, ideals, type Sharer } from './divide.ts';

const seed = Date.now() % 2_147_483_647;
process.stderr.write(`ideals.spec: seed ${seed}\n`);

const PIECE = 1000n;

/** Shows what it has, and its shop takes any number; nothing is known of how it sells. */
function sharer(code: string, more: Partial<Sharer> = {}): Sharer {
  const { has = 0n } = more;
  const most = (shows: bigint) => (shows > has ? shows : has);
  return { code, weight: 1, priority: 0, pace: 0n, has, shows: has, most, pool: 0n, open: true, ...more };
}
const pieces = (count: number) => BigInt(count) * PIECE;
const inPieces = (found: ReadonlyMap<string, bigint>) =>
  Object.fromEntries([...found].map(([code, share]) => [code, Number(share / PIECE)]));
const shares = (count: number, ...sharers: Sharer[]) => inPieces(ideals(pieces(count), sharers));

describe('what each should have', () => {
  it('follows its weight', () => {
    expect(shares(8, sharer('A', { weight: 3 }), sharer('B'))).toEqual({ A: 6, B: 2 });
  });

  it('is the first in the rule’s where there are fewer pieces than channels', () => {
    const three = [sharer('A'), sharer('B', { priority: 5 }), sharer('C', { priority: 2 })];
    expect(shares(1, ...three)).toEqual({ A: 0, B: 1, C: 0 });
    expect(shares(2, ...three)).toEqual({ A: 0, B: 1, C: 1 });
    expect(shares(1, sharer('A'), sharer('B', { weight: 2 }))).toEqual({ A: 0, B: 1 });
    expect(shares(1, sharer('B'), sharer('A'))).toEqual({ A: 1, B: 0 });
  });

  it('is its pool first, and never more than its cap', () => {
    expect(shares(4, sharer('A'), sharer('B', { pool: pieces(3) }))).toEqual({ A: 1, B: 3 });
    expect(shares(9, sharer('A', { cap: pieces(1) }), sharer('B'))).toEqual({ A: 1, B: 8 });
    expect(shares(9, sharer('A', { cap: pieces(1) }), sharer('B', { cap: pieces(2) }))).toEqual({
      A: 1,
      B: 2,
    });
  });

  it('is more for one that sells than for one that does not', () => {
    expect(shares(6, sharer('A', { pace: pieces(2) }), sharer('B'))).toEqual({ A: 5, B: 1 });
  });

  it('is nothing for one that gives no sign of life', () => {
    expect(shares(5, sharer('A', { open: false }), sharer('B'))).toEqual({ A: 0, B: 5 });
  });

  it('is whole pieces, and all of them where nothing is capped', () => {
    const each = fc.record({ weight: fc.integer({ min: 1, max: 9 }), priority: fc.nat(3), pace: fc.nat(9) });
    fc.assert(
      fc.property(fc.nat(50), fc.array(each, { minLength: 1, maxLength: 6 }), (count, list) => {
        const found = ideals(
          pieces(count),
          list.map(({ pace, ...rest }, index) => sharer(`${index}`, { ...rest, pace: pieces(pace) })),
        );
        const all = [...found.values()];
        expect(all.every((share) => share % PIECE === 0n && share >= 0n)).toBe(true);
        expect(all.reduce((sum, share) => sum + share, 0n)).toBe(pieces(count));
      }),
      { seed, numRuns: 2_000 },
    );
  });
});

describe('pieces that lie unsold with one', () => {
  const all = (count: number) => ({ low: pieces(count), high: pieces(count) });

  it('are asked back when another has sold out, and go there once they are had back', () => {
    const lying = sharer('A', { has: pieces(4) });
    const soldOut = sharer('B', { pace: pieces(1) });
    const asked = divide(all(4), [lying, soldOut]);
    expect(inPieces(asked)).toEqual({ A: 1, B: 0 });
    const confirmed = sharer('A', { has: pieces(1) });
    expect(inPieces(divide(all(4), [confirmed, soldOut]))).toEqual({ A: 1, B: 3 });
  });
});
