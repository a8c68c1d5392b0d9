import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { divide, type Sharer } from './divide.ts';

const seed = Date.now() % 2_147_483_647;
process.stderr.write(`divide.spec: seed ${seed}\n`);

const PIECE = 1000n;

/** Has and shows so many pieces; a plain shop's write counts beside what it has. */
function sharer(code: string, pieces: number, plain = false): Sharer {
  const has = BigInt(pieces) * PIECE;
  const most = (shows: bigint) => (plain ? (shows === has ? has : has + shows) : shows > has ? shows : has);
  return { code, weight: 1, priority: 0, pace: 0n, has, shows: has, most, pool: 0n, open: true };
}

const all = (pieces: number) => ({ low: BigInt(pieces) * PIECE, high: BigInt(pieces) * PIECE });
const shares = (pieces: number, ...sharers: Sharer[]) =>
  Object.fromEntries([...divide(all(pieces), sharers)].map(([code, share]) => [code, Number(share / PIECE)]));

describe('a division', () => {
  it('gives what a plain shop cannot be given to another one', () => {
    expect(shares(4, sharer('A', 1, true), sharer('B', 2))).toEqual({ A: 1, B: 3 });
  });

  it('lowers a plain shop to nothing where its lower number does not fit beside what it has', () => {
    expect(shares(4, sharer('A', 4, true), sharer('B', 0))).toEqual({ A: 0, B: 0 });
  });

  it('leaves shares alone while nothing is missing', () => {
    expect(shares(6, sharer('A', 4), sharer('B', 2))).toEqual({ A: 4, B: 2 });
  });

  it('never comes to let them sell more than there is by what it changes', () => {
    const each = fc.tuple(fc.nat(6), fc.boolean(), fc.boolean());
    fc.assert(
      fc.property(fc.nat(14), fc.array(each, { minLength: 1, maxLength: 5 }), (pieces, list) => {
        const sharers = list.map(([has, plain, open], index) => ({
          ...sharer(String(index), has, plain),
          open,
        }));
        const targets = divide(all(pieces), sharers);
        const before = sharers.reduce((sum, one) => sum + one.has, 0n);
        const after = sharers.reduce((sum, one) => sum + one.most(targets.get(one.code) ?? 0n), 0n);
        const most = all(pieces).low > before ? all(pieces).low : before;
        expect(after).toBeLessThanOrEqual(most);
      }),
      { seed, numRuns: 3_000 },
    );
  });
});
