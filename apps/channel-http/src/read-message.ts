import type { WebhookMeaning } from '@samlast/channel-kit';
import { WebhookMessage } from './protocol.ts';

const NAMES = ['orders', 'articles', 'purchase-orders', 'returns'];

/** What a webhook of the shop speaks of. */
export function readMessage(name: string, body: unknown): WebhookMeaning {
  if (!NAMES.includes(name))
    return {
      unreadable:
        'Send to /webhooks/orders, /webhooks/articles, /webhooks/purchase-orders or /webhooks/returns.',
    };
  const message = WebhookMessage.safeParse(body);
  if (!message.success) {
    const faults = message.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`);
    return {
      unreadable: `The body does not fit: ${faults.join('; ')}. The README of channel-http says what it may be.`,
    };
  }
  const { type, order } = message.data;
  return {
    orders: order ? [{ id: order.id, placed: type === 'order.placed' }] : [],
    articles: type === 'articles.changed',
    inbound: type === 'purchase-order.changed' || type === 'return.changed',
  };
}
