import { CannotRead } from '@samlast/channel-kit';
import { describe, expect, it } from '@jest/globals';
import { Purchase, toShopPurchase } from './tryton-purchases.ts';

const at = {
  __class__: 'datetime',
  year: 2026,
  month: 11,
  day: 23,
  hour: 8,
  minute: 5,
  second: 9,
  microsecond: 0,
};
const day = (day: number) => ({ __class__: 'date', year: 2026, month: 12, day });
const piece = { factor: 1 };
const product = { code: 'TEE-BLK-M', type: 'goods', default_uom: piece };
const line = {
  id: 11,
  type: 'line',
  create_date: at,
  write_date: null,
  quantity: 20,
  unit: piece,
  unit_price: { __class__: 'Decimal', decimal: '8.0000' },
  delivery_date_store: null,
  product,
  moves: [{ id: 21, internal_quantity: 20 }],
  moves_ignored: [],
};
/** As Tryton 8.2.1 answers with PURCHASE_FIELDS, without the dots. */
const recorded = {
  id: 7,
  number: '900',
  state: 'processing',
  create_date: at,
  write_date: null,
  purchase_date: day(1),
  delivery_date: day(15),
  comment: null,
  party: { name: 'Grace Mills', code: 'S-1' },
  lines: [line],
};
const read = (change: object = {}) => toShopPurchase(Purchase.parse({ ...recorded, ...change }));

describe('a purchase of Tryton', () => {
  it('cuts its texts between letters where they are too long', () => {
    const long = (most: number) => 'x'.repeat(most - 1) + '\u{1f381}';
    const purchase = read({ comment: long(500), party: { name: long(200), code: 'S-1' } });
    expect(purchase.note).toBe('x'.repeat(499));
    expect(purchase.supplier?.name).toBe('x'.repeat(199));
  });

  it('becomes a purchase order in the words of the kit', () => {
    expect(read()).toEqual({
      id: '7',
      number: '900',
      placedAt: '2026-12-01T00:00:00.000Z',
      changedAt: '2026-11-23T08:05:09.000Z',
      state: 'placed',
      supplier: { number: 'S-1', name: 'Grace Mills' },
      expectedOn: '2026-12-15',
      lines: [{ id: '11', article: 'TEE-BLK-M', quantity: '20', unitPrice: '8' }],
    });
  });

  it('expects the line with a day of its own on that day, and in pieces', () => {
    const dozens = { ...line, quantity: 2, unit: { factor: 12 }, delivery_date_store: day(20) };
    expect(read({ lines: [dozens] }).lines).toEqual([
      { id: '11', article: 'TEE-BLK-M', quantity: '24', expectedOn: '2026-12-20' },
    ]);
  });

  it('expects nothing of what is ignored, of services, and of what is given back', () => {
    const ignored = { ...line, id: 12, moves_ignored: [21] };
    const service = { ...line, id: 13, product: { ...product, type: 'service' } };
    const back = { ...line, id: 14, quantity: -2 };
    expect(read({ lines: [line, ignored, service, back] }).lines.map(({ id }) => id)).toEqual(['11']);
    expect(read({ lines: [ignored, service, back] }).state).toBe('cancelled');
  });

  it('says which line has a product without a number', () => {
    expect(() => read({ lines: [{ ...line, product: { ...product, code: null } }] })).toThrow(CannotRead);
  });
});
