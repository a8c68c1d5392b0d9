import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { assign, type Promised } from './assign.ts';

const seed = Date.now() % 2_147_483_647;
process.stderr.write(`assign.spec: seed ${seed}\n`);

const order = (number: string, quantity: bigint): Promised => ({
  number,
  channel: 'SE',
  revision: 1,
  quantity,
});
const named = (missing: bigint, orders: Promised[]) =>
  [...assign(missing, orders)].map(([{ number }, share]) => `${number}: ${share}`);

describe('a shortfall', () => {
  it('falls on the youngest orders, whole or in part', () => {
    const orders = [order('3', 2000n), order('2', 5000n), order('1', 1000n)];
    expect(named(3000n, orders)).toEqual(['3: 2000', '2: 1000']);
    expect(named(0n, orders)).toEqual([]);
  });

  it('is named whole as long as there are orders to name, and no order for more than it wants', () => {
    const orders = fc.array(fc.bigInt(1n, 9n), { maxLength: 8 });
    fc.assert(
      fc.property(fc.bigInt(0n, 40n), orders, (missing, quantities) => {
        const list = quantities.map((quantity, at) => order(String(at), quantity));
        const shares = [...assign(missing, list)];
        const all = quantities.reduce((sum, one) => sum + one, 0n);
        const sum = shares.reduce((total, [, share]) => total + share, 0n);
        expect(sum).toBe(missing < all ? missing : all);
        for (const [{ quantity }, share] of shares) expect(share > 0n && share <= quantity).toBe(true);
      }),
      { seed, numRuns: 500 },
    );
  });
});
