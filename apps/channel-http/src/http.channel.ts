import { defineChannel, defineChannelConfig, WebhookSecrets } from '@samlast/channel-kit';
import { z } from 'zod';
import { HttpShop } from './http-shop.ts';

const Flag = z.enum(['true', 'false']).transform((value) => value === 'true');

const config = defineChannelConfig({
  /** The shop's own API. It comes from the operator alone: no message and no answer can lead the channel elsewhere. */
  SHOP_URL: z.url({ protocol: /^https?$/ }),
  SHOP_TOKEN: z.string().min(1),
  WEBHOOK_SECRET: WebhookSecrets.default([]),
  SHOP_WHOLE_PIECES: Flag.default(true),
  SHOP_RESTOCKS_CANCELLED: Flag.default(true),
  SHOP_FEED_LAG_MS: z.coerce.number().int().min(0).max(600_000).default(0),
  SHOP_ORDERS_PAGE: z.coerce.number().int().min(1).max(1_000).default(100),
  /** The system is an ERP that orders goods: its purchase orders are read, and receipts are told to it. */
  SHOP_PURCHASE_ORDERS: Flag.default(false),
  /** The shop announces returns, and is told what came back. Without it, its staff reads notes. */
  SHOP_RETURNS: Flag.default(false),
  SHOP_CALLS_PER_SECOND: z.coerce.number().min(0.1).max(10_000).default(200),
});

/** For systems that people write themselves. README.md says what they build. */
export const http = defineChannel({
  kind: 'http',
  config,
  identity: ({ SHOP_URL }) => new URL(SHOP_URL).href.replace(/\/+$/, ''),
  shop: (settings) =>
    new HttpShop({
      url: settings.SHOP_URL,
      token: settings.SHOP_TOKEN,
      webhookSecrets: settings.WEBHOOK_SECRET,
      wholePieces: settings.SHOP_WHOLE_PIECES,
      restocksCancelled: settings.SHOP_RESTOCKS_CANCELLED,
      feedLagMs: settings.SHOP_FEED_LAG_MS,
      ordersPage: settings.SHOP_ORDERS_PAGE,
      perSecond: settings.SHOP_CALLS_PER_SECOND,
      purchaseOrders: settings.SHOP_PURCHASE_ORDERS,
      returns: settings.SHOP_RETURNS,
    }),
});
