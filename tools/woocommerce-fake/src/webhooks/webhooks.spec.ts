import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { WooShop } from '../woo-shop.ts';
import type { Webhook } from './webhook.ts';

const SECRET = 'a secret of this spec';

describe('webhooks', () => {
  let url: string;
  let status = 200;
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  const receiver = createServer((request, response) => void take(request, response));

  async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    received.push({ headers: request.headers, body: await text(request) });
    response.writeHead(status).end();
  }

  beforeAll(async () => {
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  });

  beforeEach(() => {
    received.length = 0;
    status = 200;
  });

  afterAll(() => {
    receiver.closeAllConnections();
    receiver.close();
  });

  /** A shop with one article and one webhook whose ping has come. */
  async function shopWith(topic: Webhook['topic']) {
    const shop = new WooShop();
    shop.products.add({ sku: 'MUG', stock: 1000 });
    const webhook = shop.webhooks.create({ topic, url, secret: SECRET, status: 'active' });
    await eventually(() => webhook.ping !== undefined);
    const buy = () => shop.checkout.buy({ lines: [{ sku: 'MUG', quantity: 1 }] });
    return { shop, webhook, buy };
  }

  const deliveries = () => received.filter(({ headers }) => headers['x-wc-webhook-topic']);

  it('begin with a ping that is a form and signed by nobody', async () => {
    const { webhook } = await shopWith('order.created');
    expect(received).toMatchObject([
      { body: `webhook_id=${webhook.id}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
    ]);
    expect(received[0]?.headers).not.toHaveProperty('x-wc-webhook-signature');
    expect(webhook.ping).toBe(200);
  });

  it('are signed over their bytes, and carry the order as it is when they are sent', async () => {
    const { buy, webhook } = await shopWith('order.created');
    const order = buy();
    const [sent] = await eventually(() => deliveries().length > 0 && deliveries());
    expect(sent?.headers).toMatchObject({
      'x-wc-webhook-topic': 'order.created',
      'x-wc-webhook-resource': 'order',
      'x-wc-webhook-event': 'created',
      'x-wc-webhook-id': String(webhook.id),
      'x-wc-webhook-signature': createHmac('sha256', SECRET)
        .update(sent?.body ?? '')
        .digest('base64'),
    });
    // It was pending when it was made.
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({ id: order?.id, status: 'processing' });
  });

  it('share their delivery’s number where they are sent in the same second', async () => {
    const { shop, buy } = await shopWith('order.created');
    const numbers = () => shop.webhooks.log.map(({ deliveryId }) => deliveryId);
    await eventually(async () => {
      buy();
      buy();
      const sent = shop.webhooks.log.length;
      await eventually(() => shop.webhooks.log.length >= sent + 2);
      return new Set(numbers()).size < numbers().length;
    });
  });

  it('are switched off after five failures in a row, are not tried again, and only a person switches them on', async () => {
    const { shop, webhook, buy } = await shopWith('order.created');
    status = 500;
    const fail = async (times: number) => {
      for (let count = 0; count < times; count++) {
        const before = shop.webhooks.log.length;
        buy();
        await eventually(() => shop.webhooks.log.length > before);
      }
    };
    await fail(4);
    await eventually(() => webhook.failures === 4);
    status = 200;
    await fail(1);
    await eventually(() => webhook.failures === 0);
    status = 401;
    await fail(5);
    await eventually(() => webhook.status === 'disabled');
    const before = deliveries().length;
    buy();
    shop.webhooks.setStatus(webhook, 'active');
    status = 200;
    await fail(1);
    expect(deliveries()).toHaveLength(before + 1);
  });

  it('get lost and come twice as the knobs say', async () => {
    const { shop, buy } = await shopWith('order.created');
    shop.turn({ webhookLossRate: 1 });
    buy();
    expect(shop.webhooks.log).toMatchObject([{ result: 'lost' }]);
    shop.turn({ webhookLossRate: 0, webhookDuplicateRate: 1 });
    buy();
    await eventually(() => deliveries().length === 2);
    expect(deliveries()[0]?.body).toBe(deliveries()[1]?.body);
  });

  it('of a deleted order say nothing but its number', async () => {
    const { shop, buy } = await shopWith('order.deleted');
    const order = buy();
    if (order) shop.orders.trash(order);
    const [sent] = await eventually(() => deliveries().length > 0 && deliveries());
    expect(JSON.parse(sent?.body ?? '')).toEqual({ id: order?.id });
  });
});
