import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { vendureWebhook } from './vendure-webhook.ts';

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
  return vendureWebhook([older, newer]).verify({ name: 'vendure', body: Buffer.from(body), headers });
}

describe('a webhook of a Vendure shop', () => {
  it('names the order that was placed or has changed', () => {
    for (const type of ['order.placed', 'order.changed']) {
      const verdict = verify({ type, data: { id: '7' } });
      expect(verdict).toMatchObject({ accepted: true, id: 'msg_1', orders: [{ id: '7' }], articles: false });
    }
  });

  it('asks for the articles to be read when a variant changed', () => {
    expect(verify({ type: 'variant.changed', data: { id: '1' } })).toMatchObject({
      accepted: true,
      orders: [],
      articles: true,
    });
  });

  it('is taken under either secret while one replaces the other', () => {
    const event = { type: 'order.placed', data: { id: '7' } };
    expect(verify(event, newer)).toMatchObject({ accepted: true });
    expect(verify(event, other)).toMatchObject({ accepted: false, refusal: 'forged' });
  });

  it('is unreadable when it is signed but says nothing that is known', () => {
    expect(verify({ hello: 'world' })).toMatchObject({ accepted: false, refusal: 'unreadable' });
  });
});
