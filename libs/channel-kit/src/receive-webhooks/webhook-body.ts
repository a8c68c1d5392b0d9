import { createHmac, timingSafeEqual } from 'node:crypto';
import type { WebhookVerdict } from '../shop-webhook.ts';

export type WebhookRefused = Extract<WebhookVerdict, { accepted: false }>;

/** Whether one of the secrets made this base64 HMAC-SHA256 of the raw bytes; compared in constant time. */
export function hasSigned(secrets: readonly string[], body: Buffer, signature: string): boolean {
  const given = Buffer.from(signature, 'base64');
  return secrets.some((secret) => {
    const right = createHmac('sha256', secret).update(body).digest();
    return given.length === right.length && timingSafeEqual(given, right);
  });
}

/** Undefined, which no JSON means, where it is none. */
export function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

export function refused(refusal: WebhookRefused['refusal'], message: string): WebhookRefused {
  return { accepted: false, refusal, message };
}
