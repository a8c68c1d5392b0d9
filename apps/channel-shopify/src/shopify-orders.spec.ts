import { CannotRead } from '@samlast/channel-kit';
import { describe, expect, it } from '@jest/globals';
import { needsFulfilments, ShopifyOrder, toShopOrder } from './shopify-orders.ts';

const SENT = { unpaidWait: true };

const line = (more: object = {}) => ({
  id: 'gid://shopify/LineItem/11',
  sku: 'TEE-BLK-M',
  title: 'Tee black M',
  quantity: 2,
  currentQuantity: 2,
  unfulfilledQuantity: 2,
  requiresShipping: true,
  variant: { inventoryItem: { tracked: true } },
  discountedUnitPriceSet: { shopMoney: { amount: '23.80' } },
  ...more,
});

const order = (more: object = {}, ...lines: object[]) =>
  ShopifyOrder.parse({
    id: 'gid://shopify/Order/7',
    name: '#1001',
    createdAt: '2026-11-23T08:26:39Z',
    updatedAt: '2026-11-23T08:27:00Z',
    cancelledAt: null,
    cancelReason: null,
    currencyCode: 'EUR',
    email: 'ada@buyer.example',
    phone: null,
    note: null,
    displayFinancialStatus: 'PAID',
    displayFulfillmentStatus: 'UNFULFILLED',
    shippingAddress: {
      name: 'Ada Buyer',
      company: null,
      address1: 'Hafenstrasse 1',
      address2: null,
      zip: '20457',
      city: 'Hamburg',
      provinceCode: null,
      countryCodeV2: 'DE',
      phone: '+49 40 1',
    },
    shippingLine: { title: 'Standard', code: null },
    lineItems: {
      nodes: lines.length > 0 ? lines : [line()],
      pageInfo: { hasNextPage: false, endCursor: null },
    },
    ...more,
  });

describe('an order of Shopify', () => {
  it('is told in the words of the kit', () => {
    expect(toShopOrder(order(), SENT)).toEqual({
      id: 'gid://shopify/Order/7',
      number: '1001',
      placedAt: '2026-11-23T08:26:39Z',
      changedAt: '2026-11-23T08:27:00Z',
      state: 'placed',
      consignee: {
        name: 'Ada Buyer',
        address1: 'Hafenstrasse 1',
        postCode: '20457',
        city: 'Hamburg',
        countryCode: 'DE',
        email: 'ada@buyer.example',
        phone: '+49 40 1',
      },
      lines: [
        {
          id: '11',
          article: 'TEE-BLK-M',
          quantity: '2',
          picked: true,
          fulfilled: '0',
          name: 'Tee black M',
          unitPrice: '23.8',
        },
      ],
      currency: 'EUR',
      shippingMethod: { code: 'Standard', name: 'Standard' },
    });
  });

  it('waits while it is not paid for, unless the shop wants otherwise', () => {
    for (const status of ['PENDING', 'EXPIRED', 'VOIDED']) {
      const unpaid = order({ displayFinancialStatus: status });
      expect(toShopOrder(unpaid, SENT)).toMatchObject({ state: 'held', lines: [{ quantity: '2' }] });
      expect(toShopOrder(unpaid, { unpaidWait: false }).state).toBe('placed');
    }
    for (const status of ['AUTHORIZED', 'PARTIALLY_PAID', 'PAID', 'REFUNDED'])
      expect(toShopOrder(order({ displayFinancialStatus: status }), SENT).state).toBe('placed');
  });

  it('is cancelled with its reason, whole as it was ordered', () => {
    const cancelled = order(
      { cancelledAt: '2026-11-23T09:00:00Z', cancelReason: 'CUSTOMER' },
      line({ currentQuantity: 0, unfulfilledQuantity: 0 }),
    );
    expect(toShopOrder(cancelled, SENT)).toMatchObject({
      state: 'cancelled',
      cancelReason: 'customer',
      lines: [{ quantity: '2' }],
    });
  });

  it('wants what an edit left of it', () => {
    const edited = order({}, line({ quantity: 3, currentQuantity: 1, unfulfilledQuantity: 1 }));
    expect(needsFulfilments(edited)).toBe(false);
    expect(toShopOrder(edited, SENT).lines).toMatchObject([{ quantity: '1', fulfilled: '0' }]);
  });

  it('wants what it wanted when a part of it was fulfilled', () => {
    const part = order({ displayFulfillmentStatus: 'PARTIALLY_FULFILLED' }, line({ unfulfilledQuantity: 1 }));
    expect(needsFulfilments(part)).toBe(false);
    expect(toShopOrder(part, SENT).lines).toMatchObject([{ quantity: '2', fulfilled: '1' }]);
  });

  it('is not changed by goods that come back, which only its fulfilments tell from pieces taken out', () => {
    const some = line({ quantity: 3, currentQuantity: 2, unfulfilledQuantity: 2 });
    const status = { displayFulfillmentStatus: 'PARTIALLY_FULFILLED' };
    expect(needsFulfilments(order(status, some))).toBe(true);
    const returned = new Map([['gid://shopify/LineItem/11', 1]]);
    expect(toShopOrder(order(status, some), { ...SENT, fulfilled: returned }).lines).toMatchObject([
      { quantity: '3', fulfilled: '1' },
    ]);
    const takenOut = new Map<string, number>();
    expect(toShopOrder(order(status, some), { ...SENT, fulfilled: takenOut }).lines).toMatchObject([
      { quantity: '2', fulfilled: '0' },
    ]);
  });
});

describe('what is picked of an order', () => {
  it('is what is shipped; parts of a bundle come as lines of their own', () => {
    const digital = line({ id: 'gid://shopify/LineItem/12', requiresShipping: false, sku: 'EBOOK' });
    expect(toShopOrder(order({}, line(), digital), SENT).lines).toMatchObject([
      { id: '11', picked: true },
      { id: '12', picked: false },
    ]);
  });

  it('is not what has no number and nothing to ship: tips, fees, gift cards', () => {
    const tip = line({ id: 'gid://shopify/LineItem/12', sku: null, variant: null, requiresShipping: false });
    const service = line({
      id: 'gid://shopify/LineItem/13',
      sku: '',
      variant: { inventoryItem: { tracked: false } },
    });
    expect(toShopOrder(order({}, line(), tip, service), SENT).lines).toMatchObject([{ id: '11' }]);
    expect(toShopOrder(order({}, tip), SENT)).toMatchObject({ state: 'not-yet', lines: [] });
  });

  it('is what has a number, though Shopify keeps no stock of it: it must not be forgotten', () => {
    const untracked = line({ variant: { inventoryItem: { tracked: false } } });
    expect(toShopOrder(order({}, untracked), SENT).lines).toMatchObject([{ picked: true }]);
  });

  it('cannot be told of a line that is shipped and has no SKU; the reason says what to do', () => {
    for (const nameless of [line({ sku: null }), line({ sku: '', variant: null })]) {
      const read = () => toShopOrder(order({}, nameless), SENT);
      expect(read).toThrow(CannotRead);
      expect(read).toThrow(/Tee black M.*SKU.*by hand/s);
    }
  });
});

describe('an order with something odd in it', () => {
  it('goes on without a consignee, whom the warehouse then asks for, so that its pieces stay promised', () => {
    expect(toShopOrder(order({ shippingAddress: null, email: null }), SENT)).toMatchObject({
      state: 'placed',
      consignee: {},
      lines: [{ quantity: '2' }],
    });
  });

  it('keeps a line that was edited to nothing', () => {
    const gone = line({ currentQuantity: 0, unfulfilledQuantity: 0 });
    expect(toShopOrder(order({}, gone), SENT).lines).toMatchObject([{ quantity: '0', picked: true }]);
  });

  it('cannot be read with a quantity below zero', () => {
    const negative = line({ quantity: -1, currentQuantity: -1, unfulfilledQuantity: -1 });
    expect(() => toShopOrder(order({}, negative), SENT)).toThrow(/below zero.*Correct it/);
  });

  it('keeps its number, however long, for the kit to judge', () => {
    expect(toShopOrder(order({ name: `#${'9'.repeat(60)}` }), SENT).number).toHaveLength(60);
  });

  it('keeps emoji and text from right to left, and cuts neither in half', () => {
    const note = `${'x'.repeat(499)}🎁 more`;
    const address = { ...order().shippingAddress, name: 'אדה קונה 🎉', city: 'القاهرة' };
    const read = toShopOrder(order({ note, shippingAddress: address }), SENT);
    expect(read.consignee).toMatchObject({ name: 'אדה קונה 🎉', city: 'القاهرة' });
    expect(read.note).toBe('x'.repeat(499));
  });

  it('may have 500 lines', () => {
    const lines = Array.from({ length: 500 }, (_, index) => line({ id: `gid://shopify/LineItem/${index}` }));
    expect(toShopOrder(order({}, ...lines), SENT).lines).toHaveLength(500);
  });

  it('keeps a currency that we do not know, for the kit to judge', () => {
    expect(toShopOrder(order({ currencyCode: 'XTS' }), SENT).currency).toBe('XTS');
  });
});
