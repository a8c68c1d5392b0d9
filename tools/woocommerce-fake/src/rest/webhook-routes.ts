import { z } from 'zod';
import { TOPICS, type Webhook } from '../webhooks/webhook.ts';
import type { WooShop } from '../woo-shop.ts';
import { parsed } from './body.ts';
import type { Route } from './call.ts';
import { Refusal } from './refusal.ts';

const Status = z.enum(['active', 'paused', 'disabled']);
const NewWebhook = z.strictObject({
  name: z.string().optional(),
  topic: z.enum(TOPICS),
  delivery_url: z.url({ protocol: /^https?$/ }),
  secret: z.string().default(''),
  status: Status.default('active'),
});
const Change = z.strictObject({ status: Status });

export const webhookRoutes: Route[] = [
  {
    method: 'GET',
    path: 'wc/v3/webhooks',
    answer: ({ shop }) => ({ body: shop.webhooks.list.map((webhook) => render(shop, webhook)) }),
  },
  {
    method: 'GET',
    path: 'wc/v3/webhooks/#',
    answer: ({ shop, ids }) => ({ body: render(shop, webhookOf(shop, ids[0])) }),
  },
  {
    method: 'POST',
    path: 'wc/v3/webhooks',
    answer: ({ shop, body }) => {
      const { topic, delivery_url: url, secret, status } = parsed(NewWebhook, body);
      return { status: 201, body: render(shop, shop.webhooks.create({ topic, url, secret, status })) };
    },
  },
  {
    method: 'PUT',
    path: 'wc/v3/webhooks/#',
    answer: ({ shop, ids, body }) => {
      const webhook = webhookOf(shop, ids[0]);
      shop.webhooks.setStatus(webhook, parsed(Change, body).status);
      return { body: render(shop, webhook) };
    },
  },
];

function webhookOf(shop: WooShop, id: number | undefined): Webhook {
  const webhook = shop.webhooks.list.find((one) => one.id === id);
  if (!webhook) throw new Refusal(404, 'woocommerce_rest_shop_webhook_invalid_id', 'Invalid ID.');
  return webhook;
}

/** The secret is never shown again. */
function render(shop: WooShop, { id, topic, url, status, created }: Webhook): object {
  const [resource, event] = topic.split('.');
  return {
    id,
    name: `Webhook ${id}`,
    status,
    topic,
    resource,
    event,
    delivery_url: url,
    date_created: shop.clock.local(created),
    date_created_gmt: shop.clock.gmt(created),
  };
}
