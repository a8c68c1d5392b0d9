import { Webhook } from 'standardwebhooks';
import { z } from 'zod';
import type { OrderHint, ShopWebhook, WebhookDelivery, WebhookVerdict } from '../shop-webhook.ts';
import { jsonOf, refused, type WebhookRefused } from './webhook-body.ts';

const SECRET = /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/;
const TOLERANCE_S = 5 * 60;
const ID_MOST = 200;

/** A channel's WEBHOOK_SECRET: one secret, or several while one replaces the other. */
export const WebhookSecrets = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .refine(
    (secrets) => secrets.length > 0 && secrets.every((secret) => SECRET.test(secret)),
    'must be whsec_ and at least 24 random bytes in base64; several, while one replaces the other, with commas between',
  );

/** What a proven message speaks of, or in words for its sender why it does not fit. */
export type WebhookMeaning =
  | { readonly orders: readonly OrderHint[]; readonly articles: boolean; readonly inbound?: boolean }
  | { readonly unreadable: string };

/**
 * Webhooks by the Standard Webhooks specification 1.0.0: proves who sent a delivery and when. What its body says is the
 * channel's to read.
 *
 * @param read gets the name of `/webhooks/<name>` and the JSON of a body that is proven; must not throw
 */
export function standardWebhook(
  secrets: readonly string[],
  read: (name: string, body: unknown) => WebhookMeaning,
): ShopWebhook {
  const verifiers = secrets.map((secret) => new Webhook(secret));
  return {
    verify({ name, body, headers }): WebhookVerdict {
      const proof = prove(verifiers, body, headers);
      if ('accepted' in proof) return proof;
      const json = jsonOf(body);
      if (json === undefined) return refused('unreadable', 'The body is not JSON.');
      const meaning = read(name, json);
      if ('unreadable' in meaning) return refused('unreadable', meaning.unreadable);
      return { accepted: true, ...proof, ...meaning };
    },
  };
}

/**
 * The headers that prove by the same specification who sent a body and when: signed with every secret, so that
 * whoever knows one of them can check it while one replaces the other.
 *
 * @param id names what is told, the same for every try of it
 */
export function standardHeaders(
  secrets: readonly string[],
  id: string,
  at: Date,
  body: string,
): Record<string, string> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}

/** Whose delivery it is and which try of it; or what is wrong with its headers. */
function prove(
  verifiers: readonly Webhook[],
  body: Buffer,
  headers: WebhookDelivery['headers'],
): { id: string; attempt: string } | WebhookRefused {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  const signature = headers['webhook-signature'];
  if (!id || !timestamp || !signature)
    return refused('forged', 'Send webhook-id, webhook-timestamp and webhook-signature.');
  if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_S)
    return refused(
      'stale',
      'webhook-timestamp is more than 5 minutes away from now. Sign each try anew, and check the clock.',
    );
  const signed = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
  if (!verifiers.some((verifier) => isSigned(verifier, body, signed)))
    return refused(
      'forged',
      'webhook-signature does not fit. Sign the raw body with the secret of this channel.',
    );
  return { id: id.slice(0, ID_MOST), attempt: timestamp };
}

/**
 * The library compares in constant time. It signs the bytes' text as UTF-8, which is what is parsed later, so that
 * nothing else is read than was signed.
 */
function isSigned(verifier: Webhook, body: Buffer, headers: Record<string, string>): boolean {
  try {
    verifier.verify(body, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}
