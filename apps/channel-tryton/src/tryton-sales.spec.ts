import { CannotRead } from '@samlast/channel-kit';
import { describe, expect, it } from '@jest/globals';
import { markOf } from './parcel-mark.ts';
import { Sale, toShopOrder } from './tryton-sales.ts';

const at = (hour: number, microsecond = 0) => ({
  __class__: 'datetime',
  year: 2026,
  month: 11,
  day: 23,
  hour,
  minute: 5,
  second: 9,
  microsecond,
});
const day = (day: number) => ({ __class__: 'date', year: 2026, month: 11, day });
const piece = { factor: 1 };
const tee = { code: 'TEE-BLK-M', name: 'Tee', type: 'goods', default_uom: piece };

const line = {
  id: 11,
  type: 'line',
  create_date: at(8),
  write_date: null,
  quantity: 10,
  unit: piece,
  unit_price: { __class__: 'Decimal', decimal: '20.5000' },
  note: null,
  product: tee,
  moves: [{ id: 21, state: 'draft', internal_quantity: 10, shipment: 'stock.shipment.out,31' }],
  moves_ignored: [],
};

/** As Tryton 8.2.1 answers with SALE_FIELDS, without the dots. */
const recorded = {
  id: 7,
  number: '5178',
  state: 'processing',
  create_date: at(8, 123_456),
  write_date: at(9, 500_999),
  sale_date: day(23),
  shipping_date: day(30),
  shipment_method: 'order',
  comment: 'At the back door',
  currency: { code: 'EUR' },
  party: {
    name: 'Ada Wholesale',
    code: 'C-1',
    email: 'ada@wholesale.example',
    phone: '',
    mobile: '+49400000',
  },
  shipment_party: null,
  shipment_address: {
    party_name: null,
    street: 'Hafenstrasse 1\nGate 4',
    postal_code: '20457',
    city: 'Hamburg',
    country: { code: 'DE' },
    subdivision: null,
  },
  shipments: [{ id: 31, reference: null }],
  lines: [line],
};
const read = (change: object = {}) => toShopOrder(Sale.parse({ ...recorded, ...change }));
const wanted = (change: object, sale: object = {}) =>
  read({ lines: [{ ...line, ...change }], ...sale }).lines.map(({ quantity }) => quantity);

describe('a sale of Tryton', () => {
  it('cuts its texts between letters where they are too long', () => {
    const long = (most: number) => 'x'.repeat(most - 1) + '\u{1f381}';
    const named = { ...line, note: long(500), product: { ...tee, name: long(300) } };
    const party = { ...recorded.party, code: long(50) };
    const sale = read({ comment: long(500), party, lines: [named] });
    expect(sale.note).toBe('x'.repeat(499));
    expect(sale.consignee.customerNumber).toBe('x'.repeat(49));
    expect(sale.lines[0]).toMatchObject({ name: 'x'.repeat(299), comment: 'x'.repeat(499) });
  });

  it('becomes an order in the words of the kit', () => {
    expect(read()).toEqual({
      id: '7',
      number: '5178',
      placedAt: '2026-11-23T08:05:09.123Z',
      changedAt: '2026-11-23T09:05:09.500Z',
      state: 'placed',
      currency: 'EUR',
      deliveryDate: '2026-11-30',
      note: 'At the back door',
      consignee: {
        name: 'Ada Wholesale',
        company: 'Ada Wholesale',
        address1: 'Hafenstrasse 1',
        address2: 'Gate 4',
        postCode: '20457',
        city: 'Hamburg',
        countryCode: 'DE',
        email: 'ada@wholesale.example',
        phone: '+49400000',
        customerNumber: 'C-1',
      },
      lines: [
        { id: '11', article: 'TEE-BLK-M', quantity: '10', picked: true, name: 'Tee', unitPrice: '20.5' },
      ],
    });
  });

  it('was placed on its day, or when it was written down on that day', () => {
    expect(read({ sale_date: day(24) }).placedAt).toBe('2026-11-24T00:00:00.000Z');
    expect(read({ sale_date: null }).placedAt).toBe('2026-11-23T08:05:09.123Z');
  });

  it('was changed when one of its lines was', () => {
    expect(read({ lines: [{ ...line, write_date: at(12) }] }).changedAt).toBe('2026-11-23T12:05:09.000Z');
  });

  it.each([
    ['draft', 'not-yet'],
    ['quotation', 'not-yet'],
    ['confirmed', 'not-yet'],
    ['processing', 'placed'],
    ['done', 'placed'],
    ['cancelled', 'cancelled'],
  ])('that is %s counts as %s', (state, counts) => {
    expect(read({ state }).state).toBe(counts);
  });

  it('wants less when staff ignores what was cancelled, and nothing when that is all', () => {
    const moves = [
      { ...line.moves[0], state: 'cancelled' },
      { id: 22, state: 'draft', internal_quantity: 4, shipment: 'stock.shipment.out,32' },
    ];
    expect(wanted({ moves, moves_ignored: [] })).toEqual(['10']);
    expect(wanted({ moves: [{ ...moves[0], internal_quantity: 6 }, moves[1]], moves_ignored: [21] })).toEqual(
      ['4'],
    );
    const all = read({ lines: [{ ...line, moves: [moves[0]], moves_ignored: [21] }] });
    expect(all).toMatchObject({ state: 'cancelled', lines: [{ quantity: '0' }] });
  });

  it('wants nothing of what staff has shipped by hand, and all of what was shipped for a parcel', () => {
    const done = { moves: [{ ...line.moves[0], state: 'done', internal_quantity: 3 }] };
    expect(wanted(done)).toEqual(['7']);
    expect(wanted(done, { shipments: [{ id: 31, reference: `PO 4 ${markOf('p1')}` }] })).toEqual(['10']);
  });

  it('wants what Tryton has planned to ship where that is not what was ordered', () => {
    const invoiced = { shipment_method: 'invoice' };
    expect(read({ ...invoiced, lines: [{ ...line, moves: [] }] }).state).toBe('not-yet');
    expect(wanted({ moves: [{ ...line.moves[0], internal_quantity: 4 }] }, invoiced)).toEqual(['4']);
  });

  it('is counted in the unit of the article', () => {
    expect(wanted({ quantity: 2, unit: { factor: 12 } })).toEqual(['24']);
    expect(wanted({ quantity: 250, unit: { factor: 0.001 } })).toEqual(['0.25']);
    expect(() => wanted({ quantity: 0.0004 })).toThrow(CannotRead);
  });

  it('takes services along unpicked, and passes over headings and what is sold back', () => {
    const service = {
      ...line,
      id: 12,
      quantity: 1,
      product: { ...tee, code: '', type: 'service' },
      moves: [],
    };
    const back = { ...line, id: 13, quantity: -1 };
    const heading = { ...line, id: 14, type: 'title', product: null, unit: null, quantity: null };
    expect(read({ lines: [line, service, back, heading] }).lines).toMatchObject([
      { id: '11', picked: true },
      { id: '12', article: 'service-12', picked: false },
    ]);
    expect(read({ lines: [service] }).state).toBe('not-yet');
  });

  it('says which line has a product without a number', () => {
    const lines = [{ ...line, product: { ...tee, code: null } }];
    expect(() => read({ lines })).toThrow(/line 11 has no code/);
  });
});
