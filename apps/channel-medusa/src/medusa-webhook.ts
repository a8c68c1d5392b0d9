import type { OrderHint, ShopWebhook, WebhookVerdict } from '@samlast/channel-kit';
import { Webhook } from 'standardwebhooks';
import { z } from 'zod';

/** What the shop's subscriber sends: Medusa's event with its ids, nothing else. README.md has the subscriber. */
const Delivery = z.object({
  type: z.string(),
  data: z.object({ id: z.string().optional(), order_id: z.string().optional() }),
});

/** Checks the Standard Webhooks signature on the raw bytes; what the event says is only a hint. */
export function medusaWebhook(secret: string): ShopWebhook {
  const signed = new Webhook(secret);
  return {
    verify({ body, headers }): WebhookVerdict {
      const given = Object.fromEntries(
        ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, headers[name] ?? '']),
      );
      try {
        // Parsing is left to us, so that a body that is no JSON is told from a signature that is wrong.
        signed.verify(body, given, { jsonParse: false });
      } catch (error) {
        const message = (error as Error).message;
        const refusal = /timestamp/i.test(message) ? 'stale' : 'forged';
        return {
          accepted: false,
          refusal,
          message: `${message}: check WEBHOOK_SECRET and the shop's clock.`,
        };
      }
      const delivery = parse(body);
      if (!delivery) {
        return {
          accepted: false,
          refusal: 'unreadable',
          message: 'The body is not {"type", "data": {"id"}}.',
        };
      }
      const { type } = delivery;
      return {
        accepted: true,
        id: headers['webhook-id'],
        attempt: headers['webhook-timestamp'],
        orders: hintsOf(delivery),
        articles: type.startsWith('product-variant.'),
      };
    },
  };
}

function parse(body: Buffer): z.output<typeof Delivery> | undefined {
  try {
    return Delivery.safeParse(JSON.parse(body.toString('utf8'))).data;
  } catch {
    return undefined;
  }
}

function hintsOf({ type, data }: z.output<typeof Delivery>): OrderHint[] {
  const id = data.order_id ?? (type.startsWith('order.') ? data.id : undefined);
  if (!id?.startsWith('order_')) return [];
  return [{ id, ...(type === 'order.placed' && { placed: true }) }];
}
