import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { eventually } from '@samlast/test-stack';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { type DemoShop, type DemoShopOptions, startDemoShop } from './start.ts';

const TOKEN = 'a token for this spec only';
const SECRET = `whsec_${Buffer.from('twenty-four bytes at least').toString('base64')}`;
const api = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' };

const call = (shop: DemoShop, method: string, path: string, body?: unknown, headers: object = {}) =>
  fetch(`${shop.url}${path}`, {
    method,
    headers: { ...api, ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });

describe('a demo shop', () => {
  const ending: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).toReversed()) await end();
  });

  async function start(options: Partial<DemoShopOptions> = {}): Promise<DemoShop> {
    const shop = await startDemoShop({ code: 'SE', token: TOKEN, ...options });
    ending.push(() => shop.stop());
    return shop;
  }
  it('numbers its orders from 5178 and sells no more than its own number', async () => {
    const shop = await start();
    shop.model.setStock('CANDLE', 1);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => call(shop, 'POST', '/buy', { article: 'CANDLE', quantity: 1 })),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409, 409, 409, 409]);
    expect([...shop.model.orders.values()].map(({ number }) => number)).toEqual(['5178']);
    expect(shop.model.stockOf('CANDLE')).toBe(0);
  });

  it('sells in the ERP whatever is asked for', async () => {
    const shop = await start({ code: 'ERP', kind: 'erp' });
    expect((await call(shop, 'POST', '/buy', { article: 'CANDLE', quantity: 100 })).status).toBe(201);
    expect(shop.model.stockOf('CANDLE')).toBe(-100);
  });

  it('sets its number only when it is the expected one', async () => {
    const shop = await start();
    shop.model.setStock('CANDLE', 7);
    const put = (body: object) => call(shop, 'PUT', '/stock/CANDLE', body);
    const refused = await put({ expected: '6', number: '5', writeId: 'w1' });
    expect([refused.status, await refused.json()]).toMatchObject([409, { number: '7' }]);
    expect((await put({ expected: '7', number: '5', writeId: 'w2' })).status).toBe(200);
    expect(shop.model.stockOf('CANDLE')).toBe(5);
    expect((await call(shop, 'PUT', '/stock/NOTHING', { expected: '0', number: '1' })).status).toBe(404);
  });

  it('shows its orders by time of change, each after the last', async () => {
    const shop = await start();
    shop.model.setStock('CANDLE', 3);
    const [first, second, third] = [1, 2, 3].map(() =>
      shop.model.buy({ lines: [{ article: 'CANDLE', quantity: 1 }] }),
    );
    shop.model.edit(first?.id ?? '');
    const read = async (since: string, after: string) =>
      (await (await call(shop, 'GET', `/orders?changedSince=${since}&after=${after}&limit=2`)).json()) as {
        orders: { id: string; changedAt: string }[];
        more: boolean;
      };
    const page = await read('2020-01-01T00:00:00Z', '');
    expect(page).toMatchObject({ more: true, orders: [{ id: second?.id }, { id: third?.id }] });
    const last = page.orders[1];
    expect(await read(last?.changedAt ?? '', last?.id ?? '')).toMatchObject({
      more: false,
      orders: [{ id: first?.id }],
    });
  });

  it('makes one fulfilment of one key, and none for a cancelled order', async () => {
    const shop = await start();
    shop.model.setStock('CANDLE', 2);
    const order = shop.model.buy({ lines: [{ article: 'CANDLE', quantity: 1 }] });
    const parcel = { trackingNumber: 'T1', lines: [{ id: '1', quantity: '1' }] };
    const fulfil = (id: string) =>
      call(shop, 'POST', `/orders/${id}/fulfilments`, parcel, { 'idempotency-key': `${id}/1` });
    const answers = [await (await fulfil(order.id)).json(), await (await fulfil(order.id)).json()];
    expect(answers[0]).toEqual(answers[1]);
    expect(order).toMatchObject({ fulfilments: [{ trackingNumber: 'T1' }], lines: [{ fulfilled: 1 }] });
    const other = shop.model.buy({ lines: [{ article: 'CANDLE', quantity: 1 }] });
    await call(shop, 'POST', `/orders/${other.id}/cancel`, { reason: 'out of stock' });
    expect((await fulfil(other.id)).status).toBe(409);
    expect(shop.model.stockOf('CANDLE')).toBe(1);
  });

  it('lets nobody use its API without the token', async () => {
    const shop = await start();
    for (const path of ['/orders', '/stock?article=CANDLE', '/articles', '/orders/1'])
      expect((await fetch(`${shop.url}${path}`)).status).toBe(401);
  });

  it('goes on with its orders, numbers and stock after it was stopped', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'samlast-demo-'));
    ending.push(() => rmSync(folder, { recursive: true }));
    const stateFile = join(folder, 'state.json');
    const before = await startDemoShop({ code: 'SE', token: TOKEN, stateFile });
    before.model.setStock('CANDLE', 4);
    const order = before.model.buy({ lines: [{ article: 'CANDLE', quantity: 3 }] });
    await before.stop();
    const after = await start({ stateFile });
    expect(after.model.find(order.id)).toEqual(order);
    expect(after.model.stockOf('CANDLE')).toBe(1);
    expect(after.model.buy({ lines: [{ article: 'CANDLE', quantity: 1 }] }).number).toBe('5179');
  });

  it('signs the webhooks that it sends, and tries again when they are not taken', async () => {
    const received: { id: string; ok: boolean; body: string }[] = [];
    const channel: Server = createServer(async (request, response) => {
      const body = await text(request);
      const headers = request.headers as Record<string, string>;
      const ok = Boolean(new Webhook(SECRET).verify(body, headers));
      received.push({ id: headers['webhook-id'] ?? '', ok, body });
      response.writeHead(received.length === 1 ? 503 : 202).end();
    });
    await new Promise<void>((resolve) => channel.listen(0, '127.0.0.1', resolve));
    ending.push(() => channel.close());
    const webhookUrl = `http://127.0.0.1:${(channel.address() as AddressInfo).port}/webhooks/orders`;
    const shop = await start({ webhookUrl, webhookSecret: SECRET });
    shop.model.setStock('CANDLE', 1);
    const order = shop.model.buy({ lines: [{ article: 'CANDLE', quantity: 1 }] });
    await eventually(() => received.length === 2);
    expect(received[0]).toEqual(received[1]);
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({ type: 'order.placed', order: { id: order.id } });
    shop.webhooks(false);
    shop.model.cancel(order.id);
    await eventually(() => shop.model.find(order.id).state === 'cancelled');
    expect(received).toHaveLength(2);
  });

  it('does what it is told when it is signed, and what it has done under an id not again', async () => {
    const shop = await start({ webhookSecret: SECRET });
    shop.model.setStock('CANDLE', 7);
    const tell = (path: string, told: object, { id = 'msg_1', sign = told } = {}) => {
      const at = new Date();
      return call(shop, 'PUT', path, told, {
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(SECRET).sign(id, at, JSON.stringify(sign)),
      });
    };
    const set = { type: 'stock.set', article: 'CANDLE', expected: '7', number: '5', writeId: 'w1' };
    expect((await call(shop, 'PUT', '/stock/CANDLE', set)).status).toBe(401);
    expect((await tell('/stock/CANDLE', set, { sign: { ...set, number: '6' } })).status).toBe(401);
    // The address is not signed, so somebody could send a copy to another one.
    expect((await tell('/stock/NOTEBOOK', set)).status).toBe(422);
    expect(shop.model.stockOf('CANDLE')).toBe(7);
    expect((await tell('/stock/CANDLE', set)).status).toBe(200);
    shop.model.setStock('CANDLE', 7);
    expect(await (await tell('/stock/CANDLE', set)).json()).toEqual({ number: '5' });
    expect(shop.model.stockOf('CANDLE')).toBe(7);
    expect((await tell('/stock/CANDLE', set, { id: 'msg_2' })).status).toBe(200);
    expect(shop.model.stockOf('CANDLE')).toBe(5);
    expect((await call(shop, 'GET', '/stock?article=CANDLE')).status).toBe(200);
  });

  it('escapes on its page whatever it was told', async () => {
    const shop = await start({
      articles: [{ number: '<script>alert(1)</script>', name: '"><img src=x>', price: '1' }],
    });
    const page = await (await fetch(`${shop.url}/?message=${encodeURIComponent('<b>bold</b>')}`)).text();
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(page).toContain('&lt;b&gt;bold');
    expect(page).not.toMatch(/<img src=x>|<b>bold|<script>alert/);
  });

  it('takes a form from its own page, and none from another site', async () => {
    const shop = await start();
    shop.model.setStock('CANDLE', 2);
    const order = (origin: string) =>
      fetch(`${shop.url}/buy`, {
        method: 'POST',
        redirect: 'manual',
        headers: { origin, 'content-type': 'application/x-www-form-urlencoded' },
        body: 'article=CANDLE&quantity=1',
      });
    expect((await order('https://elsewhere.example')).status).toBe(403);
    const taken = await order(shop.url);
    expect([taken.status, taken.headers.get('location')]).toEqual([
      303,
      '/?message=Thank%20you%3A%20order%205178.',
    ]);
    expect(shop.model.stockOf('CANDLE')).toBe(1);
  });
});
