import { defineChannelConfig } from '@samlast/channel-kit';
import { z } from 'zod';

/** A key over plain HTTP could be read by anybody on the way, and WooCommerce does not take it there either. */
const isPrivate = (url: string) => {
  // What is no address at all has been said already.
  if (!URL.canParse(url)) return true;
  const { protocol, hostname } = new URL(url);
  return protocol === 'https:' || ['127.0.0.1', 'localhost', '[::1]'].includes(hostname);
};

const WebhookSecret = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .refine(
    (secrets) => secrets.length > 0 && secrets.every((secret) => secret.length >= 24),
    'must be at least 24 random letters and digits; several, while one replaces the other, with commas between',
  );

/** Where the WooCommerce shop is and how to get in; the rest is the same for every channel. */
export const config = defineChannelConfig({
  /** The site's address, such as https://shop.example.test, without /wp-json. */
  WOOCOMMERCE_URL: z
    .url()
    .refine(isPrivate, 'must begin with https://, since the key is sent with each call'),
  /** A key of its own with Read/Write access (WooCommerce → Settings → Advanced → REST API). */
  WOOCOMMERCE_KEY: z.string().regex(/^ck_/, 'must be a consumer key, ck_…'),
  WOOCOMMERCE_SECRET: z.string().regex(/^cs_/, 'must be a consumer secret, cs_…'),
  /** `plugin` where plugins/woocommerce is installed in the shop, `rest` for its own interface. */
  WOOCOMMERCE_STOCK: z.enum(['plugin', 'rest']).default('plugin'),
  /** Where parcels are told: a note for staff, a note that is mailed to the buyer, or the extension. */
  WOOCOMMERCE_TRACKING: z.enum(['notes', 'customer-notes', 'extension']).default('notes'),
  /** Statuses of orders that are to be sent, for shops that have statuses of their own. */
  WOOCOMMERCE_SEND_STATUSES: z
    .string()
    .regex(/^[a-z0-9-]+(,[a-z0-9-]+)*$/, 'must be statuses without wc-, with commas between')
    .default('processing,completed')
    .transform((text) => text.split(',')),
  /** Orders asked for at one time; WooCommerce gives 100 at most. */
  WOOCOMMERCE_ORDERS_PAGE: z.coerce.number().int().min(1).max(100).default(50),
  WOOCOMMERCE_CALLS_PER_SECOND: z.coerce.number().int().min(1).max(1_000).default(10),
  /** How long after a change the shop's lists may still not show it, for sites that cache them. */
  WOOCOMMERCE_FEED_LAG_MS: z.coerce.number().int().min(100).max(600_000).default(10_000),
  /** The secret of the webhooks, the same for all of them. */
  WEBHOOK_SECRET: WebhookSecret,
});

export type WooCommerceConfig = z.output<typeof config>;
