import { randomBytes } from 'node:crypto';
import { Stage } from '@samlast/channel-kit/testing';
import { type DemoShop, startDemoShop } from '@samlast/local/demo-shop';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { http } from './http.channel.ts';

const TOKEN = 'a token for this spec only';
const secret = () => `whsec_${randomBytes(24).toString('base64')}`;

interface Signed {
  secret?: string;
  body?: string;
  name?: string;
}

describe('webhooks of a shop', () => {
  const [older, newer] = [secret(), secret()];
  let shop: DemoShop;
  let stage: Stage;
  let sent = 0;

  beforeAll(async () => {
    shop = await startDemoShop({ code: 'SE', token: TOKEN });
    stage = await Stage.start(http, {
      SHOP_URL: shop.url,
      SHOP_TOKEN: TOKEN,
      WEBHOOK_SECRET: `${older},${newer}`,
      POLL_MS: '3600000',
    });
  });

  afterAll(async () => {
    await stage.stop();
    await shop.stop();
  });

  function deliver(message: Signed = {}): Promise<Response> {
    const { body = '{"type":"articles.changed"}', name = 'orders' } = message;
    const [id, at] = [`msg_${++sent}`, new Date()];
    return fetch(`${stage.channel.url}/webhooks/${name}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(message.secret ?? older).sign(id, at, body),
      },
      body,
    });
  }

  /** An order of the shop, brought in by its webhook. */
  async function sell(): Promise<void> {
    shop.model.setStock('CANDLE', 1);
    const order = shop.model.buy({ lines: [{ article: 'CANDLE', quantity: 1 }] });
    const body = JSON.stringify({ type: 'order.placed', order: { id: order.id } });
    expect((await deliver({ body })).status).toBe(202);
    await stage.placed(`${order.number}-TT`);
  }

  it('bring an order in without waiting for the next poll', async () => {
    await sell();
  });

  it('are taken under either secret while one replaces the other, and under no third', async () => {
    expect((await deliver({ secret: newer })).status).toBe(202);
    expect((await deliver({ secret: secret() })).status).toBe(401);
  });

  it('that are proven but not understood are told what does not fit', async () => {
    const response = await deliver({ body: '{"type":"order.eaten"}' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('type');
    expect((await deliver({ body: 'not JSON' })).status).toBe(400);
    expect((await deliver({ name: 'invoices' })).status).toBe(400);
  });

  it('do no harm when they name an order that is not there', async () => {
    const response = await deliver({ body: '{"type":"order.placed","order":{"id":"../../admin/orders"}}' });
    expect(response.status).toBe(202);
    // The order of one turn may be seen before that turn follows its hints; the next turn is after that.
    await sell();
    await sell();
    expect(await stage.ops<object[]>('unreadable-orders')).toEqual([]);
  });
});
