import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { FeedPosition } from '../shop.ts';
import { pagesByTime, type TimedOrder } from './pages-by-time.ts';

const at = (ms: number) => new Date(1_700_000_000_000 + ms).toISOString();
const BEFORE: FeedPosition = { changedAt: at(-1), id: '' };

/** A shop that shows orders by their time and, of the same time, in any order: another one at each question. */
function shopWith(orders: readonly { ms: number; id: string }[]) {
  let asked = 0;
  return async (from: string, limit: number): Promise<TimedOrder<string>[]> => {
    const turn = asked++;
    return orders
      .map(({ ms, id }) => ({ changedAt: at(ms), id, order: id }))
      .filter(({ changedAt }) => changedAt >= from)
      .toSorted((a, b) =>
        a.changedAt < b.changedAt ? -1 : a.changedAt > b.changedAt ? 1 : turn % 2 ? 1 : -1,
      )
      .slice(0, limit);
  };
}

async function readAll(pages: ReturnType<typeof pagesByTime<string>>) {
  const read = new Set<string>();
  const positions: FeedPosition[] = [];
  for await (const { orders, readTo } of pages) {
    for (const order of orders) read.add(order);
    positions.push(readTo);
  }
  return { read: [...read].toSorted(), positions };
}

describe('orders that a shop shows by time only', () => {
  it('are all read, also those of one moment that lie on both sides of a page', async () => {
    const same = ['9', '10', '11', '8'].map((id) => ({ ms: 5, id }));
    const orders = [{ ms: 1, id: '1' }, ...same, { ms: 9, id: '2' }];
    const { read } = await readAll(pagesByTime(BEFORE, 3, [shopWith(orders)]));
    expect(read).toEqual(['1', '10', '11', '2', '8', '9']);
  });

  it('are not counted as read beyond the last moment that was surely whole', async () => {
    const orders = [1, 2, 2, 2, 3].map((ms, index) => ({ ms, id: String(index) }));
    const { positions } = await readAll(pagesByTime(BEFORE, 3, [shopWith(orders)]));
    expect(positions[0]).toEqual({ changedAt: at(2), id: '' });
    expect(positions.at(-1)).toEqual({ changedAt: at(3), id: '4' });
  });

  it('are read to the lower of two positions where new and changed ones come by different times', async () => {
    const placed = shopWith([1, 2, 3, 4].map((ms) => ({ ms, id: `placed-${ms}` })));
    const changed = shopWith([{ ms: 50, id: 'changed-50' }]);
    const { read, positions } = await readAll(pagesByTime(BEFORE, 3, [placed, changed]));
    expect(positions[0]).toEqual({ changedAt: at(3), id: '' });
    expect(read).toEqual(['changed-50', 'placed-1', 'placed-2', 'placed-3', 'placed-4']);
  });

  it('are read completely whatever their times are, and from wherever a page ended', async () => {
    const order = fc.record({ ms: fc.integer({ min: 0, max: 6 }), id: fc.integer({ min: 0, max: 99 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(order, { selector: ({ id }) => id, maxLength: 40 }),
        fc.integer({ min: 1, max: 5 }),
        async (drawn, pageSize) => {
          const orders = drawn.map(({ ms, id }) => ({ ms, id: String(id) }));
          const { read, positions } = await readAll(pagesByTime(BEFORE, pageSize, [shopWith(orders)]));
          expect(read).toHaveLength(orders.length);
          for (const position of positions) {
            const later = await readAll(pagesByTime(position, pageSize, [shopWith(orders)]));
            const due = orders.filter(({ ms }) => at(ms) > position.changedAt);
            expect(later.read).toEqual(expect.arrayContaining(due.map(({ id }) => id)));
          }
        },
      ),
    );
  });

  it('stop with a reason where too many have the same moment, and lose none', async () => {
    const orders = Array.from({ length: 5_001 }, (_, index) => ({ ms: 1, id: String(index) }));
    const pages = pagesByTime({ changedAt: at(1), id: '' }, 1_000, [shopWith(orders)]);
    await expect(readAll(pages)).rejects.toThrow(/More than 5000 orders were changed in the same moment/);
  });

  it('are never asked for more at a time than the shop gives', async () => {
    const orders = Array.from({ length: 8 }, (_, index) => ({ ms: 1, id: String(index) }));
    const asked: number[] = [];
    const shop = shopWith(orders);
    const strict: typeof shop = (from, limit) => {
      asked.push(limit);
      return shop(from, limit);
    };
    const pages = pagesByTime({ changedAt: at(1), id: '' }, 3, [strict], 7);
    await expect(readAll(pages)).rejects.toThrow(/More than 7 orders were changed in the same moment/);
    expect(asked).toEqual([3, 6, 7]);
  });
});
