import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from '@jest/globals';
import { ShopRefused, ShopUnavailable } from '@samlast/channel-kit';
import { MedusaAdmin } from './medusa-admin.ts';

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A server of Node, which answers 431 to an address of more than 16 KB before anybody sees it. */
async function start(answer: (url: URL) => object, status = 200): Promise<MedusaAdmin> {
  server = createServer((request, response) => {
    const body = answer(new URL(request.url ?? '', 'http://medusa'));
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  return new MedusaAdmin(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, 'sk_for_tests');
}

it('asks for the reservations of a page of long orders in addresses that a server takes', async () => {
  const lines = Array.from({ length: 1_100 }, (_, at) => `ordli_${String(at).padStart(26, '0')}`);
  const reserved = new Set(lines.filter((_, at) => at % 3 === 0));
  const asked: string[] = [];
  const admin = await start(({ searchParams }) => {
    const here = searchParams.getAll('line_item_id[]');
    asked.push(...here);
    const found = here.filter((id) => reserved.has(id)).map((id) => ({ line_item_id: id }));
    return { reservations: found.slice(0, Number(searchParams.get('limit'))) };
  });
  expect(await admin.reservedLines(lines)).toEqual(reserved);
  expect(asked).toEqual(lines);
});

it('tries again what Medusa refuses while a return or an edit of the order is being put together', async () => {
  const message = 'Order (order_1) already has an existing active order change';
  const admin = await start(() => ({ type: 'invalid_data', message }), 400);
  await expect(admin.ship('order_1', 'ful_1', [], {})).rejects.toBeInstanceOf(ShopUnavailable);
});

it('tries nothing again that Medusa refuses for good', async () => {
  const admin = await start(() => ({ type: 'invalid_data', message: 'Items do not exist' }), 400);
  await expect(admin.ship('order_1', 'ful_1', [], {})).rejects.toBeInstanceOf(ShopRefused);
});
