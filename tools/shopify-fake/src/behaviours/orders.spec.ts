import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { gid } from '../shop/world.ts';
import { type ShopifyFake, startShopifyFake } from '../start.ts';
import { ask } from '../testing/ask.ts';

let fake: ShopifyFake;

beforeAll(async () => {
  fake = await startShopifyFake({ bucket: 100_000 });
  fake.shop.addVariant(fake.world, { sku: 'TEE', available: 1000 });
});
afterAll(() => fake.close());

const place = (quantity = 1) => fake.shop.checkout(fake.world, { lines: [{ sku: 'TEE', quantity }] });
const available = () => [...fake.world.variantOf('TEE').levels.values()][0]?.available;

interface Page {
  nodes: { id: string; updatedAt: string }[];
  pageInfo: { hasNextPage: boolean; endCursor: string | null };
}

async function orders(query: string, first = 50, after?: string | null): Promise<Page> {
  const { data, errors } = await ask(
    fake,
    `query($first: Int!, $after: String, $query: String) {
      orders(first: $first, after: $after, query: $query, sortKey: UPDATED_AT) {
        nodes { id updatedAt } pageInfo { hasNextPage endCursor }
      }
    }`,
    { first, after, query },
  );
  if (!data) throw new Error(errors?.[0]?.message);
  return data.orders as Page;
}

describe('the search for orders', () => {
  it('has times by the second and pages by cursor, which do not shift when an order changes', async () => {
    const placed = [place(), place(), place()];
    const first = await orders('', 2);
    expect(first.nodes[0]?.updatedAt).toMatch(/T\d\d:\d\d:\d\dZ$/);
    const [moved] = placed;
    if (moved) fake.world.changed(moved);
    const second = await orders('', 2, first.pageInfo.endCursor);
    const seen = [...first.nodes, ...second.nodes].map(({ id }) => id);
    expect(seen).toEqual(expect.arrayContaining(placed.map(({ id }) => gid('Order', id))));
  });

  it('finds by time of change, and shows what is there now while it knows only what was', async () => {
    const order = place();
    fake.world.searchLagMs = 60_000;
    order.indexedAt = Date.parse('2020-01-01T00:00:00Z');
    // Every second change is late.
    fake.world.changed(order);
    order.indexedAt = Date.parse('2020-01-01T00:00:00Z');
    const { nodes } = await orders(`updated_at:<'2021-01-01T00:00:00Z'`);
    expect(nodes.map(({ id }) => id)).toEqual([gid('Order', order.id)]);
    expect(Date.parse(nodes[0]?.updatedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect((await orders(`updated_at:>='2021-01-01T00:00:00Z'`)).nodes.map(({ id }) => id)).not.toContain(
      gid('Order', order.id),
    );
    fake.world.searchLagMs = 0;
  });

  it('passes over a filter that it does not know, as if it were not there', async () => {
    expect((await orders('changed_since:2026')).nodes.length).toBe((await orders('')).nodes.length);
  });

  it('shows nothing older than sixty days to an app without access to all orders', async () => {
    const order = place();
    Object.assign(order, { createdAt: Date.now() - 61 * 24 * 3_600_000 });
    expect((await orders('')).nodes.map(({ id }) => id)).not.toContain(gid('Order', order.id));
  });
});

describe('an order', () => {
  const cancel = async (id: string, more = '') => {
    const { data } = await ask(
      fake,
      `mutation($id: ID!) {
        orderCancel(orderId: $id, reason: INVENTORY, restock: true ${more}) {
          job { id done } orderCancelUserErrors { message }
        }
      }`,
      { id },
    );
    return data?.orderCancel as { job: { id: string } | null; orderCancelUserErrors: { message: string }[] };
  };

  it('is cancelled by a job, which puts its pieces back; a second cancel is refused', async () => {
    const order = place(3);
    const before = available() ?? 0;
    const { job } = await cancel(gid('Order', order.id));
    expect(order.cancelledAt).toBeUndefined();
    await eventually(async () => {
      const { data } = await ask(fake, 'query($id: ID!) { job(id: $id) { done } }', { id: job?.id });
      return ((data?.job ?? {}) as { done: boolean }).done;
    });
    expect([order.cancelledAt === undefined, available()]).toEqual([false, before + 3]);
    expect((await cancel(gid('Order', order.id))).orderCancelUserErrors[0]?.message).toContain('already');
  });

  it('is not cancelled with a note too long for staff', async () => {
    const { job } = await cancel(gid('Order', place().id), `, staffNote: "${'x'.repeat(256)}"`);
    expect(job).toBeNull();
  });

  it('is edited in three steps, with or without its pieces back on offer', async () => {
    const order = place(3);
    const before = available() ?? 0;
    const id = gid('CalculatedOrder', order.id);
    const lineItemId = gid('CalculatedLineItem', order.lines[0]?.id ?? 0);
    await ask(fake, 'mutation($id: ID!) { orderEditBegin(id: $id) { calculatedOrder { id } } }', {
      id: gid('Order', order.id),
    });
    const query = `mutation($id: ID!, $lineItemId: ID!) {
      orderEditSetQuantity(id: $id, lineItemId: $lineItemId, quantity: 1, restock: true) { userErrors { message } }
    }`;
    await ask(fake, query, { id, lineItemId });
    expect(available()).toBe(before);
    await ask(fake, 'mutation($id: ID!) { orderEditCommit(id: $id) { userErrors { message } } }', { id });
    expect(available()).toBe(before + 2);
    const { data } = await ask(
      fake,
      `query($id: ID!) { order(id: $id) { lineItems(first: 1) {
        nodes { quantity currentQuantity unfulfilledQuantity }
      } } }`,
      { id: gid('Order', order.id) },
    );
    const { nodes } = ((data?.order ?? {}) as { lineItems: { nodes: object[] } }).lineItems;
    expect(nodes).toEqual([{ quantity: 3, currentQuantity: 1, unfulfilledQuantity: 1 }]);
  });

  it.each([
    ['CANCEL', 2],
    ['NO_RESTOCK', 0],
  ])('is refunded with %s: %d come back on offer', async (restockType, back) => {
    const order = place(3);
    const before = available() ?? 0;
    const query = `mutation($input: RefundInput!) {
      refundCreate(input: $input) @idempotent(key: "${restockType}") { refund { id } userErrors { message } }
    }`;
    const lineItemId = gid('LineItem', order.lines[0]?.id ?? 0);
    const input = {
      orderId: gid('Order', order.id),
      refundLineItems: [{ lineItemId, quantity: 2, restockType }],
    };
    await ask(fake, query, { input });
    await ask(fake, query, { input });
    expect(available()).toBe(before + back);
  });

  it('has additional details that are replaced as a whole', async () => {
    const order = place();
    const query = `mutation($input: OrderInput!) { orderUpdate(input: $input) { userErrors { message } } }`;
    const id = gid('Order', order.id);
    for (const key of ['a', 'b'])
      await ask(fake, query, { input: { id, customAttributes: [{ key, value: '1' }] } });
    expect(order.customAttributes).toEqual([{ key: 'b', value: '1' }]);
  });

  it('keeps a metafield only against the digest of what was there', async () => {
    const query = `mutation($metafields: [MetafieldsSetInput!]!) {
      metafieldsSet(metafields: $metafields) { metafields { compareDigest } userErrors { code } }
    }`;
    const ownerId = gid('Order', place().id);
    const set = async (value: string, compareDigest: string | null) => {
      const metafields = [{ ownerId, namespace: 'a', key: 'b', type: 'json', value, compareDigest }];
      return (await ask(fake, query, { metafields })).data?.metafieldsSet as {
        metafields: { compareDigest: string }[] | null;
        userErrors: { code: string }[];
      };
    };
    const first = await set('{}', null);
    expect((await set('{"a":1}', null)).userErrors).toEqual([{ code: 'STALE_OBJECT' }]);
    expect((await set('{"a":1}', first.metafields?.[0]?.compareDigest ?? '')).userErrors).toEqual([]);
  });
});
