import { type ShopWebhook, standardWebhook, type WebhookMeaning } from '@samlast/channel-kit';
import { z } from 'zod';

/** What the plugin in the shop sends: what happened, with its id and nothing else. */
const Delivery = z.object({
  type: z.enum(['order.placed', 'order.changed', 'variant.changed']),
  data: z.object({ id: z.string().min(1) }),
});

export function vendureWebhook(secrets: readonly string[]): ShopWebhook {
  return standardWebhook(secrets, (_name, body) => read(body));
}

function read(body: unknown): WebhookMeaning {
  const { data: delivery } = Delivery.safeParse(body);
  if (!delivery) return { unreadable: 'The body is not what the Samlast plugin for Vendure sends.' };
  const articles = delivery.type === 'variant.changed';
  return { orders: articles ? [] : [{ id: delivery.data.id }], articles };
}
