import {
  hasSigned,
  jsonOf,
  type OrderHint,
  refused,
  type ShopWebhook,
  type WebhookVerdict,
} from '@samlast/channel-kit';
import { z } from 'zod';
import type { ShopifyConfig } from './config.ts';

/** Shopify tries for four hours. What is older was kept by somebody, whatever its headers say. */
const OLD_MS = 5 * 60 * 60_000;
const ID_MOST = 200;

const Id = z.union([z.int(), z.string()]);
/** What of a body says which order it is about, and when that was changed: the body is signed, the headers are not. */
const Body = z.object({
  admin_graphql_api_id: z.string().optional(),
  order_id: Id.optional(),
  order: z.object({ id: Id.optional() }).optional(),
  order_edit: z.object({ order_id: Id.optional() }).optional(),
  updated_at: z.iso.datetime({ offset: true }).optional(),
  created_at: z.iso.datetime({ offset: true }).optional(),
});

export type WebhookSettings = Pick<ShopifyConfig, 'SHOPIFY_SHOP' | 'SHOPIFY_CLIENT_SECRET'>;

/** Webhooks of Shopify: the raw body signed with the app's secret, its message named by the header of its delivery. */
export function shopifyWebhook({
  SHOPIFY_SHOP: shop,
  SHOPIFY_CLIENT_SECRET: secrets,
}: WebhookSettings): ShopWebhook {
  return {
    verify({ body, headers }): WebhookVerdict {
      const given = headers['x-shopify-hmac-sha256'];
      if (!given) return refused('forged', 'Send X-Shopify-Hmac-Sha256.');
      if (!hasSigned(secrets, body, given))
        return refused(
          'forged',
          'X-Shopify-Hmac-Sha256 does not fit: is SHOPIFY_CLIENT_SECRET the secret of the app that registered this?',
        );
      const from = headers['x-shopify-shop-domain'];
      if (from && from !== shop) return refused('forged', `This channel serves ${shop}, not another shop.`);
      const topic = headers['x-shopify-topic'] ?? '';
      const { data } = Body.safeParse(jsonOf(body));
      if (!data) return refused('unreadable', 'The body is not what Shopify sends.');
      const at = data.updated_at ?? data.created_at;
      if (at !== undefined && Date.parse(at) < Date.now() - OLD_MS)
        return refused('stale', 'What it tells of is more than five hours old. Shopify stops after four.');
      const orders = hintsOf(topic, data);
      const articles = topic.startsWith('products/');
      const inbound = topic.startsWith('returns/');
      if (orders.length === 0 && !articles && !inbound)
        return refused('unreadable', 'Register orders/create, orders/updated and orders/cancelled here.');
      const id = headers['x-shopify-webhook-id'];
      return {
        accepted: true,
        // A retry is the same bytes under the same headers as a copy of it, and were it refused eight times in a row,
        // the subscription would end. So for as long as Shopify tries, it is taken, without an effect.
        ...(id && { id: id.slice(0, ID_MOST), mayRepeatMs: OLD_MS }),
        orders,
        articles,
        inbound,
      };
    },
  };
}

function hintsOf(topic: string, data: z.output<typeof Body>): OrderHint[] {
  const own = topic.startsWith('orders/') ? data.admin_graphql_api_id : undefined;
  if (own?.startsWith('gid://shopify/Order/')) return [{ id: own }];
  const id = data.order_id ?? data.order?.id ?? data.order_edit?.order_id;
  return id !== undefined && /^\d+$/.test(String(id)) ? [{ id: `gid://shopify/Order/${id}` }] : [];
}
