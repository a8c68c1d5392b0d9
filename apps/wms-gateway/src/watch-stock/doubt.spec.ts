import { describe, expect, it } from '@jest/globals';
import { differing, doubtOf, sells } from './doubt.ts';

const gate = { share: 0.3, articles: 10, listShare: 0.1 };
const sums = { complete: true, had: 100, zeroed: 0 };

describe('whether a read is believed at once', () => {
  it('is doubted where it would zero too large a share of what can be sold', () => {
    expect(doubtOf({ ...sums, zeroed: 29 }, gate)).toBeUndefined();
    expect(doubtOf({ ...sums, zeroed: 30 }, gate)).toBe('zeroed');
  });

  it('is believed where there are few articles, of which some are sold out every day', () => {
    expect(doubtOf({ ...sums, had: 9, zeroed: 9 }, gate)).toBeUndefined();
    expect(doubtOf({ ...sums, had: 10, zeroed: 3 }, gate)).toBe('zeroed');
  });

  it('is believed where nothing is zeroed, whatever the share', () => {
    expect(doubtOf(sums, { ...gate, share: 0 })).toBeUndefined();
  });

  it('is doubted where it lacks a page', () => {
    expect(doubtOf({ ...sums, complete: false }, gate)).toBe('page-missing');
  });

  it('is doubted where the list of articles is much shorter than the last one', () => {
    const list = { ...sums, listedBefore: 100 };
    expect(doubtOf({ ...list, listed: 90 }, gate)).toBeUndefined();
    expect(doubtOf({ ...list, listed: 89 }, gate)).toBe('list-shrunk');
    expect(doubtOf({ ...list, listed: 0 }, gate)).toBe('list-shrunk');
    expect(doubtOf({ ...list, listed: 0, listedBefore: 9 }, gate)).toBeUndefined();
    expect(doubtOf({ ...sums, listed: 5 }, gate)).toBeUndefined();
  });
});

describe('what can be sold', () => {
  it('is more than none of an active article', () => {
    expect(sells({ status: 'active', sellable: 1n })).toBe(true);
    expect(sells({ status: 'active', sellable: 0n })).toBe(false);
    expect(sells({ status: 'inactive', sellable: 1n })).toBe(false);
    expect(sells(undefined)).toBe(false);
  });
});

describe('two reads', () => {
  const none = { status: 'active', sellable: 0n, incoming: undefined } as const;
  const held = new Map([
    ['A', none],
    ['B', none],
  ]);
  const nothing = new Set<string>();

  it('agree where the articles of the first have the same figures in the second', () => {
    const second = new Map([
      ['A', none],
      ['B', none],
      ['C', { ...none, sellable: 4n }],
    ]);
    expect(differing(held, second, nothing)).toEqual([]);
  });

  it('differ where one has another figure, another status, or is missing', () => {
    const others = [
      { ...none, sellable: 1n },
      { ...none, status: 'inactive' as const },
    ];
    for (const other of others) {
      expect(differing(held, new Map([['A', none], ['B', other]]), nothing)).toEqual(['B']); // prettier-ignore
    }
    expect(differing(held, new Map([['A', none]]), nothing)).toEqual(['B']);
  });

  it('agree where our own orders moved a figure in between', () => {
    const second = new Map([
      ['A', none],
      ['B', { ...none, sellable: -2n }],
    ]);
    expect(differing(held, second, new Set(['B']))).toEqual([]);
    expect(differing(held, second, nothing)).toEqual(['B']);
  });
});
