import { describe, expect, it } from '@jest/globals';
import { delays, seenAt } from './delays.ts';

const looks = [
  { at: 10, ends: [5, 0] },
  { at: 11, ends: [6, 0] },
  { at: 13, ends: [8, 2] },
];

describe('a committed message', () => {
  it('is seen with the first look that reaches beyond it, each partition by itself', () => {
    const places = [
      { key: 'd', partition: 1, offset: 0 },
      { key: 'c', partition: 0, offset: 6 },
      { key: 'a', partition: 0, offset: 4 },
      { key: 'b', partition: 0, offset: 5 },
    ];
    expect(Object.fromEntries(seenAt(places, looks))).toEqual({ a: 10, b: 11, c: 13, d: 13 });
  });

  it('is not seen where no look reaches it', () => {
    expect(seenAt([{ key: 'e', partition: 1, offset: 2 }], looks).size).toBe(0);
  });
});

describe('a delay', () => {
  it('runs from the offer to the first look, and is missing for none', () => {
    const offered = new Map([
      ['a', 8],
      ['b', 8.5],
    ]);
    expect(
      delays(
        offered,
        new Map([
          ['b', 11],
          ['a', 10],
        ]),
      ),
    ).toEqual([2, 2.5]);
    expect(() => delays(offered, new Map([['a', 10]]))).toThrow('Order b was offered');
  });
});
