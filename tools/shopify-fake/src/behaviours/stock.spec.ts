import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { gid } from '../shop/world.ts';
import type { Variant } from '../shop/model.ts';
import { type ShopifyFake, startShopifyFake } from '../start.ts';
import { ask } from '../testing/ask.ts';

const SET = `mutation($input: InventorySetQuantitiesInput!, $key: String!) {
  inventorySetQuantities(input: $input) @idempotent(key: $key) {
    inventoryAdjustmentGroup { changes { delta quantityAfterChange } } userErrors { code field message }
  }
}`;

let fake: ShopifyFake;
let variant: Variant;
let keys = 0;

beforeAll(async () => {
  fake = await startShopifyFake();
});
afterAll(() => fake.close());

const level = () => [...variant.levels.values()][0];

function input(quantities: object[], more: object = {}) {
  return {
    name: 'available',
    reason: 'correction',
    quantities: quantities.map((one) => ({
      inventoryItemId: gid('InventoryItem', variant.inventoryItemId),
      locationId: fake.locationId,
      ...one,
    })),
    ...more,
  };
}

async function set(wish: object, key = `key-${++keys}`) {
  const { data, errors } = await ask(fake, SET, { input: wish, key });
  const answer = data?.inventorySetQuantities as
    { inventoryAdjustmentGroup: unknown; userErrors: { code: string }[] } | undefined;
  return { ...answer, errors, code: answer?.userErrors[0]?.code };
}

describe('inventorySetQuantities', () => {
  beforeAll(() => {
    variant = fake.shop.addVariant(fake.world, { sku: 'TEE', available: 5 });
  });

  it('writes only while the number still is what it is to be changed from', async () => {
    expect((await set(input([{ quantity: 9, changeFromQuantity: 4 }]))).code).toBe(
      'CHANGE_FROM_QUANTITY_STALE',
    );
    expect(level()?.available).toBe(5);
    expect((await set(input([{ quantity: 9, changeFromQuantity: 5 }]))).code).toBeUndefined();
    expect(level()?.available).toBe(9);
  });

  it('compares nothing where it is told so by null, and fails without the member', async () => {
    await set(input([{ quantity: 5, changeFromQuantity: null }]));
    expect(level()?.available).toBe(5);
    const { errors } = await set(input([{ quantity: 6 }]));
    expect(errors?.[0]?.message).toContain('changeFromQuantity');
    expect(level()?.available).toBe(5);
  });

  it('fails without a key', async () => {
    const query = SET.replace('@idempotent(key: $key)', '').replace(', $key: String!', '');
    const wish = input([{ quantity: 6, changeFromQuantity: 5 }]);
    const { errors, data } = await ask(fake, query, { input: wish });
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('@idempotent directive is required'),
        extensions: { code: 'BAD_REQUEST' },
      },
    ]);
    expect([data, level()?.available]).toEqual([{ inventorySetQuantities: null }, 5]);
  });

  it('does the same key once, and refuses it for something else', async () => {
    const wish = input([{ quantity: 4, changeFromQuantity: 5 }]);
    const first = await set(wish, 'once');
    const again = await set(wish, 'once');
    expect([first.code, again.code, level()?.available]).toEqual([undefined, undefined, 4]);
    expect(again.inventoryAdjustmentGroup).toEqual(first.inventoryAdjustmentGroup);
    const other = await set(input([{ quantity: 3, changeFromQuantity: 4 }]), 'once');
    expect([other.code, level()?.available]).toEqual(['IDEMPOTENCY_KEY_PARAMETER_MISMATCH', 4]);
  });

  it('sets all of several or none', async () => {
    const other = fake.shop.addVariant(fake.world, { sku: 'CAP', available: 1 });
    const second = { inventoryItemId: gid('InventoryItem', other.inventoryItemId) };
    const wish = input([
      { quantity: 8, changeFromQuantity: 4 },
      { ...second, quantity: 8, changeFromQuantity: 7 },
    ]);
    expect((await set(wish)).code).toBe('CHANGE_FROM_QUANTITY_STALE');
    expect(level()?.available).toBe(4);
  });

  it.each([
    ['INVALID_NAME', [{ quantity: 1, changeFromQuantity: 4 }], { name: 'committed' }],
    ['INVALID_REASON', [{ quantity: 1, changeFromQuantity: 4 }], { reason: 'because' }],
    ['INVALID_REFERENCE_DOCUMENT', [{ quantity: 1, changeFromQuantity: 4 }], { referenceDocumentUri: 'x' }],
    ['INVALID_QUANTITY_NEGATIVE', [{ quantity: -1, changeFromQuantity: 4 }], {}],
    ['INVALID_QUANTITY_TOO_HIGH', [{ quantity: 1_000_000_001, changeFromQuantity: 4 }], {}],
    [
      'INVALID_INVENTORY_ITEM',
      [{ quantity: 1, changeFromQuantity: 4, inventoryItemId: 'gid://shopify/InventoryItem/1' }],
      {},
    ],
    [
      'INVALID_LOCATION',
      [{ quantity: 1, changeFromQuantity: 4, locationId: 'gid://shopify/Location/1' }],
      {},
    ],
  ])('answers %s', async (code, quantities, more) => {
    expect((await set(input(quantities, more))).code).toBe(code);
  });

  it('does not stock an item where it is not stocked', async () => {
    fake.world.locations.push({ id: 102, name: 'Another' });
    const elsewhere = { quantity: 1, changeFromQuantity: 0, locationId: gid('Location', 102) };
    expect((await set(input([elsewhere]))).code).toBe('ITEM_NOT_STOCKED_AT_LOCATION');
  });
});

describe('stock through an order', () => {
  it('goes from available to committed, and off with the parcel; on hand is the sum', async () => {
    variant = fake.shop.addVariant(fake.world, { sku: 'MUG', available: 10 });
    const numbers = async () => {
      const { data } = await ask(
        fake,
        `query($id: ID!, $location: ID!) { node(id: $id) { ... on InventoryItem {
          inventoryLevel(locationId: $location) {
            quantities(names: ["available", "committed", "on_hand"]) { quantity }
          }
        } } }`,
        { id: gid('InventoryItem', variant.inventoryItemId), location: fake.locationId },
      );
      const node = data?.node as { inventoryLevel: { quantities: { quantity: number }[] } };
      return node.inventoryLevel.quantities.map(({ quantity }) => quantity);
    };
    const order = fake.shop.checkout(fake.world, { lines: [{ sku: 'MUG', quantity: 2 }] });
    expect(await numbers()).toEqual([8, 2, 10]);
    const query = `mutation($fulfillment: FulfillmentInput!) {
      fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id status } userErrors { message } }
    }`;
    const lines = [
      { id: gid('FulfillmentOrderLineItem', order.lines[0]?.fulfillmentOrderLineItemId ?? 0), quantity: 1 },
    ];
    const wish = {
      lineItemsByFulfillmentOrder: [
        {
          fulfillmentOrderId: gid('FulfillmentOrder', order.fulfillmentOrderId),
          fulfillmentOrderLineItems: lines,
        },
      ],
    };
    await ask(fake, query, { fulfillment: wish });
    expect(await numbers()).toEqual([8, 1, 9]);
    await ask(fake, query, { fulfillment: wish });
    expect(await numbers()).toEqual([8, 0, 8]);
    const { data } = await ask(fake, query, { fulfillment: wish });
    expect(data?.fulfillmentCreate).toMatchObject({
      fulfillment: null,
      userErrors: [{ message: expect.any(String) }],
    });
  });

  it('refuses a checkout of more than is available, unless it may go on selling', () => {
    const buy = (sku: string) => fake.shop.checkout(fake.world, { lines: [{ sku, quantity: 2 }] });
    fake.shop.addVariant(fake.world, { sku: 'LAST', available: 1 });
    fake.shop.addVariant(fake.world, { sku: 'MORE', available: 1, inventoryPolicy: 'CONTINUE' });
    expect(() => buy('LAST')).toThrow('any more');
    expect(buy('MORE').lines).toHaveLength(1);
  });
});
