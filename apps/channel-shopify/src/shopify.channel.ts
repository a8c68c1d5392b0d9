import { defineChannel } from '@samlast/channel-kit';
import { config } from './config.ts';
import { ShopifyAdmin } from './shopify-admin.ts';
import { shopifyShop } from './shopify-shop.ts';

/** Shopify, over its Admin API 2026-04. */
export const shopify = defineChannel({
  kind: 'shopify',
  config,
  identity: (settings) => new ShopifyAdmin(settings).shopId(),
  shop: shopifyShop,
});
