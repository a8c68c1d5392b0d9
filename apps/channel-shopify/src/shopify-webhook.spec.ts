import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Stage } from '@samlast/channel-kit/testing';
import * as fc from 'fast-check';
import { shopify } from './shopify.channel.ts';
import { shopifyWebhook } from './shopify-webhook.ts';
import { ShopifyFarSide } from './testing/shopify-far-side.ts';

const [older, newer] = ['the-secret-of-before', 'the-secret-of-now-on'];
const webhook = shopifyWebhook({ SHOPIFY_SHOP: 'a.myshopify.com', SHOPIFY_CLIENT_SECRET: [newer, older] });

function verify(body: string, more: Record<string, string | undefined> = {}, secret = older) {
  const headers = {
    'x-shopify-topic': 'orders/create',
    'x-shopify-shop-domain': 'a.myshopify.com',
    'x-shopify-webhook-id': 'b54557e4',
    'x-shopify-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
    ...more,
  };
  return webhook.verify({ name: 'shopify', body: Buffer.from(body), headers });
}

const about = (more: object = {}) =>
  JSON.stringify({ id: 7, admin_graphql_api_id: 'gid://shopify/Order/7', updated_at: new Date(), ...more });

describe('a webhook of Shopify', () => {
  it('names its order, under either secret while one replaces the other', () => {
    for (const secret of [older, newer])
      expect(verify(about(), {}, secret)).toMatchObject({
        accepted: true,
        id: 'b54557e4',
        orders: [{ id: 'gid://shopify/Order/7' }],
      });
  });

  it('is forged when its signature is missing, of another secret, or of other bytes', () => {
    const forged = { accepted: false, refusal: 'forged' };
    expect(verify(about(), { 'x-shopify-hmac-sha256': undefined })).toMatchObject(forged);
    expect(verify(about(), {}, 'another-secret-altogether')).toMatchObject(forged);
    const signature = createHmac('sha256', older).update('{}').digest('base64');
    expect(verify('{ }', { 'x-shopify-hmac-sha256': signature })).toMatchObject(forged);
    expect(verify(about(), { 'x-shopify-shop-domain': 'b.myshopify.com' })).toMatchObject(forged);
  });

  it('is stale when what it tells of is older than Shopify ever tries, whatever its headers say', () => {
    const hours = (ago: number) => ({ updated_at: new Date(Date.now() - ago * 3_600_000) });
    const now = { 'x-shopify-triggered-at': new Date().toISOString(), 'x-shopify-webhook-id': 'new' };
    expect(verify(about(hours(6)), now)).toMatchObject({ accepted: false, refusal: 'stale' });
    expect(verify(about(hours(4)))).toMatchObject({ accepted: true });
  });

  it('finds the order of a refund, an edit and a return', () => {
    const orders = [{ id: 'gid://shopify/Order/7' }];
    const topic = (name: string) => ({ 'x-shopify-topic': name });
    expect(verify('{"order_id":7}', topic('refunds/create'))).toMatchObject({ orders });
    expect(verify('{"order_edit":{"order_id":7}}', topic('orders/edited'))).toMatchObject({ orders });
    const returned = verify('{"order":{"id":7}}', topic('returns/approve'));
    expect(returned).toMatchObject({ orders, inbound: true });
    expect(verify('{"id":1}', topic('products/create'))).toMatchObject({ orders: [], articles: true });
  });

  it('is unreadable when it is signed but tells of nothing that the channel asks for', () => {
    for (const body of ['not JSON', '[]', '{}', '{"updated_at":"noon"}'])
      expect(verify(body)).toMatchObject({ accepted: false, refusal: 'unreadable' });
  });

  it('throws for nothing that arrives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), fc.string(), fc.string(), (body, signature, topic) => {
        const headers = { 'x-shopify-hmac-sha256': signature, 'x-shopify-topic': topic };
        expect(webhook.verify({ name: 'shopify', body: Buffer.from(body), headers }).accepted).toBe(false);
      }),
    );
  });
});

describe('what a channel answers to webhooks of Shopify', () => {
  let far: ShopifyFarSide;
  let stage: Stage;

  beforeAll(async () => {
    far = await ShopifyFarSide.start();
    stage = await Stage.start(shopify, far.env);
  });

  afterAll(async () => {
    await stage?.stop();
    await far?.stop();
  });

  async function counted(outcome: string): Promise<number> {
    const text = await (await fetch(`${stage.channel.url}/metrics`)).text();
    return Number(new RegExp(`samlast_webhooks_total\\{outcome="${outcome}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  }

  const message = (id: string, at = new Date()) =>
    far.webhookAbout('gid://shopify/Order/7', { id, at, what: 'placed' });

  it('refuses a forged one with 401, and counts it', async () => {
    const genuine = message('m1');
    expect((await stage.deliver({ ...genuine, body: `${genuine.body} ` })).status).toBe(401);
    expect((await stage.deliver({ ...genuine, headers: {} })).status).toBe(401);
    expect(await counted('forged')).toBe(2);
  });

  it('refuses a stale one with 401, and counts it', async () => {
    expect((await stage.deliver(message('m2', new Date(Date.now() - 6 * 3_600_000)))).status).toBe(401);
    expect(await counted('stale')).toBe(1);
  });

  it('takes a repeat without any effect and counts it: refused eight times, Shopify would end the webhook', async () => {
    const sent = message('m3');
    expect((await stage.deliver(sent)).status).toBe(202);
    const again = await stage.deliver(sent);
    expect([again.status, await again.json()]).toEqual([202, { repeated: true }]);
    expect(await counted('repeated')).toBe(1);
  });

  it('refuses it with 401 when it comes again after Shopify has given up, and counts it', async () => {
    const sent = message('m5');
    expect((await stage.deliver(sent)).status).toBe(202);
    await stage.database.query(
      `UPDATE channel_tt.webhooks SET received_at = now() - interval '6 hours' WHERE id = 'm5'`,
    );
    expect((await stage.deliver(sent)).status).toBe(401);
    expect(await counted('replayed')).toBe(1);
  });

  it('refuses one over the limit with 413', async () => {
    const body = JSON.stringify({ pad: 'x'.repeat(2_100_000) });
    expect((await stage.deliver({ ...message('m4'), body })).status).toBe(413);
  });
});
