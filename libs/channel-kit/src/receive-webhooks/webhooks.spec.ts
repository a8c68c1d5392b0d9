import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrderPlaced } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { Webhook } from 'standardwebhooks';
import { defineChannel, defineChannelConfig } from '../channel.ts';
import { FakeShop } from '../testing/fake-shop.ts';
import { CODE, Stage } from '../testing/stage.ts';
import type { WebhookDelivery, WebhookVerdict } from '../shop-webhook.ts';
import { standardWebhook } from './standard-webhook.ts';

const NEVER_MS = '3600000';
const json = { 'content-type': 'application/json' };
const secretOf = (byte: number) => `whsec_${Buffer.alloc(24, byte).toString('base64')}`;
const secret = secretOf(3);

interface Signed {
  id?: string;
  at?: Date;
  key?: string;
  body?: string;
}

describe('webhooks of a shop', () => {
  const far = new FakeShop({ method: 'compare-and-set', feedLagMs: 0 });
  const standard = standardWebhook([secret], (_name, body) => {
    const { order } = body as { order?: string };
    return { orders: order ? [{ id: order }] : [], articles: false };
  });
  const shop = Object.assign(far, {
    webhook: {
      verify(delivery: WebhookDelivery): WebhookVerdict {
        if (delivery.name === 'ping') return { accepted: true, ping: true, orders: [] };
        if (delivery.name === 'same')
          return { accepted: true, id: 'same', attempt: '1', mayRepeatMs: 1_000, orders: [] };
        return standard.verify(delivery);
      },
    },
  });
  const definition = defineChannel({
    kind: 'fake',
    config: defineChannelConfig({}),
    identity: () => 'fake with webhooks',
    shop: () => shop,
  });
  let stage: Stage;
  let sent = 0;

  beforeAll(async () => {
    stage = await Stage.start(definition, { POLL_MS: NEVER_MS });
  });

  afterAll(() => stage.stop());

  function deliver({ id = `msg_${++sent}`, at = new Date(), key = secret, body = '{}' }: Signed = {}) {
    return fetch(`${stage.channel.url}/webhooks/orders`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(key).sign(id, at, body),
      },
      body,
    });
  }

  async function counted(outcome: string): Promise<number> {
    const text = await (await fetch(`${stage.channel.url}/metrics`)).text();
    return Number(new RegExp(`samlast_webhooks_total\\{outcome="${outcome}"\\} (\\d+)`).exec(text)?.[1] ?? 0);
  }

  /** An order of the shop, brought in by its webhook. */
  async function sell(): Promise<{ id: string; number: string }> {
    const order = await far.buy(await far.newArticle(1), 1);
    if (!order) throw new Error('The shop refused the sale.');
    expect((await deliver({ body: JSON.stringify({ order: order.id }) })).status).toBe(202);
    const number = `${order.number}-${CODE}`;
    await stage.placed(number);
    return { id: order.id, number };
  }

  it('bring an order in without waiting for the next poll', async () => {
    await sell();
  });

  it('that come late, when their order has long been read, change nothing', async () => {
    const { id, number } = await sell();
    expect((await deliver({ body: JSON.stringify({ order: id }) })).status).toBe(202);
    // The order of one turn may be seen before that turn follows its hints; the next turn is after that.
    await sell();
    await sell();
    expect(stage.peer.heard(OrderPlaced, number)).toHaveLength(1);
  });

  it('are refused and counted when they are forged', async () => {
    expect((await deliver({ key: secretOf(4) })).status).toBe(401);
    const bare = await fetch(`${stage.channel.url}/webhooks/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    expect(bare.status).toBe(401);
    expect(await counted('forged')).toBe(2);
  });

  it('are proven on the bytes that came, not on what they mean', async () => {
    const at = new Date();
    const response = await fetch(`${stage.channel.url}/webhooks/orders`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': 'msg_spaced',
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign('msg_spaced', at, '{}'),
      },
      body: '{ }',
    });
    expect(response.status).toBe(401);
  });

  it('are refused and counted when they are stale', async () => {
    expect((await deliver({ at: new Date(Date.now() - 360_000) })).status).toBe(401);
    expect(await counted('stale')).toBe(1);
  });

  it('have no effect again when they are tried again, and are refused when they are replayed', async () => {
    const at = new Date();
    expect((await deliver({ id: 'msg_twice', at })).status).toBe(202);
    expect((await deliver({ id: 'msg_twice', at })).status).toBe(401);
    const again = await deliver({ id: 'msg_twice', at: new Date(at.getTime() + 2_000) });
    expect(await again.json()).toEqual({ repeated: true });
    expect(await counted('replayed')).toBe(1);
  });

  it('may come twice at once from a sender that cannot tell them apart, and are refused later', async () => {
    const send = () =>
      fetch(`${stage.channel.url}/webhooks/same`, { method: 'POST', body: '{}', headers: { ...json } });
    expect((await send()).status).toBe(202);
    expect(await (await send()).json()).toEqual({ repeated: true });
    await eventually(async () => (await send()).status === 401);
  });

  it('that only ask whether somebody is there are answered with 200', async () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const ping = await fetch(`${stage.channel.url}/webhooks/ping`, {
      method: 'POST',
      body: 'n=1',
      headers: form,
    });
    expect(ping.status).toBe(200);
    expect(await counted('ping')).toBe(1);
  });

  it('are refused when they are too long', async () => {
    expect((await deliver({ body: JSON.stringify({ pad: 'x'.repeat(2_100_000) }) })).status).toBe(413);
  });
});
