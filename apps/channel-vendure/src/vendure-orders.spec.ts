import { CannotRead } from '@samlast/channel-kit';
import { describe, expect, it } from '@jest/globals';
import { changedAtOf, toShopOrder, VendureOrder } from './vendure-orders.ts';

/** As Vendure 3.7.3 answers with ORDER_FIELDS. */
const recorded = {
  id: '7',
  code: 'EEPZ7PJVH7QLFEZ5',
  state: 'PaymentSettled',
  orderPlacedAt: '2026-11-23T08:26:39.100Z',
  updatedAt: '2026-11-23T08:26:33.800Z',
  currencyCode: 'EUR',
  customFields: { samlastClaim: 'EEPZ7PJVH7QLFEZ5-2' },
  customer: { emailAddress: 'ada@buyer.example', phoneNumber: '' },
  lines: [
    {
      id: '11',
      quantity: 2,
      unitPriceWithTax: 2380,
      productVariant: { sku: 'TEE-BLK-M', name: 'Tee black M', trackInventory: 'INHERIT' },
      fulfillmentLines: [
        { quantity: 1, fulfillment: { state: 'Shipped' } },
        { quantity: 1, fulfillment: { state: 'Cancelled' } },
      ],
    },
    {
      id: '12',
      quantity: 1,
      unitPriceWithTax: 5,
      productVariant: { sku: 'GIFT-WRAP', name: '', trackInventory: 'FALSE' },
      fulfillmentLines: [],
    },
  ],
  shippingAddress: {
    fullName: 'Ada Buyer',
    company: null,
    streetLine1: 'Hafenstrasse 1',
    streetLine2: null,
    city: 'Hamburg',
    province: '',
    postalCode: '20457',
    countryCode: 'DE',
    phoneNumber: '+49400000',
  },
  shippingLines: [{ shippingMethod: { code: 'parcel', name: 'Parcel' } }],
};
const order = VendureOrder.parse(recorded);

describe('a Vendure order', () => {
  it('cuts its texts between letters where they are too long', () => {
    const long = (most: number) => 'x'.repeat(most - 1) + '\u{1f381}';
    const line = order.lines[0]!;
    const read = toShopOrder({
      ...order,
      lines: [{ ...line, productVariant: { ...line.productVariant, name: long(300) } }],
      shippingLines: [{ shippingMethod: { code: long(100), name: long(100) } }],
    });
    expect(read.lines[0]?.name).toBe('x'.repeat(299));
    expect(read.shippingMethod).toEqual({ code: 'x'.repeat(99), name: 'x'.repeat(99) });
  });

  it('becomes an order in the words of the kit', () => {
    expect(toShopOrder(order)).toEqual({
      id: '7',
      number: 'EEPZ7PJVH7QLFEZ5',
      placedAt: '2026-11-23T08:26:39.100Z',
      changedAt: '2026-11-23T08:26:39.100Z',
      state: 'placed',
      currency: 'EUR',
      claimKey: 'EEPZ7PJVH7QLFEZ5-2',
      shippingMethod: { code: 'parcel', name: 'Parcel' },
      consignee: {
        name: 'Ada Buyer',
        address1: 'Hafenstrasse 1',
        postCode: '20457',
        city: 'Hamburg',
        countryCode: 'DE',
        email: 'ada@buyer.example',
        phone: '+49400000',
      },
      lines: [
        {
          id: '11',
          article: 'TEE-BLK-M',
          quantity: '2',
          picked: true,
          fulfilled: '1',
          name: 'Tee black M',
          unitPrice: '23.80',
        },
        { id: '12', article: 'GIFT-WRAP', quantity: '1', picked: false, fulfilled: '0', unitPrice: '0.05' },
      ],
    });
  });

  it('changed when it was placed, though its updatedAt stands at the step before the payment', () => {
    expect(changedAtOf(recorded)).toBe('2026-11-23T08:26:39.100Z');
    expect(changedAtOf({ ...recorded, updatedAt: '2026-11-23T09:00:00.000Z' })).toBe(
      '2026-11-23T09:00:00.000Z',
    );
  });

  it('is cancelled when Vendure says so', () => {
    expect(toShopOrder({ ...order, state: 'Cancelled' }).state).toBe('cancelled');
  });

  it('is cancelled when nothing is left in it, as it shows while it is being cancelled', () => {
    const lines = order.lines.map((line) => ({ ...line, quantity: 0 }));
    expect(toShopOrder({ ...order, lines }).state).toBe('cancelled');
  });

  it('cannot be read where a variant has no SKU, in words for the shop keeper', () => {
    const [line] = order.lines;
    const nameless = {
      ...line,
      productVariant: { ...line?.productVariant, sku: '' },
    } as (typeof order.lines)[0];
    expect(() => toShopOrder({ ...order, lines: [nameless] })).toThrow(CannotRead);
    expect(() => toShopOrder({ ...order, lines: [nameless] })).toThrow(/'Tee black M' has no SKU/);
  });
});
