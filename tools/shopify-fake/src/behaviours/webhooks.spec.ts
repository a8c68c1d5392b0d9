import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { type ShopifyFake, startShopifyFake } from '../start.ts';
import { ask } from '../testing/ask.ts';

interface Received {
  headers: IncomingMessage['headers'];
  body: Buffer;
}

let fake: ShopifyFake;
let receiver: Server;
let url: string;
let received: Received[];
/** What the receiver answers, one after another; 200 once there are none. */
let answers: number[];

beforeEach(async () => {
  fake = await startShopifyFake({ webhookRetryMs: 5 });
  fake.shop.addVariant(fake.world, { sku: 'TEE', available: 1000 });
  received = [];
  answers = [];
  receiver = createServer(async (request, response) => {
    received.push({ headers: request.headers, body: await buffer(request) });
    response.writeHead(answers.shift() ?? 200).end();
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
});

afterEach(async () => {
  await fake.close();
  receiver.closeAllConnections();
  receiver.close();
});

async function subscribe(topic: string, uri = url): Promise<string[]> {
  const { data } = await ask(
    fake,
    `mutation($topic: WebhookSubscriptionTopic!, $uri: String!) {
      webhookSubscriptionCreate(topic: $topic, webhookSubscription: { uri: $uri }) { userErrors { message } }
    }`,
    { topic, uri },
  );
  const { userErrors } = (data?.webhookSubscriptionCreate ?? {}) as { userErrors: { message: string }[] };
  return userErrors.map(({ message }) => message);
}

const buy = () => fake.shop.checkout(fake.world, { lines: [{ sku: 'TEE', quantity: 1 }] });
const ids = () => received.map(({ headers }) => headers['x-shopify-webhook-id']);

describe('webhooks', () => {
  it('go to HTTPS alone, or to this machine, and once for a topic and address', async () => {
    expect(await subscribe('ORDERS_CREATE', 'http://shop.example.test')).toHaveLength(1);
    expect(await subscribe('ORDERS_CREATE')).toEqual([]);
    expect(await subscribe('ORDERS_CREATE')).toEqual([expect.stringContaining('already')]);
  });

  it('are signed over their raw body, and say what, whose and when', async () => {
    await subscribe('ORDERS_CREATE');
    const order = buy();
    const { headers, body } = await eventually(() => received[0]);
    const signature = createHmac('sha256', fake.clientSecret).update(body).digest('base64');
    expect(headers).toMatchObject({
      'x-shopify-hmac-sha256': signature,
      'x-shopify-topic': 'orders/create',
      'x-shopify-shop-domain': fake.domain,
      'x-shopify-api-version': '2026-04',
      'x-shopify-webhook-id': expect.stringMatching(/./),
      'x-shopify-event-id': expect.stringMatching(/./),
      'x-shopify-triggered-at': expect.stringMatching(/^\d{4}-/),
    });
    expect(JSON.parse(body.toString())).toMatchObject({
      id: order.id,
      admin_graphql_api_id: `gid://shopify/Order/${order.id}`,
    });
  });

  it('are tried again under the same id with the same bytes, and end after eight failures in a row', async () => {
    await subscribe('ORDERS_CREATE');
    answers = [500, 404];
    buy();
    await eventually(() => received.length === 3);
    expect(new Set(ids()).size).toBe(1);
    expect(new Set(received.map(({ body }) => body.toString())).size).toBe(1);
    answers = Array.from({ length: 20 }, () => 500);
    buy();
    await eventually(() => fake.world.subscriptions.size === 0);
    expect(received).toHaveLength(3 + 8);
  });

  it('may come twice, never, or late', async () => {
    await subscribe('ORDERS_CREATE');
    fake.faults.set({ duplicateWebhooks: 1 });
    buy();
    await eventually(() => received.length === 2);
    expect(new Set(ids()).size).toBe(1);
    fake.faults.set({ loseWebhooks: 1 });
    buy();
    const next = buy();
    await eventually(() => received.length === 3);
    expect(received[2]?.body.toString()).toContain(String(next.id));
    fake.faults.set({ shuffleWebhooksMs: 40 });
    for (let count = 0; count < 20; count++) buy();
    await eventually(() => received.length === 23);
    const order = received.slice(3).map(({ body }) => (JSON.parse(body.toString()) as { id: number }).id);
    expect(order).not.toEqual(order.toSorted((one, other) => one - other));
  });
});

describe('faults', () => {
  it('lose an answer after the shop has done it, or do nothing at all', async () => {
    const order = buy();
    const query = `mutation { orderUpdate(input: { id: "gid://shopify/Order/${order.id}", note: "x" }) {
      userErrors { message } } }`;
    fake.faults.set({ dropAnswers: 1, only: 'orderUpdate' });
    await ask(fake, '{ shop { id } }');
    await expect(ask(fake, query)).rejects.toThrow();
    expect(order.note).toBe('x');
    fake.faults.set({ fail: 1 });
    await ask(fake, query.replace('"x"', '"y"'));
    expect(order.note).toBe('x');
    fake.faults.set({ throttle: 1 });
    expect((await ask(fake, query)).errors).toMatchObject([{ message: 'Throttled' }]);
  });

  it('are set over HTTP, as buyers and staff act there', async () => {
    const control = async (name: string, body: object) => {
      const headers = { 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      const response = await fetch(`${fake.url}/control/${name}`, init);
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    };
    expect((await control('add-article', { sku: 'MUG', available: 2 })).status).toBe(200);
    const { body } = await control('buy', { lines: [{ sku: 'MUG', quantity: 1 }] });
    expect((await control('edit', { order: body.name, sku: 'MUG', quantity: 2 })).status).toBe(200);
    expect((await control('buy', { lines: [{ sku: 'MUG', quantity: 1 }] })).status).toBe(422);
    expect((await control('cancel', { order: body.name })).status).toBe(200);
    expect((await control('faults', { fail: 1 })).status).toBe(200);
    expect((await control('search', { lagMs: 5 })).status).toBe(200);
    expect((await control('expire-tokens', {})).status).toBe(200);
    expect((await control('nonsense', {})).status).toBe(422);
    expect((await control('buy', { lines: [] })).status).toBe(422);
    expect((await control('dump', {})).body).toMatchObject({ orders: [{ name: body.name }] });
  });
});
