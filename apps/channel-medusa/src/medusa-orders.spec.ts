import { describe, expect, it } from '@jest/globals';
import { MedusaOrder, stateOf, toShopOrder } from './medusa-orders.ts';

/** As Medusa 2.21.2 answers with ORDER_FIELDS. */
const recorded = {
  id: 'order_01JDEXAMPLE',
  display_id: 5178,
  status: 'pending',
  payment_status: 'authorized',
  email: 'ada@buyer.example',
  currency_code: 'eur',
  created_at: '2026-11-23T07:33:48.100Z',
  updated_at: '2026-11-23T07:33:48.228Z',
  items: [
    {
      id: 'ordli_1',
      title: 'Article TEE',
      variant_sku: 'TEE-BLK-M',
      requires_shipping: true,
      unit_price: 19.9,
      detail: { quantity: 2, fulfilled_quantity: 0 },
    },
  ],
  shipping_address: {
    first_name: 'Ada',
    last_name: 'Buyer',
    address_1: 'Hafenstrasse 1',
    address_2: '',
    postal_code: '20457',
    city: 'Hamburg',
    country_code: 'de',
    phone: null,
  },
  shipping_methods: [{ name: 'Parcel' }],
};
const order = MedusaOrder.parse(recorded);
const none = { announced: false, reservedLines: new Set<string>() };
const reserved = { announced: false, reservedLines: new Set(['ordli_1']) };

describe('a Medusa order', () => {
  it('cuts its texts between letters where they are too long', () => {
    const long = (most: number) => 'x'.repeat(most - 1) + '\u{1f381}';
    const item = { ...order.items[0]!, title: long(300) };
    const read = toShopOrder({ ...order, items: [item], shipping_methods: [{ name: long(100) }] }, 'placed');
    expect(read.lines[0]?.name).toBe('x'.repeat(299));
    expect(read.shippingMethod).toEqual({ code: 'x'.repeat(99), name: 'x'.repeat(99) });
  });

  it('becomes an order in the words of the kit', () => {
    expect(toShopOrder(order, 'placed')).toEqual({
      id: 'order_01JDEXAMPLE',
      number: '5178',
      placedAt: '2026-11-23T07:33:48.100Z',
      changedAt: '2026-11-23T07:33:48.228Z',
      state: 'placed',
      currency: 'EUR',
      shippingMethod: { code: 'Parcel', name: 'Parcel' },
      consignee: {
        name: 'Ada Buyer',
        address1: 'Hafenstrasse 1',
        postCode: '20457',
        city: 'Hamburg',
        countryCode: 'DE',
        email: 'ada@buyer.example',
      },
      lines: [
        {
          id: 'ordli_1',
          article: 'TEE-BLK-M',
          quantity: '2',
          picked: true,
          fulfilled: '0',
          name: 'Article TEE',
          unitPrice: '19.9',
        },
      ],
    });
  });

  it('cannot be read while a variant has no SKU, and says what to do', () => {
    const broken = { ...order, items: [{ ...order.items[0]!, variant_sku: null }] };
    expect(() => toShopOrder(broken, 'placed')).toThrow(
      /Article TEE.*has no SKU.*Give the variant its article number/,
    );
  });

  it('that needs no shipping is not picked', () => {
    const voucher = { ...order, items: [{ ...order.items[0]!, requires_shipping: false }] };
    expect(toShopOrder(voucher, 'placed').lines[0]).toMatchObject({ picked: false });
  });

  it('counts when it is paid for and its pieces are reserved', () => {
    expect(stateOf(order, reserved)).toBe('placed');
  });

  it('does not count as long as nothing is reserved for it: a checkout that is about to be refused looks like that', () => {
    expect(stateOf(order, none)).toBe('not-yet');
  });

  it('does not count unpaid: a refused checkout that Medusa left over looks like that', () => {
    expect(stateOf({ ...order, payment_status: 'not_paid' }, reserved)).toBe('not-yet');
    // Medusa asks for the difference after an edit, and calls the whole order not paid.
    expect(stateOf({ ...order, payment_status: 'not_paid', version: 2 }, reserved)).toBe('placed');
  });

  it('counts when the shop announced it, whatever it looks like by now', () => {
    expect(stateOf({ ...order, payment_status: 'not_paid' }, { ...none, announced: true })).toBe('placed');
  });

  it('counts when its pieces are fulfilled already and no longer reserved', () => {
    const item = order.items[0]!;
    const fulfilled = { ...order, items: [{ ...item, detail: { quantity: 2, fulfilled_quantity: 2 } }] };
    expect(stateOf(fulfilled, none)).toBe('placed');
  });

  it('with holes does not count: a refused checkout that is being deleted looks like that', () => {
    const holes = [
      { shipping_methods: [null] },
      { items: [null] },
      { items: [] },
      { items: null, payment_status: 'authorized' },
      { items: [{ ...recorded.items[0], detail: null, variant_sku: null, unit_price: null }] },
    ];
    for (const hole of holes) {
      const seen = MedusaOrder.parse({ ...recorded, payment_status: 'not_paid', ...hole });
      expect(toShopOrder(seen, stateOf(seen, reserved))).toMatchObject({ state: 'not-yet', lines: [] });
    }
  });

  it('that is cancelled is cancelled, also when it was announced', () => {
    expect(stateOf({ ...order, status: 'canceled' }, { ...none, announced: true })).toBe('cancelled');
  });
});
