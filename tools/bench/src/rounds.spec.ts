import { describe, expect, it } from '@jest/globals';
import { comparison, interleave, quantile, ratios } from './rounds.ts';

describe('rounds', () => {
  it('run every contestant once, each round begun by another one', async () => {
    const order: string[] = [];
    const contestant = (name: string) => ({
      name,
      run: async (round: number) => {
        order.push(`${name}${round}`);
        return round;
      },
    });
    const results = await interleave(['a', 'b', 'c'].map(contestant), 3, () => {});
    expect(order).toEqual(['a0', 'b0', 'c0', 'b1', 'c1', 'a1', 'c2', 'a2', 'b2']);
    expect(Object.fromEntries(results)).toEqual({ a: [0, 1, 2], b: [0, 1, 2], c: [0, 1, 2] });
  });

  it('are compared one by one, so that a slow round of both changes no ratio', () => {
    expect(ratios([100, 10], [10, 1])).toEqual([10, 10]);
    const table = comparison(
      'rates',
      new Map([
        ['ours', [100, 10, 90]],
        ['theirs', [10, 1, 3]],
      ]),
    );
    expect(table.rows[1]).toEqual(['theirs', '3.00', '10.0 1.00 3.00', '10.0 x', '10.0 10.0 30.0']);
  });
});

describe('a quantile', () => {
  it('lies between its neighbours, and is nothing of nothing', () => {
    expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
    expect(quantile([1, 2, 3], 1)).toBe(3);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
