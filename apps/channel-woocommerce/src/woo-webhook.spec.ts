import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CODE, Stage } from '@samlast/channel-kit/testing';
import { eventually } from '@samlast/test-stack';
import { headersOf } from '@samlast/woocommerce-fake';
import { Client } from 'pg';
import { SECRET, WooFarSide } from './testing/woo-far-side.ts';
import { wooWebhook } from './woo-webhook.ts';
import { woocommerce } from './woocommerce.channel.ts';

const NEVER_MS = '3600000';
const DAY_MS = 24 * 60 * 60_000;

function delivery(
  payload: object,
  { topic = 'order.updated', secret = SECRET, at = Date.now(), webhook = 1 } = {},
) {
  const body = JSON.stringify(payload);
  const about = { topic: topic as 'order.updated', webhook, at, source: 'https://shop.example.test/' };
  return { name: 'woocommerce', body, headers: headersOf(about, secret, body) };
}

const order = (change: object = {}) => ({
  id: 7,
  date_modified_gmt: new Date().toISOString().slice(0, 19),
  ...change,
});

function verify(payload: object, options: Parameters<typeof delivery>[1] = {}, secrets = [SECRET]) {
  const { body, ...rest } = delivery(payload, options);
  return wooWebhook(secrets).verify({ ...rest, body: Buffer.from(body) });
}

describe('a webhook of a WooCommerce shop', () => {
  it('names the order that is new or has changed', () => {
    for (const topic of ['order.created', 'order.updated', 'order.deleted'])
      expect(verify(order(), { topic })).toMatchObject({
        accepted: true,
        orders: [{ id: '7' }],
        articles: false,
      });
  });

  it('asks for the articles to be read when a product changed', () => {
    expect(verify(order(), { topic: 'product.updated' })).toMatchObject({ orders: [], articles: true });
  });

  it('is taken under either secret while one replaces the other', () => {
    const newer = 'another-secret-of-these-webhooks';
    expect(verify(order(), { secret: newer }, [SECRET, newer])).toMatchObject({ accepted: true });
    expect(verify(order(), { secret: newer })).toMatchObject({ accepted: false, refusal: 'forged' });
  });

  it('tells two orders of one second apart, though their deliveries have the same number', () => {
    const at = Date.now();
    const [one, other] = [verify(order(), { at }), verify(order({ id: 8 }), { at })];
    expect(one).toMatchObject({ accepted: true });
    expect(one).toMatchObject({ attempt: (other as { attempt: string }).attempt });
    expect((one as { id: string }).id).not.toBe((other as { id: string }).id);
  });

  it('is stale when it tells of a change that is older than what is remembered', () => {
    const date_modified_gmt = new Date(Date.now() - 7 * DAY_MS).toISOString().slice(0, 19);
    expect(verify(order({ date_modified_gmt }))).toMatchObject({ accepted: false, refusal: 'stale' });
  });

  it('is unreadable when it is signed but about nothing that is known', () => {
    expect(verify(order(), { topic: 'coupon.created' })).toMatchObject({ refusal: 'unreadable' });
    expect(verify({ hello: 'world' })).toMatchObject({ refusal: 'unreadable' });
  });

  it('is forged when it looks like a ping and is none', () => {
    const body = Buffer.from('webhook_id=1&order=7');
    expect(wooWebhook([SECRET]).verify({ name: 'w', body, headers: {} })).toMatchObject({
      refusal: 'forged',
    });
  });
});

describe('webhooks of a shop that sends them', () => {
  let far: WooFarSide;
  let stage: Stage;
  let hook: string;

  beforeAll(async () => {
    far = await WooFarSide.start({ stockEndpoint: true });
    stage = await Stage.start(woocommerce, far.env, { env: { POLL_MS: NEVER_MS } });
    hook = `${stage.channel.url}/webhooks/woocommerce`;
    await eventually(async () => (await stage.ops<{ readStartedAt: string | null }>('cursor')).readStartedAt);
  });

  afterAll(async () => {
    await stage?.stop();
    await far?.stop();
  });

  async function counted(outcome: string): Promise<number> {
    const text = await (await fetch(`${stage.channel.url}/metrics`)).text();
    return Number(new RegExp(`samlast_webhooks_total\\{outcome="${outcome}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  }

  async function aMinuteLater(): Promise<void> {
    const client = new Client({ connectionString: stage.database.url });
    await client.connect();
    const schema = `channel_${CODE.toLowerCase()}`;
    await client.query(`UPDATE ${schema}.webhooks SET received_at = received_at - interval '61 seconds'`);
    await client.end();
  }

  it('are answered with 200 when the shop tries whether somebody is there', async () => {
    const { webhooks } = far.fake.shop;
    const webhook = webhooks.create({ topic: 'order.created', url: hook, secret: SECRET, status: 'active' });
    await eventually(() => webhook.ping === 200);
    expect(await counted('ping')).toBe(1);
  });

  it('bring an order in as the shop itself sends them', async () => {
    const sold = await far.buy(await far.newArticle(1), 1);
    await stage.placed(`${sold?.number}-${CODE}`);
    const { log } = far.fake.shop.webhooks;
    await eventually(() => log.some((one) => one.topic === 'order.created' && one.result === 202));
  });

  it('are refused with 401 and counted when they are forged, stale or replayed', async () => {
    const before = await counted('forged');
    const genuine = delivery(order());
    expect((await stage.deliver({ ...genuine, body: `${genuine.body} ` })).status).toBe(401);
    expect((await stage.deliver({ ...genuine, headers: {} })).status).toBe(401);
    expect(await counted('forged')).toBe(before + 2);
    const date_modified_gmt = new Date(Date.now() - 7 * DAY_MS).toISOString().slice(0, 19);
    expect((await stage.deliver(delivery(order({ date_modified_gmt })))).status).toBe(401);
    expect(await counted('stale')).toBe(1);
    expect((await stage.deliver(genuine)).status).toBe(202);
    // At once it may be the shop itself, which has saved the order twice in that second.
    expect(await (await stage.deliver(genuine)).json()).toEqual({ repeated: true });
    await aMinuteLater();
    expect((await stage.deliver(genuine)).status).toBe(401);
    expect(await counted('replayed')).toBe(1);
  });

  it('have no effect again when another webhook tells the same', async () => {
    const payload = order({ id: 9 });
    expect((await stage.deliver(delivery(payload))).status).toBe(202);
    const again = await stage.deliver(delivery(payload, { webhook: 2 }));
    expect(await again.json()).toEqual({ repeated: true });
  });

  it('are refused when they are too long', async () => {
    expect((await stage.deliver(delivery(order({ pad: 'x'.repeat(2_100_000) })))).status).toBe(413);
  });
});
