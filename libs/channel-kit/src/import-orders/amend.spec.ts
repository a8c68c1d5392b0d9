import { describe, expect, it } from '@jest/globals';
import { type DataOf, OrderAmended } from '@samlast/contracts';
import type { ShopOrder } from '../shop.ts';
import { later, order, read, rules } from '../testing/one-order.ts';
import { importOrder, type KnownOrder } from './import.ts';
import { digestOf } from './order-content.ts';

const mug = (quantity: string) => ({ id: '1', article: 'MUG', quantity });
const freight = { id: '2', article: 'FREIGHT', quantity: '1', picked: false };
const hat = { id: '3', article: 'HAT', quantity: '1' };

describe('an order that is changed in its shop after it was sent on', () => {
  it('is sent on whole again, under its next revision', () => {
    const { events, known } = read(order, later(1, { lines: [mug('3'), freight, hat] }));
    expect(events[1]).toMatchObject({ type: 'order.amended', key: '5178-SE', channel: 'SE' });
    expect(events[1]?.data).toMatchObject({
      revision: 2,
      shopOrderId: 'o-1',
      lines: [
        { row: '1', quantity: '3' },
        { row: '2', picked: false },
        { row: '3', article: 'HAT' },
      ],
    });
    expect(known).toMatchObject({
      revision: 2,
      sentRevision: 2,
      attention: undefined,
      lines: [
        { article: 'MUG', sold: 3000n, imported: 3000n, unsettled: true },
        { article: 'HAT', sold: 1000n, imported: 1000n, unsettled: true },
      ],
    });
  });

  it.each([
    ['the address', { consignee: { name: 'Kim Buyer', address1: 'Hamngatan 2' } }],
    ['the day of delivery', { deliveryDate: '2026-11-30' }],
    ['the way of delivery', { shippingMethod: { code: 'DOOR' } }],
    ['the note', { note: 'Ring twice' }],
    ['a price', { lines: [{ ...mug('2'), unitPrice: '9.50' }, freight] }],
    ['a comment', { lines: [{ ...mug('2'), comment: 'as a gift' }, freight] }],
    ['freight, which nobody picks', { lines: [mug('2')] }],
  ] as [string, Partial<ShopOrder>][])('is sent on with %s changed', (_what, change) => {
    expect(read(order, later(1, change), later(2, change)).types).toEqual(['order.placed', 'order.amended']);
  });

  it.each([
    ['its time of change', {}],
    ['the name of a line', { lines: [{ ...mug('2'), name: 'Mug, blue' }, freight] }],
    ['the order of its lines', { lines: [freight, mug('2')] }],
    ['what is fulfilled', { lines: [{ ...mug('2'), fulfilled: '1' }, freight] }],
    ['how a quantity is written', { lines: [mug('2.000'), freight] }],
    ['a member that is empty', { consignee: { name: 'Kim Buyer', address2: '' } }],
  ] as [string, Partial<ShopOrder>][])('is not sent on where nothing but %s is another', (_what, change) => {
    expect(read(order, later(1, change)).types).toEqual(['order.placed']);
  });

  it('is sent on with each change, and with what is changed back', () => {
    const { events, known } = read(
      order,
      later(1, { lines: [mug('3'), freight] }),
      later(2, { lines: [mug('1'), freight] }),
      later(3),
    );
    expect(events.map((event) => (event.data as DataOf<typeof OrderAmended>).revision)).toEqual([1, 2, 3, 4]);
    expect(known?.lines).toMatchObject([{ sold: 2000n, imported: 2000n }]);
  });

  it('has sold nothing any more of a line that is gone or stands there with nothing', () => {
    const removed = read(order, later(1, { lines: [hat] }));
    expect(removed.known?.lines).toMatchObject([
      { article: 'HAT', sold: 1000n, imported: 1000n },
      { article: 'MUG', sold: 0n, imported: 0n },
    ]);
    const nothing = read(order, later(1, { lines: [mug('0'), hat] }));
    expect(nothing.events[1]?.data).toMatchObject({ lines: [{ article: 'HAT' }] });
  });

  it('has sold the article that a row has now, and nothing of the one that it had', () => {
    const { known } = read(order, later(1, { lines: [{ ...mug('2'), article: 'CUP' }, freight] }));
    expect(known?.lines).toMatchObject([
      { row: '1', article: 'CUP', sold: 2000n, imported: 2000n, unsettled: true },
      { row: '1', article: 'MUG', sold: 0n, imported: 0n },
    ]);
  });

  it('keeps the number that it was sent on under', () => {
    const { events } = read(order, later(1, { number: '9999', note: 'Ring twice' }));
    expect(events[1]?.data).toMatchObject({ number: '5178-SE', shopNumber: '5178' });
  });

  it('asks for its cancel one revision above its change, and is changed no more', () => {
    const note = { note: 'Ring twice' };
    const { events, types } = read(
      order,
      later(1, note),
      later(2, { ...note, state: 'cancelled' }),
      later(3, { note: 'Again' }),
    );
    expect(types).toEqual(['order.placed', 'order.amended', 'order.cancel-requested']);
    expect(events[2]?.data).toMatchObject({ revision: 3 });
  });

  it('is told also where it was rejected, since its shop sells by it all the same', () => {
    const placed = read(order).known as KnownOrder;
    const change = later(1, { lines: [mug('3'), freight] });
    expect(importOrder({ ...placed, decision: 'rejected' }, change, rules).event?.type).toBe('order.amended');
  });
});

describe('a change that cannot be sent on', () => {
  const misfit = later(1, { consignee: { countryCode: 'Sverige' }, lines: [mug('3'), freight] });

  it('is listed with its reason and without quoting it, and what was added stays off the shelf', () => {
    const { known, types } = read(order, misfit, misfit);
    expect(types).toEqual(['order.placed']);
    expect(known).toMatchObject({
      revision: 1,
      attention: expect.stringContaining('no country code of two letters'),
      lines: [{ sold: 3000n, imported: 2000n, unsettled: true }],
    });
    expect(known?.attention).not.toContain('Sverige');
  });

  it('is listed no more once the order is cancelled, as where a shop showed it empty just before', () => {
    const empty = later(1, { lines: [mug('0')] });
    const cancelled = later(2, { state: 'cancelled', lines: [mug('0')] });
    expect(read(order, empty).known?.attention).toContain('Nothing is left in it');
    const { known, types } = read(order, empty, cancelled);
    expect(types).toEqual(['order.placed', 'order.cancel-requested']);
    expect(known?.attention).toBeUndefined();
  });

  it('is sent on once it is corrected, and is listed no more', () => {
    const { known, events } = read(order, misfit, later(2, { lines: [mug('3'), freight] }));
    expect(events[1]).toMatchObject({ type: 'order.amended', data: { revision: 2 } });
    expect(known?.attention).toBeUndefined();
    expect(read(order, misfit, later(2)).known).toMatchObject({ attention: undefined, revision: 1 });
  });

  it('is an order that is emptied without being cancelled', () => {
    const { known, types } = read(order, later(1, { lines: [] }));
    expect(types).toEqual(['order.placed']);
    expect(known).toMatchObject({
      attention: expect.stringContaining('cancel it there'),
      lines: [{ sold: 0n, imported: 2000n }],
    });
  });
});

describe('an order that was sent on before changes were', () => {
  const { digest: _, ...before } = read(order).known as KnownOrder;

  it('is not taken for changed by its first reading, and by the next one when it is', () => {
    const first = importOrder(before, later(1, { note: 'Ring twice' }), rules);
    expect(first.event).toBeUndefined();
    const second = importOrder(first.order, later(2, { note: 'Ring once' }), rules);
    expect(second.event).toMatchObject({ type: 'order.amended', data: { revision: 2 } });
  });

  it('is sent on where its lines are others than those that were', () => {
    const { event } = importOrder(before, later(1, { lines: [mug('3'), freight] }), rules);
    expect(event).toMatchObject({ type: 'order.amended' });
  });
});

it('a digest changes only with what it is of, which is then said in it', () => {
  const full: ShopOrder = {
    ...order,
    deliveryDate: '2026-11-30',
    currency: 'SEK',
    shippingMethod: { code: 'DOOR' },
    note: 'Ring twice',
    lines: [{ ...mug('2'), warehouse: 'GBG', unitPrice: '9.50', comment: 'as a gift' }, freight],
  };
  expect(digestOf(full)).toBe('1:S741TjCtnrqcnrqEC-YKaLmLBIY');
});
