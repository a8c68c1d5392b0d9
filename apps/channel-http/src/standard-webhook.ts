import type { ShopWebhook, WebhookDelivery, WebhookVerdict } from '@samlast/channel-kit';
import { Webhook } from 'standardwebhooks';
import { WebhookMessage } from './protocol.ts';

const TOLERANCE_S = 5 * 60;
const NAMES = ['orders', 'articles'];

/** Webhooks by the Standard Webhooks specification 1.0.0, with more than one secret while one replaces the other. */
export class StandardWebhook implements ShopWebhook {
  private readonly verifiers: Webhook[];

  constructor(secrets: readonly string[]) {
    this.verifiers = secrets.map((secret) => new Webhook(secret));
  }

  verify({ name, body, headers }: WebhookDelivery): WebhookVerdict {
    const id = headers['webhook-id'];
    const timestamp = headers['webhook-timestamp'];
    const signature = headers['webhook-signature'];
    if (!id || !timestamp || !signature)
      return refused('forged', 'Send webhook-id, webhook-timestamp and webhook-signature.');
    if (!/^\d{1,12}$/.test(timestamp) || Math.abs(Date.now() / 1000 - Number(timestamp)) > TOLERANCE_S)
      return refused('stale', 'webhook-timestamp is more than 5 minutes away from now. Sign each try anew.');
    const signed = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature };
    if (!this.verifiers.some((verifier) => isSigned(verifier, body, signed)))
      return refused(
        'forged',
        'webhook-signature does not fit. Sign the raw body with the secret of this channel.',
      );
    return read(name, id, timestamp, body);
  }
}

function isSigned(verifier: Webhook, body: Buffer, headers: Record<string, string>): boolean {
  try {
    verifier.verify(body, headers, { jsonParse: false });
    return true;
  } catch {
    return false;
  }
}

function read(name: string, id: string, attempt: string, body: Buffer): WebhookVerdict {
  if (!NAMES.includes(name)) return refused('unreadable', 'Send to /webhooks/orders or /webhooks/articles.');
  let json: unknown;
  try {
    json = JSON.parse(body.toString('utf8'));
  } catch {
    return refused('unreadable', 'The body is not JSON.');
  }
  const message = WebhookMessage.safeParse(json);
  if (!message.success) {
    const faults = message.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    return refused('unreadable', `The body does not fit: ${faults.join('; ')}`);
  }
  const { type, order } = message.data;
  return {
    accepted: true,
    id: id.slice(0, 200),
    attempt,
    orders: order ? [{ id: order.id, placed: type === 'order.placed' }] : [],
    articles: type === 'articles.changed',
  };
}

function refused(refusal: 'forged' | 'stale' | 'unreadable', message: string): WebhookVerdict {
  return { accepted: false, refusal, message };
}
