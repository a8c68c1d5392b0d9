import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, expect, it } from '@jest/globals';
import type { Shop } from '@samlast/channel-kit';
import { vendureShop } from './vendure-shop.ts';

const LOCATION = '1';
let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

interface Variant {
  id: string;
  sku: string;
  onHand: number;
}

/** A shop with these variants, as far as its shelf is asked for; and what was written there. */
async function start(
  variants: Variant[],
): Promise<{ shelf: NonNullable<Shop['shelf']>; written: Variant[] }> {
  const written: Variant[] = [];
  const items = variants.map(({ id, sku, onHand }) => ({
    id,
    sku,
    stockLevels: [{ stockLocationId: LOCATION, stockOnHand: onHand, stockAllocated: 0 }],
  }));
  server = createServer(async (request, response) => {
    const { query, variables } = (await json(request)) as {
      query: string;
      variables?: { input?: Variant[] };
    };
    if (query.startsWith('mutation($input')) written.push(...(variables?.input ?? []));
    const data = {
      login: { __typename: 'CurrentUser' },
      samlastAtPayment: [],
      productVariants: { items },
      updateProductVariants: [],
    };
    const headers = { 'content-type': 'application/json', 'vendure-auth-token': 'secret-1' };
    response.writeHead(200, headers).end(JSON.stringify({ data }));
  });
  await new Promise<void>((resolve) => server?.listen(0, '127.0.0.1', resolve));
  const { shelf } = vendureShop({
    VENDURE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    VENDURE_ADMIN_PATH: 'admin-api',
    VENDURE_USERNAME: 'samlast',
    VENDURE_PASSWORD: 'for-tests-only',
    VENDURE_STOCK_LOCATION_ID: LOCATION,
    WEBHOOK_SECRET: [],
  } as unknown as Parameters<typeof vendureShop>[0]);
  if (!shelf) throw new Error('The adapter has no shelf.');
  return { shelf, written };
}

const write = (article: string) => ({ article, writeId: `w-${article}`, from: '1', to: '5' });

it('writes neither of two variants with one SKU, says so, and writes the others', async () => {
  const { shelf, written } = await start([
    { id: '7', sku: 'TEE', onHand: 1 },
    { id: '8', sku: 'TEE', onHand: 1 },
    { id: '9', sku: 'CAP', onHand: 1 },
  ]);
  await shelf.read(['TEE', 'CAP', 'GONE']);
  expect(await shelf.write([write('TEE'), write('CAP'), write('GONE')])).toEqual([
    { article: 'TEE', outcome: 'refused', text: expect.stringContaining('2 variants have the SKU TEE') },
    { article: 'CAP', outcome: 'set' },
    { article: 'GONE', outcome: 'unknown-article' },
  ]);
  expect(written.map(({ id }) => id)).toEqual(['9']);
});
