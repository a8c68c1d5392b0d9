import { CannotRead } from '@samlast/channel-kit';
import { describe, expect, it } from '@jest/globals';
import { OrderPlaced } from '@samlast/contracts';
import { type OrderFacts, refundedPieces, toShopOrder, WooOrder } from './woo-orders.ts';
import { parcelMeta } from './woo-parcels.ts';

/** As `GET /wp-json/wc/v3/orders` answers with ORDER_FIELDS, of a site in Berlin. */
const answered = {
  id: 727,
  number: '727',
  status: 'processing',
  currency: 'EUR',
  date_created_gmt: '2026-11-23T08:26:39',
  date_modified_gmt: '2026-11-23T08:26:41',
  customer_note: 'Please ring twice',
  billing: {
    first_name: 'Ada',
    last_name: 'Buyer',
    company: '',
    address_1: 'Rechnungsweg 9',
    address_2: '',
    city: 'Berlin',
    state: '',
    postcode: '10115',
    country: 'DE',
    email: 'ada@buyer.example',
    phone: '+49300000',
  },
  shipping: {
    first_name: 'Ada',
    last_name: 'Buyer',
    company: 'Hafen GmbH',
    address_1: 'Hafenstrasse 1',
    address_2: '2. Stock',
    city: 'Hamburg',
    state: 'HH',
    postcode: '20457',
    country: 'DE',
    phone: '',
  },
  meta_data: [{ key: 'is_vat_exempt', value: 'no' }],
  line_items: [
    {
      id: 315,
      name: 'Tee',
      product_id: 22,
      variation_id: 23,
      quantity: 3,
      price: 19.333333,
      sku: 'TEE-BLK-M',
    },
    { id: 316, name: 'Gift card', product_id: 30, variation_id: 0, quantity: 1, price: 25, sku: 'GIFT' },
  ],
  shipping_lines: [{ method_id: 'flat_rate', instance_id: '3', method_title: 'Parcel' }],
  refunds: [],
};
const facts: OrderFacts = {
  sendStatuses: ['processing', 'completed'],
  refunded: new Map(),
  services: new Set([30]),
};

function read(change: object = {}, of: Partial<OrderFacts> = {}) {
  return toShopOrder(WooOrder.parse({ ...answered, ...change }), { ...facts, ...of });
}

const [tee, gift] = answered.line_items;
const withTee = (change: object) => ({ line_items: [{ ...tee, ...change }, gift] });

/** What the contract says of it, as the kit would send it on. */
function sendable(change: object) {
  const { number, placedAt, lines, ...rest } = read(change);
  return OrderPlaced.schema.safeParse({
    ...rest,
    number: `${number}-DE`,
    shopNumber: number,
    shopOrderId: '727',
    channel: 'DE',
    revision: 1,
    type: { code: 'B2C' },
    placedAt,
    lines: lines.map(({ id, fulfilled: _fulfilled, ...line }) => ({ row: id, ...line })),
  });
}

describe('a WooCommerce order', () => {
  it('becomes an order in the words of the kit', () => {
    expect(read()).toEqual({
      id: '727',
      number: '727',
      placedAt: '2026-11-23T08:26:39Z',
      changedAt: '2026-11-23T08:26:41Z',
      state: 'placed',
      currency: 'EUR',
      note: 'Please ring twice',
      shippingMethod: { code: 'flat_rate:3', name: 'Parcel' },
      consignee: {
        name: 'Ada Buyer',
        company: 'Hafen GmbH',
        address1: 'Hafenstrasse 1',
        address2: '2. Stock',
        postCode: '20457',
        city: 'Hamburg',
        stateCode: 'HH',
        countryCode: 'DE',
        email: 'ada@buyer.example',
        phone: '+49300000',
      },
      lines: [
        {
          id: '315',
          article: 'TEE-BLK-M',
          quantity: '3',
          picked: true,
          fulfilled: '0',
          name: 'Tee',
          unitPrice: '19.3333',
        },
        {
          id: '316',
          article: 'GIFT',
          quantity: '1',
          picked: false,
          fulfilled: '0',
          name: 'Gift card',
          unitPrice: '25',
        },
      ],
    });
  });

  it.each([
    ['pending', 'not-yet'],
    ['failed', 'not-yet'],
    ['checkout-draft', 'not-yet'],
    ['on-hold', 'held'],
    ['awaiting-shipment', 'held'],
    ['processing', 'placed'],
    ['completed', 'placed'],
    ['cancelled', 'cancelled'],
    ['trash', 'cancelled'],
  ])('that is %s is %s', (status, state) => {
    expect(read({ status }).state).toBe(state);
  });

  it('is sent in a status of the shop’s own that is set to be', () => {
    const sendStatuses = ['processing', 'awaiting-shipment'];
    expect(read({ status: 'awaiting-shipment' }, { sendStatuses }).state).toBe('placed');
  });

  it('goes to the billing address where it has no other', () => {
    const shipping = { ...answered.shipping, address_1: '', city: '', company: '' };
    expect(read({ shipping }).consignee).toMatchObject({ address1: 'Rechnungsweg 9', city: 'Berlin' });
  });

  it('has less to send once a part of it was refunded, and not less than was sent', () => {
    const refunded = new Map([[315, 2]]);
    expect(read({}, { refunded }).lines[0]).toMatchObject({ quantity: '1', fulfilled: '0' });
    const sent = [parcelMeta('p1', { lines: { 315: 2 } })];
    expect(read({ meta_data: sent }, { refunded }).lines[0]).toMatchObject({ quantity: '2', fulfilled: '2' });
    expect(read({ status: 'completed' }, { refunded }).lines[0]).toMatchObject({
      quantity: '3',
      fulfilled: '3',
    });
  });

  it('is cancelled by a full refund before anything was sent, and stands as it was sent after', () => {
    const refunded = new Map([
      [315, 3],
      [316, 1],
    ]);
    expect(read({ status: 'refunded' }, { refunded }).state).toBe('cancelled');
    expect(read({}, { refunded }).state).toBe('cancelled');
    const meta_data = [parcelMeta('p1', { lines: { 315: 3 } })];
    expect(read({ status: 'refunded', meta_data }, { refunded })).toMatchObject({
      state: 'placed',
      lines: [{ quantity: '3' }, { quantity: '0' }],
    });
  });

  it('counts the pieces of a refund by the line that it names', () => {
    const of = (line: string, quantity: number) => ({
      quantity,
      meta_data: [{ key: '_refunded_item_id', value: line }],
    });
    const pieces = refundedPieces([
      { line_items: [of('315', -1), of('316', -1)] },
      { line_items: [of('315', -1)] },
    ]);
    expect(Object.fromEntries(pieces)).toEqual({ 315: 2, 316: 1 });
  });

  it('cannot be read where a product has no SKU, in words for the shop keeper; services need none', () => {
    expect(() => read(withTee({ sku: null }))).toThrow(CannotRead);
    expect(() => read(withTee({ sku: '' }))).toThrow(/'Tee' has no SKU.*Give the product/s);
    expect(read({ line_items: [tee, { ...gift, sku: '' }] }).lines).toHaveLength(1);
  });

  it('has the parts of a bundle picked and not the whole', () => {
    const line_items = [
      { ...tee, bundled_items: [317] },
      { ...tee, id: 317, sku: 'PART' },
    ];
    expect(read({ line_items }).lines).toMatchObject([{ picked: false }, { article: 'PART', picked: true }]);
  });
});

describe('a strange order', () => {
  it('without any address is one whose consignee is empty', () => {
    expect(read({ shipping: null, billing: null }).consignee).toEqual({});
    expect(sendable({ shipping: null, billing: null }).success).toBe(true);
  });

  it('with a quantity below zero is refused with what to do', () => {
    expect(() => read(withTee({ quantity: -2 }))).toThrow(/quantity -2.*Correct it in the shop/s);
  });

  it('with nothing left in it is a cancelled one', () => {
    const line_items = [{ ...tee, quantity: 0 }];
    expect(read({ line_items })).toMatchObject({ state: 'cancelled', lines: [{ quantity: '0' }] });
  });

  it('with a number of 60 characters keeps it, and the kit refuses it with a reason', () => {
    const number = '9'.repeat(60);
    expect(read({ number }).number).toBe(number);
  });

  it('with emoji and text from right to left goes on whole, and cut between letters where it is too long', () => {
    const shipping = {
      ...answered.shipping,
      first_name: 'שלום 🎁',
      last_name: 'مرحبا',
      city: '🏙️'.repeat(80),
    };
    const change = { shipping, customer_note: `${'a'.repeat(499)}🎁` };
    expect(read(change)).toMatchObject({ consignee: { name: 'שלום 🎁 مرحبا' }, note: 'a'.repeat(499) });
    expect(sendable(change).error).toBeUndefined();
  });

  it('with 500 lines has 500 lines', () => {
    const line_items = Array.from({ length: 500 }, (_, index) => ({
      ...tee,
      id: index + 1,
      sku: `A-${index}`,
    }));
    expect(read({ line_items }).lines).toHaveLength(500);
    expect(sendable({ line_items }).success).toBe(true);
  });

  it('in a currency that nobody knows goes on, and without one where it is no code', () => {
    expect(read({ currency: 'XBT' }).currency).toBe('XBT');
    expect(read({ currency: 'points' }).currency).toBeUndefined();
    expect(sendable({ currency: 'points' }).success).toBe(true);
  });
});
