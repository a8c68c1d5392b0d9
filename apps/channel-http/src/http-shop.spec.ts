import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ShopUnavailable } from '@samlast/channel-kit';
import { afterEach, describe, expect, it } from '@jest/globals';
import { HttpShop } from './http-shop.ts';

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

/** A shop that answers this to whatever it is asked. */
async function shopThatAnswers(answer: unknown): Promise<HttpShop> {
  server = createServer((_request, response) => response.end(JSON.stringify(answer)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new HttpShop({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    token: 'a token for this spec only',
    webhookSecrets: [],
    wholePieces: true,
    restocksCancelled: true,
    feedLagMs: 0,
    ordersPage: 10,
    perSecond: 100,
  });
}

const start = { changedAt: '2026-11-24T10:00:00Z', id: '' };

describe('an answer of the shop that does not fit', () => {
  it('is told with its field, its source and what to do, and is asked for again', async () => {
    const shop = await shopThatAnswers({ stock: [{ article: 'MUG-BLUE', number: 'some' }] });
    const error = await shop.shelf.read(['MUG-BLUE']).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ShopUnavailable);
    expect((error as Error).message).toMatch(
      /answer to GET \/stock does not fit: stock\.0\.number .*SHOP_URL/s,
    );
  });

  it('is not gone on with for ever where a page is empty and says that there is more', async () => {
    const shop = await shopThatAnswers({ orders: [], more: true });
    const pages = shop.changedOrders(start)[Symbol.asyncIterator]();
    await pages.next();
    await expect(pages.next()).rejects.toThrow(
      'GET /orders says that there is more, but gives an empty page.',
    );
  });
});
