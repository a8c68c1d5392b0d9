import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { expand, makeable } from './kits.ts';

const seed = Date.now() % 2_147_483_647;
process.stderr.write(`kits.spec: seed ${seed}\n`);

const kits = new Map([
  ['SET', new Map([['CUP', 2000n], ['POT', 1000n]])],
  ['TEA', new Map([['CUP', 1000n], ['LEAF', 125n]])],
]); // prettier-ignore

describe('kits', () => {
  it('are their parts, summed over all lines, and a mark of themselves', () => {
    const needs = expand(kits, new Map([['SET', 2000n], ['TEA', 1000n], ['CUP', 1000n]])); // prettier-ignore
    expect(Object.fromEntries(needs)).toEqual({ SET: 2000n, TEA: 1000n, CUP: 6000n, POT: 2000n, LEAF: 125n });
  });

  it('can be made as often as the scarcest part allows', () => {
    const there = new Map([['CUP', 5000n], ['POT', 9000n]]); // prettier-ignore
    expect(makeable(kits.get('SET') ?? new Map(), (part) => there.get(part) ?? 0n)).toBe(2000n);
    expect(makeable(kits.get('SET') ?? new Map(), () => 0n)).toBe(0n);
  });

  it('need no more than there is for what can be made, and one more would need more', () => {
    const parts = fc.dictionary(fc.constantFrom('A', 'B', 'C'), fc.bigInt(1n, 5_000n), { minKeys: 1 });
    const stock = fc.record({
      A: fc.bigInt(0n, 50_000n),
      B: fc.bigInt(0n, 50_000n),
      C: fc.bigInt(0n, 50_000n),
    });
    fc.assert(
      fc.property(parts, stock, (each, there) => {
        const kit = new Map(Object.entries(each));
        const of = (part: string) => there[part as 'A'];
        const fits = (count: bigint) =>
          [...expand(new Map([['K', kit]]), new Map([['K', count]]))].every(
            ([part, need]) => part === 'K' || need <= of(part),
          );
        const count = makeable(kit, of);
        expect(fits(count)).toBe(true);
        expect(fits(count + 1000n)).toBe(false);
      }),
      { seed, numRuns: 500 },
    );
  });
});
