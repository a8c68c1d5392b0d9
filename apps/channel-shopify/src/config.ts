import { defineChannelConfig } from '@samlast/channel-kit';
import { Flag, readable } from '@samlast/service';
import { z } from 'zod';

const Location = z
  .string()
  .regex(/^(gid:\/\/shopify\/Location\/)?\d+$/, 'must be the number of a location, such as 65790345456')
  .transform((text) => `gid://shopify/Location/${/\d+$/.exec(text)?.[0]}`);

const Secrets = z
  .string()
  .transform((text) => text.split(/[\s,]+/).filter(Boolean))
  .refine(
    (secrets) => secrets.length > 0 && secrets.every((secret) => secret.length >= 16),
    'must be the client secret of the app, at least 16 characters; several with commas while one replaces the other, the new one first',
  );

/** Which Shopify shop it is and how to get in; the rest is the same for every channel. */
export const config = defineChannelConfig({
  /** The shop's permanent name. */
  SHOPIFY_SHOP: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/, 'must read name.myshopify.com, without https://'),
  /** Where its API is reached instead, such as a fake of it. */
  SHOPIFY_URL: z.url().optional(),
  /** The app made for this channel. Its secret signs webhooks, and gets tokens that end after a day. */
  SHOPIFY_CLIENT_ID: z.string().min(1).optional(),
  SHOPIFY_CLIENT_SECRET: Secrets,
  /** The lasting token of an app that was made in the shop's admin before 2026. */
  SHOPIFY_ACCESS_TOKEN: z.string().min(8).optional(),
  /** The location that stands for the warehouse: what is available there is Samlast's to write, nobody else's. */
  SHOPIFY_LOCATION_ID: Location,
  /** Where Shopify reaches this channel; without it the channel registers no webhooks and only polls. */
  SHOPIFY_WEBHOOK_URL: z.url().optional(),
  /** Orders that nobody has paid or authorised yet wait, or are sent to the warehouse like others. */
  SHOPIFY_UNPAID_ORDERS: z.enum(['wait', 'send']).default('wait'),
  /** Shopify mails the buyer when a parcel leaves, or an order is cancelled because it cannot be delivered. */
  SHOPIFY_NOTIFY_BUYERS: Flag.default(true),
  /** Orders that cannot be delivered are paid back when they are cancelled. */
  SHOPIFY_REFUND_CANCELLED: Flag.default(true),
  /** Returns are announced to the warehouse. */
  SHOPIFY_RETURNS: Flag.default(true),
  /** Orders asked for at one time: 45 points each, and Shopify takes no query above 1000. */
  SHOPIFY_ORDERS_PAGE: z.coerce.number().int().min(1).max(20).default(15),
  /** How late Shopify's search may show a change. */
  SHOPIFY_FEED_LAG_MS: z.coerce.number().int().min(0).max(600_000).default(20_000),
  /** All of them cost three points each, so they are read seldom; a webhook tells of new ones. */
  ARTICLES_POLL_MS: z.coerce.number().int().min(100).max(86_400_000).default(3_600_000),
}).refine((settings) => settings.SHOPIFY_CLIENT_ID ?? settings.SHOPIFY_ACCESS_TOKEN, {
  path: ['SHOPIFY_CLIENT_ID'],
  message: 'is not set: give the client id of the app, or SHOPIFY_ACCESS_TOKEN of one made before 2026',
  when: readable('SHOPIFY_CLIENT_ID', 'SHOPIFY_ACCESS_TOKEN'),
});

export type ShopifyConfig = z.output<typeof config>;
