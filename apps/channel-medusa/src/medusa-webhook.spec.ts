import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { medusaWebhook } from './medusa-webhook.ts';

const secretOf = (byte: number) => `whsec_${Buffer.alloc(24, byte).toString('base64')}`;
const [older, newer, other] = [secretOf(3), secretOf(4), secretOf(5)];

function verify(event: object, secret = older) {
  const at = new Date();
  const body = JSON.stringify(event);
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign('msg_1', at, body),
  };
  return medusaWebhook([older, newer]).verify({ name: 'medusa', body: Buffer.from(body), headers });
}

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

  it('is taken under either secret while one replaces the other', () => {
    const event = { type: 'order.placed', data: { id: 'order_1' } };
    expect(verify(event, newer)).toMatchObject({ accepted: true });
    expect(verify(event, other)).toMatchObject({ accepted: false, refusal: 'forged' });
  });

  it('is unreadable when it is signed but says nothing that is known', () => {
    expect(verify({ hello: 'world' })).toMatchObject({ accepted: false, refusal: 'unreadable' });
  });
});
