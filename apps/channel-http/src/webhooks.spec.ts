import { randomBytes } from 'node:crypto';
import { Stage } from '@samlast/channel-kit/testing';
import { type DemoShop, startDemoShop } from '@samlast/local/demo-shop';
import { eventually } from '@samlast/test-stack';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { http } from './http.channel.ts';

const TOKEN = 'a token for this spec only';
const secret = () => `whsec_${randomBytes(24).toString('base64')}`;

interface Signed {
  id?: string;
  at?: Date;
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
    const {
      id = `msg_${++sent}`,
      at = new Date(),
      body = '{"type":"articles.changed"}',
      name = 'orders',
    } = message;
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

  async function counted(outcome: string): Promise<number> {
    const text = await (await fetch(`${stage.channel.url}/metrics`)).text();
    return Number(new RegExp(`samlast_webhooks_total\\{outcome="${outcome}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  }

  it('bring an order in without waiting for the next poll', async () => {
    shop.model.setStock('CANDLE', 1);
    const order = shop.model.buy({ lines: [{ article: 'CANDLE', quantity: 1 }] });
    const response = await deliver({
      body: JSON.stringify({ type: 'order.placed', order: { id: order.id } }),
    });
    expect(response.status).toBe(202);
    await stage.placed(`${order.number}-TT`);
  });

  it('are taken under either secret while one replaces the other', async () => {
    expect((await deliver({ secret: newer })).status).toBe(202);
  });

  it('are refused and counted when they are forged', async () => {
    const before = await counted('forged');
    expect((await deliver({ secret: secret() })).status).toBe(401);
    const bare = await fetch(`${stage.channel.url}/webhooks/orders`, { method: 'POST', body: '{}' });
    expect([401, 415]).toContain(bare.status);
    expect(await counted('forged')).toBeGreaterThan(before);
  });

  it('are refused when the body is another than was signed', async () => {
    const [id, at] = ['msg_other', new Date()];
    const response = await fetch(`${stage.channel.url}/webhooks/orders`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(older).sign(id, at, '{"type":"articles.changed"}'),
      },
      body: '{"type": "articles.changed"}',
    });
    expect(response.status).toBe(401);
  });

  it('are refused when they are older or newer than five minutes', async () => {
    for (const minutes of [-6, 6]) {
      const response = await deliver({ at: new Date(Date.now() + minutes * 60_000) });
      expect(response.status).toBe(401);
    }
    expect(await counted('stale')).toBe(2);
  });

  it('have no effect again when they are tried again, and are refused when they are replayed', async () => {
    const at = new Date();
    expect((await deliver({ id: 'msg_twice', at })).status).toBe(202);
    expect((await deliver({ id: 'msg_twice', at })).status).toBe(401);
    const again = await deliver({ id: 'msg_twice', at: new Date(at.getTime() + 2_000) });
    expect(await again.json()).toEqual({ repeated: true });
    expect(await counted('replayed')).toBe(1);
  });

  it('that are proven but not understood are told what does not fit', async () => {
    const response = await deliver({ body: '{"type":"order.eaten"}' });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('type');
    expect((await deliver({ body: 'not JSON' })).status).toBe(400);
    expect((await deliver({ name: 'invoices' })).status).toBe(400);
  });

  it('are refused when they are too long', async () => {
    expect(
      (await deliver({ body: JSON.stringify({ type: 'articles.changed', pad: 'x'.repeat(2_100_000) }) }))
        .status,
    ).toBe(413);
  });

  it('do no harm when they name an order that is not there', async () => {
    const response = await deliver({ body: '{"type":"order.placed","order":{"id":"../../admin/orders"}}' });
    expect(response.status).toBe(202);
    const order = shop.model.edit([...shop.model.orders.keys()][0] ?? '');
    await deliver({ body: JSON.stringify({ type: 'order.changed', order: { id: order.id } }) });
    await eventually(async () => (await stage.ops<object[]>('unreadable-orders')).length === 0);
  });
});
