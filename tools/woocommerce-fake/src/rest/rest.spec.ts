import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startWooCommerce, type WooCommerceFake } from '../start.ts';

const KEYS = [
  { key: 'ck_all', secret: 'cs_all', permissions: 'read_write' },
  { key: 'ck_read', secret: 'cs_read', permissions: 'read' },
  { key: 'ck_write', secret: 'cs_write', permissions: 'write' },
] as const;

interface Json {
  [name: string]: Json & Json[] & string & number;
}

describe('the REST interface', () => {
  let fake: WooCommerceFake;

  beforeAll(async () => {
    // Half a day ahead of GMT, so that a wrong reading of a time shows.
    fake = await startWooCommerce({ keys: KEYS, zone: 'Pacific/Auckland', stockEndpoint: true });
  });

  afterAll(() => fake.close());

  async function ask(method: string, path: string, body?: unknown, user = 'all') {
    const authorization = `Basic ${Buffer.from(`ck_${user}:cs_${user}`).toString('base64')}`;
    const response = await fetch(`${fake.url}/wp-json/${path}`, {
      method,
      headers: { authorization, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const json = (await response.json()) as Json & Json[];
    return { status: response.status, headers: response.headers, json };
  }

  const sell = (sku: string, quantity = 1, payment: 'card' | 'bank' | 'later' = 'card') => {
    const order = fake.shop.checkout.buy({ lines: [{ sku, quantity }], payment });
    if (!order) throw new Error(`The shop refused to sell ${quantity} of ${sku}.`);
    return order;
  };
  const stock = (sku: string) => fake.shop.products.bySku(sku)[0]?.stock;

  it('wants a key, the right secret and the permission', async () => {
    expect(await ask('GET', 'wc/v3/orders', undefined, 'nobody')).toMatchObject({
      status: 401,
      json: { code: 'woocommerce_rest_cannot_view', data: { status: 401 } },
    });
    expect((await ask('GET', 'wc/v3/orders', undefined, 'write')).json.code).toBe(
      'woocommerce_rest_authentication_error',
    );
    expect((await ask('POST', 'wc/v3/products/batch', { update: [] }, 'read')).status).toBe(401);
    expect((await ask('GET', 'wc/v3/orders', undefined, 'read')).status).toBe(200);
  });

  it('gives at most 100 at one time, and says how many there are', async () => {
    fake.shop.products.add({ sku: 'MANY', stock: 100 });
    for (let count = 0; count < 12; count++) sell('MANY');
    expect(await ask('GET', 'wc/v3/orders?per_page=101')).toMatchObject({
      status: 400,
      json: { code: 'rest_invalid_param', data: { params: { per_page: expect.any(String) } } },
    });
    const { json, headers } = await ask('GET', 'wc/v3/orders?per_page=5&page=3');
    expect(json).toHaveLength(2);
    expect([headers.get('x-wp-total'), headers.get('x-wp-totalpages')]).toEqual(['12', '3']);
    expect((await ask('GET', 'wc/v3/orders?per_page=5&page=9')).json).toEqual([]);
  });

  it('leaves the second out that is asked after, and takes a time with an offset for the site’s own', async () => {
    fake.shop.products.add({ sku: 'TIME', stock: 9 });
    const order = sell('TIME');
    const at = new Date(order.modified);
    const wall = (ms: number) => new Date(at.getTime() + ms).toISOString().slice(0, 19);
    const found = async (after: string) => {
      const query = new URLSearchParams({
        modified_after: after,
        dates_are_gmt: 'true',
        include: String(order.id),
      });
      return (await ask('GET', `wc/v3/orders?${query}`)).json.length;
    };
    expect(await found(wall(-1000))).toBe(1);
    expect(await found(wall(0))).toBe(0);
    // Turned into Auckland's time and compared with GMT: it finds nothing for half a day.
    expect(await found(`${wall(-1000)}Z`)).toBe(0);
    const { json } = await ask('GET', `wc/v3/orders/${order.id}`);
    expect(json.date_modified_gmt).toBe(wall(0));
    expect(json.date_modified).toBe(fake.shop.clock.local(order.modified));
    expect(json.date_modified).not.toBe(json.date_modified_gmt);
    expect((await ask('GET', 'wc/v3/orders?modified_after=2026-11-23')).status).toBe(400);
  });

  it('writes amounts as strings and the SKU that the product has now', async () => {
    const product = fake.shop.products.add({ sku: 'OLD', stock: 3, price: '19.90' });
    const order = sell('OLD', 2);
    fake.shop.products.save(product, { sku: 'NEW' });
    const { json } = await ask('GET', `wc/v3/orders/${order.id}`);
    expect(json).toMatchObject({ total: '88.80', line_items: [{ total: '39.80', sku: 'NEW', price: 19.9 }] });
  });

  it('takes the stock at the payment, puts it back at a cancel, and keeps it in the trash', () => {
    fake.shop.products.add({ sku: 'STOCK', stock: 10 });
    const later = sell('STOCK', 2, 'later');
    expect(stock('STOCK')).toBe(10);
    // What a checkout holds is sold to nobody else, and is on the number all the same.
    expect(fake.shop.checkout.buy({ lines: [{ sku: 'STOCK', quantity: 9 }] })).toBeUndefined();
    fake.shop.checkout.pay(later);
    expect(stock('STOCK')).toBe(8);
    const banked = sell('STOCK', 3, 'bank');
    expect([banked.status, stock('STOCK')]).toEqual(['on-hold', 5]);
    fake.shop.orders.setStatus(banked, 'processing');
    fake.shop.orders.setStatus(banked, 'completed');
    expect(stock('STOCK')).toBe(5);
    fake.shop.orders.setStatus(banked, 'cancelled');
    fake.shop.orders.setStatus(banked, 'cancelled');
    expect(stock('STOCK')).toBe(8);
    fake.shop.orders.trash(later);
    expect(stock('STOCK')).toBe(8);
  });

  it('asks for no stock at the payment of what was held', () => {
    const product = fake.shop.products.add({ sku: 'HELD', stock: 2 });
    const order = sell('HELD', 2, 'later');
    fake.shop.products.save(product, { stock: 0 });
    fake.shop.checkout.pay(order);
    expect(stock('HELD')).toBe(-2);
  });

  it('refunds pieces with and without putting them back, and names the order’s line', async () => {
    fake.shop.products.add({ sku: 'REFUND', stock: 5 });
    const order = sell('REFUND', 3);
    const lineId = order.lines[0]?.id ?? 0;
    fake.shop.orders.refund(order, { lines: [{ lineId, quantity: 1 }], restock: false });
    expect([stock('REFUND'), order.status]).toEqual([2, 'processing']);
    const { json } = await ask('GET', `wc/v3/orders/${order.id}/refunds`);
    expect(json[0]).toMatchObject({
      line_items: [{ quantity: -1, meta_data: [{ key: '_refunded_item_id', value: String(lineId) }] }],
    });
    fake.shop.orders.refund(order, { lines: [{ lineId, quantity: 2 }], restock: true });
    expect([stock('REFUND'), order.status]).toEqual([4, 'refunded']);
  });

  it('replaces a number without asking what it was, and says at each what is wrong with it', async () => {
    const product = fake.shop.products.add({ sku: 'BATCH', stock: 5 });
    const parent = fake.shop.products.add({ type: 'variable', stock: null });
    const variation = fake.shop.products.add({ sku: 'BATCH-M', stock: 5, parentId: parent.id });
    sell('BATCH', 2);
    const update = [product.id, variation.id, 999_999].map((id) => ({ id, stock_quantity: 7 }));
    const { status, json } = await ask('POST', 'wc/v3/products/batch', { update });
    expect(status).toBe(200);
    expect(json.update).toMatchObject([
      { id: product.id, stock_quantity: 7 },
      { id: variation.id, error: { code: 'woocommerce_rest_invalid_product_id' } },
      { id: 999_999, error: { code: 'woocommerce_rest_product_invalid_id', data: { status: 400 } } },
    ]);
    const path = `wc/v3/products/${parent.id}/variations/batch`;
    const own = await ask('POST', path, { update: [{ id: variation.id, stock_quantity: 4 }] });
    expect(own.json.update).toMatchObject([{ stock_quantity: 4 }]);
    const many = Array.from({ length: 101 }, (_, id) => ({ id, stock_quantity: 1 }));
    expect((await ask('POST', path, { update: many })).status).toBe(413);
  });

  it('finds articles by several SKUs, variations among them only so', async () => {
    const parent = fake.shop.products.add({ type: 'variable', stock: null });
    fake.shop.products.add({ sku: 'FIND-1', stock: 1 });
    fake.shop.products.add({ sku: 'FIND-2', stock: 1, parentId: parent.id });
    const found = await ask('GET', 'wc/v3/products?sku=FIND-1,find-2&_fields=sku,parent_id');
    expect(found.json).toEqual(
      expect.arrayContaining([
        { sku: 'FIND-1', parent_id: 0 },
        { sku: 'FIND-2', parent_id: parent.id },
      ]),
    );
    const all = await ask('GET', 'wc/v3/products?per_page=100&_fields=sku');
    expect(all.json).not.toContainEqual({ sku: 'FIND-2' });
  });

  it('shows the trash only where it is asked for', async () => {
    fake.shop.products.add({ sku: 'TRASH', stock: 1 });
    const order = sell('TRASH');
    fake.shop.orders.trash(order);
    const found = async (query: string) =>
      (await ask('GET', `wc/v3/orders?include=${order.id}${query}`)).json.length;
    expect([await found(''), await found('&status=any'), await found('&status=trash')]).toEqual([0, 0, 1]);
    expect((await ask('GET', `wc/v3/orders/${order.id}`)).json.status).toBe('trash');
  });

  it('shows a change late in lists, and at once by its id', async () => {
    fake.shop.products.add({ sku: 'LATE', stock: 1 });
    const order = sell('LATE');
    fake.shop.turn({ listDelayMs: 60_000 });
    try {
      // Two of a thousand of these may be shown at once.
      for (let count = 0; count < 3; count++) fake.shop.orders.setStatus(order, 'completed');
      expect((await ask('GET', `wc/v3/orders/${order.id}`)).json.status).toBe('completed');
      expect((await ask('GET', `wc/v3/orders?include=${order.id}`)).json[0]?.status).toBe('processing');
    } finally {
      fake.shop.turn({ listDelayMs: 0 });
    }
  });

  it('goes wrong as it is told to', async () => {
    fake.shop.faults.arm({ on: 'GET wc/v3/orders', kind: 'html', afterwards: false, times: 1 });
    const page = await fetch(`${fake.url}/wp-json/wc/v3/orders`);
    expect([page.status, page.headers.get('content-type')]).toEqual([500, 'text/html; charset=UTF-8']);
    fake.shop.products.add({ sku: 'FAULT', stock: 1 });
    const order = sell('FAULT');
    fake.shop.faults.arm({ on: 'POST wc/v3/orders/#/notes', kind: 'drop', afterwards: true, times: 1 });
    await expect(ask('POST', `wc/v3/orders/${order.id}/notes`, { note: 'It is there' })).rejects.toThrow();
    expect(order.notes.some(({ text }) => text === 'It is there')).toBe(true);
  });

  it('refuses what it does not do rather than to seem to', async () => {
    fake.shop.products.add({ sku: 'NOT', stock: 1 });
    const order = sell('NOT');
    expect(await ask('PUT', `wc/v3/orders/${order.id}`, { line_items: [] })).toMatchObject({ status: 501 });
    expect((await ask('PUT', `wc/v3/orders/${order.id}`, { status: 'shipped' })).status).toBe(400);
    expect((await ask('GET', 'wc/v3/orders/1')).status).toBe(404);
    expect((await ask('PUT', 'wc/v3/orders/1', {})).status).toBe(400);
    expect((await ask('GET', 'wc-shipment-tracking/v3/orders/1/shipment-trackings')).status).toBe(404);
  });

  it('with the plugin writes a number only where it still is what was read, and leaves what is held', async () => {
    fake.shop.products.add({ sku: 'CAS', stock: 5 });
    const write = async (from: number, to: number) =>
      (await ask('POST', 'wc-samlast/v1/stock', { writes: [{ sku: 'CAS', write_id: 'w', from, to }] })).json
        .answers;
    expect(await write(4, 9)).toEqual([{ sku: 'CAS', outcome: 'changed', stock: 5 }]);
    expect(await write(5, 9)).toEqual([{ sku: 'CAS', outcome: 'set', stock: 9 }]);
    sell('CAS', 3, 'later');
    expect((await ask('GET', 'wc-samlast/v1/stock?skus[]=CAS')).json.articles).toMatchObject([
      { stock: 9, held: 3 },
    ]);
    expect(await write(9, 0)).toEqual([{ sku: 'CAS', outcome: 'set', stock: 3 }]);
    fake.shop.products.add({ sku: 'CAS', stock: 1 });
    expect(await write(3, 0)).toEqual([{ sku: 'CAS', outcome: 'duplicate' }]);
  });

  it('is played from another process by its control', async () => {
    const tell = async (name: string, input: object) => {
      const response = await fetch(`${fake.url}/control/${name}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(input),
      });
      return (await response.json()) as Json & Json[];
    };
    await tell('product', { sku: 'PLAYED', stock: 1 });
    const order = await tell('buy', { lines: [{ sku: 'PLAYED', quantity: 1 }] });
    expect(order).toMatchObject({ status: 'processing' });
    expect(await tell('buy', { lines: [{ sku: 'PLAYED', quantity: 1 }] })).toHaveProperty('refused');
    await tell('status', { order: order.id, status: 'cancelled' });
    expect(await tell('stock', { sku: 'PLAYED' })).toMatchObject([{ stock: 1, held: 0 }]);
    expect((await tell('nothing', {})).message).toContain('There are: product');
  });
});
