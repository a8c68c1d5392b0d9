import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { HttpShop } from './http-shop.ts';

const secretOf = (byte: number) => `whsec_${Buffer.alloc(24, byte).toString('base64')}`;
const [older, newer, other] = [secretOf(3), secretOf(4), secretOf(5)];

interface Call {
  route: string;
  headers: IncomingHttpHeaders;
  body: string;
}

describe('what a channel tells its shop', () => {
  let server: Server;
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  /** A shop that keeps what it is told, and the channel that tells it. */
  async function start(webhookSecrets: string[]): Promise<{ shop: HttpShop; calls: Call[] }> {
    const calls: Call[] = [];
    server = createServer(async (request, response) => {
      const { method, url, headers } = request;
      calls.push({ route: `${method} ${url?.split('?')[0]}`, headers, body: await text(request) });
      response.end(JSON.stringify({ number: '5', stock: [] }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const shop = new HttpShop({
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      token: 'a token for this spec only',
      webhookSecrets,
      wholePieces: true,
      restocksCancelled: true,
      feedLagMs: 0,
      ordersPage: 10,
      perSecond: 1_000,
    });
    return { shop, calls };
  }

  const order = { id: '0b9f.1', shopNumber: '5178', number: '5178-SE' };
  const parcel = {
    parcel: 'p1',
    lines: [{ id: '1', article: 'MUG', quantity: '1' }],
    shippedAt: '2026-11-24T10:15:00Z',
  };

  async function tellAll(shop: HttpShop): Promise<void> {
    await shop.fulfil(order, parcel);
    await shop.cancel(order, 'out of stock');
    await shop.note(order, { key: 'held', text: 'Held.' });
    await shop.shelf.write([{ article: 'A/1', writeId: 'w1', from: '7', to: '5' }]);
  }

  const isSigned = ({ body, headers }: Call, secret: string): boolean => {
    try {
      new Webhook(secret).verify(body, headers as Record<string, string>);
      return true;
    } catch {
      return false;
    }
  };

  it('is signed with each of its secrets, over the body, beside the token', async () => {
    const { shop, calls } = await start([older, newer]);
    await tellAll(shop);
    expect(calls).toHaveLength(4);
    for (const call of calls) {
      expect(call.headers.authorization).toMatch(/^Bearer /);
      expect([older, newer, other].map((secret) => isSigned(call, secret))).toEqual([true, true, false]);
      expect(isSigned({ ...call, body: `${call.body} ` }, older)).toBe(false);
    }
  });

  it('names in its body what it is about, since the address is not signed', async () => {
    const { shop, calls } = await start([older]);
    await tellAll(shop);
    expect(calls.map(({ route, body }) => [route, JSON.parse(body)])).toMatchObject([
      ['POST /orders/0b9f.1/fulfilments', { type: 'order.fulfil', order: order.id, parcel: 'p1' }],
      ['POST /orders/0b9f.1/cancel', { type: 'order.cancel', order: order.id, reason: 'out of stock' }],
      ['POST /orders/0b9f.1/notes', { type: 'order.note', order: order.id, key: 'held', text: 'Held.' }],
      ['PUT /stock/A%2F1', { type: 'stock.set', article: 'A/1', expected: '7', number: '5' }],
    ]);
  });

  it('has an id that is the same when it is told again, and another for everything else', async () => {
    const { shop, calls } = await start([older]);
    await tellAll(shop);
    await tellAll(shop);
    await shop.fulfil(order, { ...parcel, parcel: 'p2' });
    const ids = calls.map(({ headers }) => String(headers['webhook-id']));
    expect(ids.slice(4, 8)).toEqual(ids.slice(0, 4));
    expect(new Set(ids).size).toBe(5);
    // A full stop would make the signed text ambiguous.
    expect(ids.join()).not.toContain('.');
  });

  it('is not signed where there is no secret, nor where it only asks', async () => {
    const bare = await start([]);
    await tellAll(bare.shop);
    server.close();
    const asking = await start([older]);
    await asking.shop.shelf.read(['MUG']);
    for (const { headers } of [...bare.calls, ...asking.calls])
      expect(headers['webhook-signature']).toBeUndefined();
  });
});
