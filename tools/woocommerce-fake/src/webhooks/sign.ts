import { createHash, createHmac } from 'node:crypto';
import type { Topic } from './webhook.ts';

export const signatureOf = (secret: string, body: string) =>
  createHmac('sha256', secret).update(body).digest('base64');

/** Of the webhook and the second: two deliveries of one webhook in the same second have the same. */
export const deliveryIdOf = (webhook: number, at: number) =>
  createHash('md5')
    .update(`${webhook}${Math.floor(at / 1000)}`)
    .digest('hex');

/** The headers of a delivery. */
export function headersOf(
  { topic, webhook, at, source }: { topic: Topic; webhook: number; at: number; source: string },
  secret: string,
  body: string,
): Record<string, string> {
  const [resource = '', event = ''] = topic.split('.');
  return {
    'content-type': 'application/json',
    'user-agent': 'WooCommerce/10.3.0 Hookshot (WordPress/6.8)',
    'x-wc-webhook-source': source,
    'x-wc-webhook-topic': topic,
    'x-wc-webhook-resource': resource,
    'x-wc-webhook-event': event,
    'x-wc-webhook-signature': signatureOf(secret, body),
    'x-wc-webhook-id': String(webhook),
    'x-wc-webhook-delivery-id': deliveryIdOf(webhook, at),
  };
}
