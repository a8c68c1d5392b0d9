import { describe, expect, it } from '@jest/globals';
import type { Figures } from './article-figures.ts';
import { figuresOf } from './stock-mapping.ts';
import { worthTelling } from './worth-telling.ts';

const figures: Figures = { status: 'active', sellable: 5000n, incoming: undefined };
const known = { figures, started: 10, unsettled: 0 };

describe('whether a read is told', () => {
  it('is told when it is the first, or differs', () => {
    expect(worthTelling({ figures: undefined, started: 0, unsettled: 0 }, figures, 1)).toBe(true);
    expect(worthTelling(known, { ...figures, sellable: 4000n }, 11)).toBe(true);
    expect(worthTelling(known, { ...figures, status: 'inactive' }, 11)).toBe(true);
    expect(worthTelling(known, { ...figures, incoming: 1000n }, 11)).toBe(true);
  });

  it('is not told again while nothing changes', () => {
    expect(worthTelling(known, figures, 11)).toBe(false);
  });

  it('is told without a change where an order waits for a read that started after its acceptance', () => {
    expect(worthTelling({ ...known, unsettled: 12 }, figures, 12)).toBe(true);
    expect(worthTelling({ ...known, unsettled: 12 }, figures, 11)).toBe(false);
  });

  it('never replaces a newer read', () => {
    expect(worthTelling(known, { ...figures, sellable: 4000n }, 10)).toBe(false);
    expect(worthTelling({ ...known, unsettled: 12 }, { ...figures, sellable: 4000n }, 9)).toBe(false);
  });
});

describe('the figures of an article', () => {
  const article = { articleSystemId: 1, articleNumber: 'TEE' } as Parameters<typeof figuresOf>[0];
  const info = { sellable: '-1.5', toReceive: '20' } as Parameters<typeof figuresOf>[0]['inventoryInfo'];

  it('may be below zero, and are told apart from articles that have none', () => {
    const full = { ...article, inventoryInfo: info };
    expect(figuresOf(full)).toEqual({ status: 'active', sellable: -1500n, incoming: 20_000n });
    expect(figuresOf({ ...full, isStockArticle: false }).status).toBe('not-stocked');
    expect(figuresOf({ ...full, isActive: false }).status).toBe('inactive');
    expect(figuresOf({ ...full, storageProperties: { isObsolete: true } }).status).toBe('inactive');
    expect(figuresOf({ ...full, isStockArticle: false, articleKind: 'Structure' }).status).toBe('active');
  });
});
