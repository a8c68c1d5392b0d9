import { defineChannel, wrongSettings } from '@samlast/channel-kit';
import { config, type ShopifyConfig } from './config.ts';
import { ShopifyAdmin } from './shopify-admin.ts';
import { shopifyShop } from './shopify-shop.ts';

/** Shopify, over its Admin API 2026-04. */
export const shopify = defineChannel({
  kind: 'shopify',
  config,
  identity,
  shop: shopifyShop,
});

async function identity(settings: ShopifyConfig): Promise<string> {
  const location = settings.SHOPIFY_LOCATION_ID;
  const shop = await new ShopifyAdmin(settings).shopWith(location);
  if (shop.hasLocation) return shop.id;
  const number = location.slice(location.lastIndexOf('/') + 1);
  throw wrongSettings('shopify', [
    `SHOPIFY_LOCATION_ID ${number} is no location of this shop: it stands at the end of the address of Settings → Locations → the location`,
  ]);
}
