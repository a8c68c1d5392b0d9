import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { medusaWebhook } from './medusa-webhook.ts';

const secret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`;

function delivery(payload: unknown, settings: { at?: Date; key?: string; body?: string } = {}) {
  const { at = new Date(), key = secret } = settings;
  const body = typeof payload === 'string' ? payload : JSON.stringify(payload);
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(key).sign('msg_1', at, body),
  };
  return { name: 'medusa', body: Buffer.from(settings.body ?? body), headers };
}

const verify = (...given: Parameters<typeof delivery>) => medusaWebhook(secret).verify(delivery(...given));

describe('a webhook of a Medusa shop', () => {
  it('names the order that was placed, and that it was placed', () => {
    const verdict = verify({ type: 'order.placed', data: { id: 'order_1' } });
    expect(verdict).toMatchObject({ accepted: true, id: 'msg_1', orders: [{ id: 'order_1', placed: true }] });
  });

  it('names the order of a fulfilment', () => {
    const verdict = verify({
      type: 'order.fulfillment_created',
      data: { order_id: 'order_1', fulfillment_id: 'ful_1' },
    });
    expect(verdict).toMatchObject({ accepted: true, orders: [{ id: 'order_1' }] });
  });

  it('asks for the articles to be read when a variant changed', () => {
    expect(verify({ type: 'product-variant.updated', data: { id: 'variant_1' } })).toMatchObject({
      accepted: true,
      orders: [],
      articles: true,
    });
  });

  it('is forged when another secret signed it, or its body was changed', () => {
    const other = `whsec_${Buffer.alloc(24, 4).toString('base64')}`;
    const event = { type: 'order.placed', data: { id: 'order_1' } };
    expect(verify(event, { key: other })).toMatchObject({ accepted: false, refusal: 'forged' });
    expect(verify(event, { body: '{"type":"order.placed","data":{"id":"order_2"}}' })).toMatchObject({
      refusal: 'forged',
    });
  });

  it('is forged without its headers', () => {
    const verdict = medusaWebhook(secret).verify({ name: 'medusa', body: Buffer.from('{}'), headers: {} });
    expect(verdict).toMatchObject({ accepted: false, refusal: 'forged' });
  });

  it('is stale after five minutes', () => {
    const verdict = verify(
      { type: 'order.placed', data: { id: 'order_1' } },
      { at: new Date(Date.now() - 400_000) },
    );
    expect(verdict).toMatchObject({ accepted: false, refusal: 'stale' });
  });

  it('is unreadable when it is signed but says nothing that is known', () => {
    expect(verify('not json')).toMatchObject({ accepted: false, refusal: 'unreadable' });
    expect(verify({ hello: 'world' })).toMatchObject({ accepted: false, refusal: 'unreadable' });
  });
});
