import { describe, expect, it } from '@jest/globals';
import type { Figures } from './article-figures.ts';
import { figuresOf } from './stock-mapping.ts';
import { worthTelling } from './worth-telling.ts';

const figures: Figures = { status: 'active', sellable: 5000n, incoming: undefined };
const fewer = { ...figures, sellable: 4000n };
const known = { figures, started: 10, ended: 12, unsettled: 0 };
const read = (started: number, ended = started + 1) => ({ started, begun: started, ended });

describe('whether a read is told', () => {
  it('is told when it is the first, or differs', () => {
    const nothing = { figures: undefined, started: 0, ended: 0, unsettled: 0 };
    expect(worthTelling(nothing, figures, read(1))).toBe('tell');
    expect(worthTelling(known, fewer, read(13))).toBe('tell');
    expect(worthTelling(known, { ...figures, status: 'inactive' }, read(13))).toBe('tell');
    expect(worthTelling(known, { ...figures, incoming: 1000n }, read(13))).toBe('tell');
  });

  it('is not told again while nothing changes', () => {
    expect(worthTelling(known, figures, read(13))).toBe('nothing');
  });

  it('is told without a change where an order waits for a read that started after its acceptance', () => {
    expect(worthTelling({ ...known, unsettled: 14 }, figures, read(14))).toBe('tell');
    expect(worthTelling({ ...known, unsettled: 14 }, figures, read(13))).toBe('nothing');
  });

  it('never replaces a newer read', () => {
    expect(worthTelling(known, fewer, read(8))).toBe('nothing');
    expect(worthTelling({ ...known, unsettled: 12 }, fewer, read(8))).toBe('nothing');
  });

  it('does not replace a read that it ran beside, whichever began first, and asks for another where they differ', () => {
    expect(worthTelling(known, fewer, read(11, 13))).toBe('read-again');
    expect(worthTelling(known, fewer, read(9, 13))).toBe('read-again');
    expect(worthTelling(known, figures, read(11, 13))).toBe('nothing');
    expect(worthTelling(known, fewer, read(12, 13))).toBe('tell');
  });

  it('counts from an earlier step where figures lag, and still began when it began', () => {
    expect(worthTelling(known, fewer, { started: 11, begun: 14, ended: 15 })).toBe('tell');
    expect(worthTelling(known, fewer, { started: 10, begun: 14, ended: 15 })).toBe('read-again');
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
