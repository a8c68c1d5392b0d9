import { createHash } from 'node:crypto';
import {
  hasSigned,
  jsonOf,
  type OrderHint,
  refused,
  type ShopWebhook,
  type WebhookVerdict,
} from '@samlast/channel-kit';
import { fitText } from '@samlast/contracts';
import { z } from 'zod';

/**
 * WooCommerce signs no time, so a delivery cannot prove when it was sent; but it is made of the resource as it is then,
 * with its time of change. What was seen before is refused for a week, and what is older than this at any time.
 */
const OLD_MS = 6 * 24 * 60 * 60_000;
/**
 * An order that is saved several times is told as often, each time as it is then: in one second these deliveries are
 * the same to the last byte. To refuse them would make WooCommerce switch the webhook off.
 */
const SAME_MS = 60_000;

const Payload = z.object({
  id: z.int().min(1),
  date_modified_gmt: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}$/)
    .nullish(),
});

/** Deliveries of WooCommerce, proven by the base64 HMAC-SHA256 of their raw bytes. */
export function wooWebhook(secrets: readonly string[]): ShopWebhook {
  return {
    verify({ body, headers }): WebhookVerdict {
      const signature = headers['x-wc-webhook-signature'];
      if (!signature && isPing(body)) return { accepted: true, ping: true, orders: [] };
      if (!signature || !hasSigned(secrets, body, signature))
        return refused('forged', 'The signature does not fit. Give the webhook the secret of this channel.');
      const { data: payload } = Payload.safeParse(jsonOf(body));
      const topic = headers['x-wc-webhook-topic'] ?? '';
      const subject = /^(order|product)\.\w+$/.exec(topic)?.[1];
      if (!payload || !subject)
        return refused('unreadable', 'It is about no order and no product. Delete this webhook in the shop.');
      const { id, date_modified_gmt: changedAt } = payload;
      if (changedAt && Date.now() - Date.parse(`${changedAt}Z`) > OLD_MS)
        return refused('stale', 'What it tells is older than six days. It is read from the shop anyway.');
      const orders: OrderHint[] = subject === 'order' ? [{ id: String(id) }] : [];
      // The delivery's own number is the webhook's and the second's: several orders of one second share it. So one that
      // tells nothing new is known by what it tells, and the very same delivery by its number beside that.
      return {
        accepted: true,
        id: createHash('sha256').update(`${topic}\n${signature}`).digest('base64url'),
        attempt: fitText(headers['x-wc-webhook-delivery-id'] ?? '', 100),
        mayRepeatMs: SAME_MS,
        orders,
        articles: subject === 'product',
      };
    },
  };
}

/** Sent once when a webhook is made: a form, signed by nobody. */
const isPing = (body: Buffer) => body.length < 64 && /^webhook_id=\d{1,20}$/.test(body.toString('utf8'));
