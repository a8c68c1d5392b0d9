import { describe, expect, it } from '@jest/globals';
import type { ShopOrder } from '../shop.ts';
import { LIBRARY_WORDS } from '../testing/library-words.ts';
import { later, order, read, rules } from '../testing/one-order.ts';
import { importOrder, type KnownOrder, unheardOf } from './import.ts';

const mug = (quantity: string) => ({ id: '1', article: 'MUG', quantity });

describe('an order of the shop', () => {
  it('is sent on with its number, type and origin, and all its lines', () => {
    const { known, events } = read(order);
    expect(events[0]).toMatchObject({
      type: 'order.placed',
      key: '5178-SE',
      channel: 'SE',
      data: { number: '5178-SE', shopNumber: '5178', shopOrderId: 'o-1', revision: 1, type: { code: 'B2C' } },
    });
    expect(events[0]?.data).toMatchObject({ lines: [{ row: '1' }, { row: '2', picked: false }] });
    // Freight is nothing that a shelf has.
    expect(known?.lines).toMatchObject([{ article: 'MUG', sold: 2000n, imported: 2000n, unsettled: true }]);
  });

  it('is sent on once, and an older reading changes nothing', () => {
    expect(read(order, order, later(5), order, later(3)).types).toEqual(['order.placed']);
    const { known } = read(order, later(5, { state: 'cancelled' }), later(3));
    expect(known).toMatchObject({ state: 'cancel-requested', changedAt: '2026-11-24T10:05:00Z' });
  });

  it('keeps its pieces off the shelf while it is held, and is sent on once it is not', () => {
    const held = read(later(0, { state: 'held' }), later(1, { state: 'held' }));
    expect(held.types).toEqual([]);
    expect(held.known).toMatchObject({
      state: 'held',
      lines: [{ article: 'MUG', sold: 2000n, imported: 0n }],
    });
    const [line] = held.known?.lines ?? [];
    // Nobody else has heard of it, so the shop was allowed to sell what it holds.
    expect(held.known && line && unheardOf(held.known, line, true)).toBe(0n);
    const paid = read(later(0, { state: 'held' }), later(2));
    expect(paid.types).toEqual(['order.placed']);
    expect(paid.known).toMatchObject({ state: 'imported', lines: [{ sold: 2000n, imported: 2000n }] });
    const given = read(later(0, { state: 'held' }), later(2, { state: 'cancelled' }));
    expect(given.types).toEqual([]);
    expect(given.known).toMatchObject({ state: 'cancelled', lines: [{ sold: 0n, unsettled: false }] });
    // One that was sent on is not called back by it: its staff has to cancel it.
    expect(read(order, later(3, { state: 'held' })).types).toEqual(['order.placed']);
  });

  it('asks for its cancel once, and is sold no more', () => {
    const { types, known, events } = read(
      order,
      later(1, { state: 'cancelled' }),
      later(2, { state: 'cancelled' }),
    );
    expect(types).toEqual(['order.placed', 'order.cancel-requested']);
    expect(events[1]?.data).toMatchObject({ number: '5178-SE', revision: 2 });
    expect(known?.lines).toMatchObject([{ sold: 0n, imported: 2000n, unsettled: true }]);
  });

  it('stays sold when its shop does not put the pieces back', () => {
    const keeps = { ...rules, restocksCancelled: false };
    const { order: known } = importOrder(read(order).known, later(1, { state: 'cancelled' }), keeps);
    expect(known?.lines).toMatchObject([{ sold: 2000n }]);
  });

  it('says that it is cancelled when it was rejected by us too, since only then its pieces are put back', () => {
    const placed = read(order).known as KnownOrder;
    const result = importOrder({ ...placed, decision: 'rejected' }, later(1, { state: 'cancelled' }), rules);
    expect(result.event).toMatchObject({ type: 'order.cancel-requested', data: { revision: 2 } });
    expect(result.order).toMatchObject({ state: 'cancelled', revision: 2, lines: [{ unsettled: false }] });
  });

  it('never comes in when it was placed before the start, whatever happens to it', () => {
    const old = { placedAt: '2025-12-31T23:59:59Z' };
    const { types, known } = read(
      { ...order, ...old },
      later(1, old),
      later(2, { ...old, state: 'cancelled' }),
    );
    expect(types).toEqual([]);
    expect(known).toMatchObject({ state: 'before-start', lines: [] });
  });

  it('does not count until it does, and then counts', () => {
    expect(read(later(0, { state: 'not-yet' }))).toMatchObject({ types: [], known: undefined });
    expect(read(later(0, { state: 'not-yet' }), later(1)).types).toEqual(['order.placed']);
    expect(read(order, later(1, { state: 'not-yet' })).known).toMatchObject({ state: 'imported' });
  });

  it('is listed with a reason when its number cannot be used, and its pieces stay off the shelf', () => {
    const { known, types } = read({ ...order, number: '9'.repeat(60) });
    expect(types).toEqual([]);
    expect(known).toMatchObject({
      state: 'unreadable',
      attention: expect.stringContaining('cannot be used in the warehouse'),
      lines: [{ sold: 2000n, imported: 0n, unsettled: true }],
    });
    const corrected = importOrder(known, later(1), rules);
    expect(corrected).toMatchObject({ event: { type: 'order.placed' }, order: { state: 'imported' } });
    expect(corrected.order?.attention).toBeUndefined();
  });

  it('is listed when another order has its number already', () => {
    const result = importOrder(undefined, order, { ...rules, isTaken: () => true });
    expect(result).toMatchObject({
      order: { state: 'unreadable', attention: expect.stringContaining('5178-SE already') },
    });
    expect(result.event).toBeUndefined();
  });

  it.each([
    ['the country', { consignee: { countryCode: 'Kim Buyer' } }, 'no country code of two letters'],
    ['the address', { consignee: { address1: 'Kim Buyer'.repeat(30) } }, 'address1 of the address'],
    ['the currency', { currency: 'kr.' }, 'currency'],
    ['a quantity', { lines: [mug('two')] }, 'Line 1'],
    ['a negative quantity', { lines: [mug('2'), { ...mug('-1'), id: '2' }] }, 'Line 2'],
    ['a negative fulfilment', { lines: [{ ...mug('2'), fulfilled: '-1' }] }, 'Line 1'],
    ['an article', { lines: [mug('1'), { ...mug('1'), id: '2', article: '' }] }, 'line 2 has no article'],
    ['half of a character', { note: 'Kim Buyer \ud83d' }, 'the note has a broken character'],
    ['a claim', { claimKey: 'Kim Buyer'.repeat(20) }, 'the claim key is longer than 100 characters'],
    ['a way of shipping', { shippingMethod: { code: '' } }, 'the code of the shipping method is empty'],
    ['a day of delivery', { deliveryDate: 'Friday' }, 'day of delivery'],
    ['a price', { lines: [{ ...mug('1'), unitPrice: '1,50' }] }, 'price of line 1'],
    ['the same line twice', { lines: [mug('2'), mug('2')] }, 'id 1'],
    ['the time it was placed', { placedAt: 'yesterday' }, 'placed'],
    ['no lines', { lines: [] }, 'no lines'],
    ['nothing but empty lines', { lines: [mug('0')] }, 'no lines'],
  ])('is listed by what is wrong and without quoting it: %s', (_what, change, named) => {
    const { known, types } = read({ ...order, ...change } as ShopOrder);
    expect(types).toEqual([]);
    expect(known?.attention).toContain(named);
    expect(known?.attention).not.toContain('Kim Buyer');
    // The words of a schema are nothing for a shop keeper.
    expect(known?.attention).not.toMatch(LIBRARY_WORDS);
    for (const { sold } of known?.lines ?? []) expect(sold).toBeGreaterThanOrEqual(0n);
  });

  const hebrew = '\u05e8\u05d7\u05d5\u05d1 \u05d4\u05e8\u05e6\u05dc 1';
  it.each<[string, Partial<ShopOrder>]>([
    ['no address at all', { consignee: {} }],
    [
      'text from right to left',
      { consignee: { name: '\u05d3\u05e0\u05d4', address1: hebrew }, note: hebrew },
    ],
    ['an emoji', { consignee: { name: 'Kim \u{1f600}' }, note: '\u{1f381}'.repeat(250) }],
    ['a currency of a country that we never heard of', { currency: 'XTS' }],
    ['500 lines', { lines: Array.from({ length: 500 }, (_, at) => ({ ...mug('1'), id: String(at) })) }],
    ['a line that staff has emptied', { lines: [mug('1'), { ...mug('0'), id: '2' }] }],
    ['a rebate as a line', { lines: [mug('1'), { ...mug('-1'), id: '2', picked: false }] }],
  ])('is sent on with %s', (_what, change) => {
    const { known, events } = read({ ...order, ...change });
    expect(known?.attention).toBeUndefined();
    const { consignee = order.consignee, note, currency } = change;
    expect(events[0]?.data).toMatchObject({
      consignee,
      ...(note && { note }),
      ...(currency && { currency }),
    });
    const wanted = (change.lines ?? order.lines).filter(({ quantity }) => Number(quantity) > 0);
    expect(events[0]).toHaveProperty('data.lines.length', wanted.length);
  });

  it('remembers what the shop has fulfilled, which is no change of it', () => {
    const [mug, freight] = order.lines;
    const shipped = later(1, { lines: [{ ...mug, fulfilled: '2' }, freight] as ShopOrder['lines'] });
    expect(read(order, shipped)).toMatchObject({
      types: ['order.placed'],
      known: { lines: [{ fulfilled: 2000n }] },
    });
  });
});

describe('what the authority does not hear of an order', () => {
  const unheard = (restocks: boolean, ...readings: ShopOrder[]) => {
    const { known } = read(...readings);
    return known?.lines.map((line) => Number(unheardOf(known, line, restocks) / 1000n));
  };
  const lines = (quantity: string) => [{ id: '1', article: 'MUG', quantity }];

  it('is nothing while the order is what was sent on, and nothing of it is left after its cancel', () => {
    expect(unheard(true, order)).toEqual([0]);
    expect(unheard(true, order, later(1, { state: 'cancelled' }))).toEqual([0]);
  });

  it('is all of one that was cancelled before it was read and not put back', () => {
    const kept = importOrder(undefined, later(1, { state: 'cancelled' }), {
      ...rules,
      restocksCancelled: false,
    });
    const { order: known } = kept;
    expect(known?.lines.map((line) => Number(unheardOf(known, line, false) / 1000n))).toEqual([2]);
  });

  it('is all that was never sent on of one that is cancelled and not put back, in whatever rows it stands', () => {
    const without = { ...rules, restocksCancelled: false };
    const { order: known } = importOrder(undefined, order, without);
    const rows = [{ id: '9', article: 'MUG', quantity: '3' }];
    const { order: gone } = importOrder(known, later(1, { lines: rows, state: 'cancelled' }), without);
    const each = gone?.lines.map((line) => Number(unheardOf(gone, line, false) / 1000n)) ?? [];
    expect(each.reduce((sum, one) => sum + one, 0)).toBe(1);
  });

  it('is nothing of a change that is sent on, and what was taken off by one that cannot be', () => {
    expect(unheard(true, order, later(1, { lines: lines('1') }))).toEqual([0]);
    expect(unheard(true, order, later(1, { lines: lines('5') }))).toEqual([0]);
    const misfit = { consignee: { countryCode: 'Sverige' } };
    expect(unheard(true, order, later(1, { lines: lines('1'), ...misfit }))).toEqual([-1]);
    expect(unheard(true, order, later(1, { lines: lines('5'), ...misfit }))).toEqual([0]);
    const cancelled = later(2, { lines: lines('1'), state: 'cancelled' });
    expect(unheard(true, order, later(1, { lines: lines('1'), ...misfit }), cancelled)).toEqual([0]);
  });
});
