import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type DemoShop, startDemoShop } from './start.ts';

const TOKEN = 'a token for this spec only';
const CLAIMS_TOKEN = 'what the shop proves itself with';

interface Call {
  method: string;
  key: string;
  token: string;
  body?: unknown;
}

type Said = { status: number; body?: object };

describe('a demo shop that claims', () => {
  const ending: (() => unknown)[] = [];
  afterEach(async () => {
    for (const end of ending.splice(0).toReversed()) await end();
  });

  /** Its channel answers what `say` says; nothing at all to what it says undefined to. */
  async function start(say: (call: Call) => Said | undefined, without?: 'refuse' | 'sell') {
    const calls: Call[] = [];
    const channel = createServer(async (request, response) => {
      const method = request.method ?? '';
      const body = await text(request);
      const key = String(request.headers['idempotency-key'] ?? request.url?.replace('/claims/', ''));
      const token = String(request.headers.authorization);
      const call = { method, key, token, ...(body && { body: JSON.parse(body) as unknown }) };
      calls.push(call);
      const said = say(call);
      if (!said) return request.socket.destroy();
      return response.writeHead(said.status).end(JSON.stringify(said.body ?? {}));
    });
    await new Promise<void>((resolve) => channel.listen(0, '127.0.0.1', resolve));
    ending.push(() => channel.close());
    const url = `http://127.0.0.1:${(channel.address() as AddressInfo).port}/claims`;
    const claims = { url, token: CLAIMS_TOKEN, ...(without && { without }) };
    const shop = await startDemoShop({ code: 'SE', token: TOKEN, claims });
    ending.push(() => shop.stop());
    return { shop, calls, methods: () => calls.map(({ method }) => method) };
  }

  const buy = async (shop: DemoShop, article = 'CANDLE') => {
    const response = await fetch(`${shop.url}/buy`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ article, quantity: 2 }),
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  };
  const yes = () => ({ status: 200 });

  it('claims, confirms, and then sells under the key of that checkout, whatever it shows', async () => {
    const { shop, calls } = await start(yes);
    const { status, body } = await buy(shop);
    const key = calls[0]?.key;
    expect(calls).toMatchObject([
      {
        method: 'POST',
        token: `Bearer ${CLAIMS_TOKEN}`,
        body: { lines: [{ article: 'CANDLE', quantity: '2' }] },
      },
      { method: 'PUT', key, body: { state: 'confirmed', checkoutEndsInS: expect.any(Number) } },
    ]);
    expect([status, body.claimKey]).toEqual([201, key]);
    expect(shop.model.stockOf('CANDLE')).toBe(-2);
    const feed = await fetch(`${shop.url}/orders/${String(body.id)}`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    expect(await feed.json()).toMatchObject({ claimKey: key });
    await buy(shop);
    expect(calls[2]?.key).not.toBe(key);
  });

  it('refuses what cannot be promised, and says what is free', async () => {
    const shortages = [{ article: 'CANDLE', reason: 'stock', wanted: '2', free: '1' }];
    const { shop, methods } = await start(() => ({ status: 409, body: { code: 'claim.short', shortages } }));
    shop.model.setStock('CANDLE', 5);
    const { status, body } = await buy(shop);
    expect([status, body.message]).toEqual([409, 'Sold out: 1 of CANDLE are left, not 2.']);
    expect(body.shortages).toEqual(shortages);
    expect(methods()).toEqual(['POST']);
    expect(shop.model.orders.size).toBe(0);
  });

  it('refuses when the pieces are gone before the claim was confirmed', async () => {
    const { shop } = await start(({ method }) => ({ status: method === 'PUT' ? 409 : 201 }));
    expect((await buy(shop)).status).toBe(409);
    expect(shop.model.orders.size).toBe(0);
  });

  it.each([
    ['busy', { status: 503 }],
    ['silent', undefined],
  ])('refuses when the other side is %s, and gives up what it may have claimed', async (_name, said) => {
    const { shop, calls, methods } = await start(({ method }) => (method === 'PUT' ? said : yes()));
    shop.model.setStock('CANDLE', 5);
    expect((await buy(shop)).status).toBe(503);
    expect(methods()).toEqual(['POST', 'PUT', 'DELETE']);
    expect(new Set(calls.map(({ key }) => key)).size).toBe(1);
    expect(shop.model.orders.size).toBe(0);
  });

  it('sells by its own number when nobody can say, where it is told to', async () => {
    const { shop } = await start(() => undefined, 'sell');
    shop.model.setStock('CANDLE', 3);
    const { status, body } = await buy(shop);
    expect([status, body.claimKey]).toEqual([201, expect.stringContaining('checkout-')]);
    expect((await buy(shop)).status).toBe(409);
    expect(shop.model.stockOf('CANDLE')).toBe(1);
  });

  it('claims nothing for what it does not sell', async () => {
    const { shop, calls } = await start(yes);
    expect((await buy(shop, 'NOTHING')).status).toBe(404);
    expect(calls).toEqual([]);
  });

  it('tells people who use its page', async () => {
    const shortages = [{ article: 'CANDLE', reason: 'stock', wanted: '1', free: '0' }];
    const { shop } = await start(() => ({ status: 409, body: { code: 'claim.short', shortages } }));
    const answer = await fetch(`${shop.url}/buy`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'article=CANDLE&quantity=1',
    });
    const message = new URL(answer.headers.get('location') ?? '', shop.url).searchParams.get('message');
    expect(message).toBe('Sold out: 0 of CANDLE are left, not 1.');
    expect(await (await fetch(shop.url)).text()).toContain('It asks for the pieces before it sells them.');
  });
});
