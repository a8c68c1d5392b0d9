import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Webhook } from 'standardwebhooks';
import { standardWebhook, WebhookSecrets } from './standard-webhook.ts';

const secretOf = (byte: number) => `whsec_${Buffer.alloc(24, byte).toString('base64')}`;
const [older, newer, other] = [secretOf(3), secretOf(4), secretOf(5)];

const webhook = standardWebhook([older, newer], (name, body) =>
  name === 'orders'
    ? { orders: [{ id: JSON.stringify(body) }], articles: false }
    : { unreadable: 'Send to /webhooks/orders.' },
);

interface Sent {
  name?: string;
  body?: string;
  at?: Date;
  secret?: string;
  /** What arrives instead of the body that was signed. */
  arrives?: string | Buffer;
  headers?: Record<string, string | undefined>;
}

function verify({
  name = 'orders',
  body = '{"order":7}',
  at = new Date(),
  secret = older,
  ...sent
}: Sent = {}) {
  const headers = {
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign('msg_1', at, body),
    ...sent.headers,
  };
  return webhook.verify({ name, body: Buffer.from(sent.arrives ?? body), headers });
}

describe('a webhook that is signed as Standard Webhooks says', () => {
  it('is taken, with what the channel reads in it, its id, and which try it is', () => {
    const at = new Date();
    expect(verify({ at })).toEqual({
      accepted: true,
      id: 'msg_1',
      attempt: String(Math.floor(at.getTime() / 1000)),
      orders: [{ id: '{"order":7}' }],
      articles: false,
    });
  });

  it('is taken under either secret while one replaces the other, also with both signatures', () => {
    expect(verify({ secret: newer })).toMatchObject({ accepted: true });
    const at = new Date();
    const signatures = [other, newer].map((secret) => new Webhook(secret).sign('msg_1', at, '{}'));
    expect(verify({ at, body: '{}', headers: { 'webhook-signature': signatures.join(' ') } })).toMatchObject({
      accepted: true,
    });
  });

  it('is forged when another secret signed it', () => {
    expect(verify({ secret: other })).toMatchObject({ accepted: false, refusal: 'forged' });
  });

  it('is forged when a byte of its body, its id or its time is another than was signed', () => {
    const forged = { accepted: false, refusal: 'forged' };
    expect(verify({ arrives: '{"order": 7}' })).toMatchObject(forged);
    expect(verify({ headers: { 'webhook-id': 'msg_2' } })).toMatchObject(forged);
    const later = String(Math.floor(Date.now() / 1000) + 1);
    expect(
      verify({ at: new Date(Date.now() - 5_000), headers: { 'webhook-timestamp': later } }),
    ).toMatchObject(forged);
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('is forged without %s', (header) => {
    expect(verify({ headers: { [header]: undefined } })).toMatchObject({
      accepted: false,
      refusal: 'forged',
      message: expect.stringContaining(header),
    });
  });

  it('is stale when it is older or newer than five minutes, and when its time is none', () => {
    for (const minutes of [-6, 6]) {
      const verdict = verify({ at: new Date(Date.now() + minutes * 60_000) });
      expect(verdict).toMatchObject({ accepted: false, refusal: 'stale' });
    }
    for (const minutes of [-4, 4])
      expect(verify({ at: new Date(Date.now() + minutes * 60_000) })).toMatchObject({ accepted: true });
    expect(verify({ headers: { 'webhook-timestamp': 'noon' } })).toMatchObject({ refusal: 'stale' });
  });

  it('is unreadable when it is proven but no JSON, or when the channel does not know it, in its words', () => {
    expect(verify({ body: 'not JSON' })).toMatchObject({ accepted: false, refusal: 'unreadable' });
    expect(verify({ body: '' })).toMatchObject({ accepted: false, refusal: 'unreadable' });
    expect(verify({ name: 'invoices' })).toEqual({
      accepted: false,
      refusal: 'unreadable',
      message: 'Send to /webhooks/orders.',
    });
  });

  it('throws for nothing that arrives, and takes none of it', () => {
    const now = String(Math.floor(Date.now() / 1000));
    const bytes = fc.uint8Array({ maxLength: 200 });
    const signature = fc.oneof(
      fc.string(),
      fc.base64String().map((text) => `v1,${text}`),
    );
    const timestamp = fc.oneof(fc.string(), fc.constant(now));
    fc.assert(
      fc.property(bytes, fc.string(), timestamp, signature, (body, id, time, signed) => {
        const headers = { 'webhook-id': id, 'webhook-timestamp': time, 'webhook-signature': signed };
        const verdict = webhook.verify({ name: 'orders', body: Buffer.from(body), headers });
        expect(verdict.accepted).toBe(false);
      }),
    );
  });
});

describe('WEBHOOK_SECRET', () => {
  it('is one secret, or several with commas or blanks between', () => {
    expect(WebhookSecrets.parse(older)).toEqual([older]);
    expect(WebhookSecrets.parse(`${older}, ${newer}\n`)).toEqual([older, newer]);
  });

  it.each(['short', 'whsec_c2hvcnQ=', older.replace('whsec_', ''), `${older},short`, ' , '])(
    'refuses %j',
    (text) => {
      expect(WebhookSecrets.safeParse(text).error?.issues[0]?.message).toContain('must be whsec_');
    },
  );
});
