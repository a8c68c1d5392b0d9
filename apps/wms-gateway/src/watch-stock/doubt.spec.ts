import { describe, expect, it } from '@jest/globals';
import type { Figures } from './article-figures.ts';
import { differing, doubtOf, sells, wasEmptied } from './doubt.ts';

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

describe('an article that a read leaves nothing of', () => {
  const had = { status: 'active', sellable: 5n } as const;

  it('was emptied, unless our own orders took as many pieces as there were', () => {
    const none = { status: 'active', sellable: 0n } as const;
    expect(wasEmptied(had, none, 0n)).toBe(true);
    expect(wasEmptied(had, none, 4n)).toBe(true);
    expect(wasEmptied(had, none, 5n)).toBe(false);
    expect(wasEmptied(had, { ...none, sellable: -2n }, 6n)).toBe(true);
    expect(wasEmptied(had, { ...none, sellable: -2n }, 7n)).toBe(false);
  });

  it('was not where something is left of it, or nothing was there', () => {
    expect(wasEmptied(had, { status: 'active', sellable: 1n }, 0n)).toBe(false);
    expect(wasEmptied({ status: 'active', sellable: 0n }, { status: 'active', sellable: -1n }, 0n)).toBe(
      false,
    );
    expect(wasEmptied(undefined, { status: 'active', sellable: 0n }, 0n)).toBe(false);
  });

  it('was where it is not sold any more, whatever our orders took', () => {
    expect(wasEmptied(had, { status: 'inactive', sellable: 0n }, 9n)).toBe(true);
  });
});

describe('two reads', () => {
  const none = { status: 'active', sellable: 0n, incoming: undefined } as const;
  const held = new Map([
    ['A', none],
    ['B', none],
  ]);
  const nothing = new Map<string, bigint>();

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

  it('agree where our own orders moved a figure in between, by no more pieces than they have', () => {
    const second = (sellable: bigint) => new Map([['A', none], ['B', { ...none, sellable }]]); // prettier-ignore
    const own = new Map([['B', 2n]]);
    for (const moved of [-2n, -1n, 1n, 2n]) expect(differing(held, second(moved), own)).toEqual([]);
    for (const moved of [-3n, 3n]) expect(differing(held, second(moved), own)).toEqual(['B']);
    expect(differing(held, second(-2n), nothing)).toEqual(['B']);
  });

  it('differ in their status whatever our orders moved', () => {
    const inactive = { ...none, status: 'inactive' as const };
    const second = new Map<string, Figures>([['A', none], ['B', inactive]]); // prettier-ignore
    expect(differing(held, second, new Map([['B', 5n]]))).toEqual(['B']);
  });
});
