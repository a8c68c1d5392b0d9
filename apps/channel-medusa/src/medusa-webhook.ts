import { type OrderHint, type ShopWebhook, standardWebhook, type WebhookMeaning } from '@samlast/channel-kit';
import { z } from 'zod';

/** What the shop's subscriber sends: Medusa's event with its ids, nothing else. README.md has the subscriber. */
const Delivery = z.object({
  type: z.string(),
  data: z.object({ id: z.string().optional(), order_id: z.string().optional() }),
});

export function medusaWebhook(secrets: readonly string[]): ShopWebhook {
  return standardWebhook(secrets, (_name, body) => read(body));
}

function read(body: unknown): WebhookMeaning {
  const { data: delivery } = Delivery.safeParse(body);
  if (!delivery) return { unreadable: 'The body is not {"type", "data": {"id"}}.' };
  return { orders: hintsOf(delivery), articles: delivery.type.startsWith('product-variant.') };
}

function hintsOf({ type, data }: z.output<typeof Delivery>): OrderHint[] {
  const id = data.order_id ?? (type.startsWith('order.') ? data.id : undefined);
  if (!id?.startsWith('order_')) return [];
  return [{ id, ...(type === 'order.placed' && { placed: true }) }];
}
