import type { ShopOptions, Started } from './start-shop.mjs';

/** What a buyer and a connector need to know of a shop. */
export interface MedusaShop {
  code: string;
  url: string;
  /** Of the customers, in lower case, such as 'de'. */
  country: string;
  /** For the store interface, header x-publishable-api-key. */
  publishableKey: string;
  /** For the admin interface, as the user of HTTP Basic without password. */
  secretKey: string;
  administrator: { email: string; password: string };
  regionId: string;
  salesChannelId: string;
  stockLocationId: string;
  shippingOptionId: string;
  articles: { sku: string; productId: string; variantId: string; inventoryItemId: string }[];
}

export interface MedusaShopOptions extends ShopOptions {
  /** Number of the shop's first order; 1 when left out. */
  firstOrder?: number;
  /** A check of its own in the plugin's hook: it refuses buyers of no-sale.example, then asks the plugin. */
  hook?: 'own';
}

/**
 * Starts a real Medusa shop as a process of its own and waits until it sells: 10 to 20 seconds for the first ones on a
 * Postgres server, which make the template of all further databases there, and some 5 seconds after.
 */
export function startMedusaShop(options: MedusaShopOptions): Promise<Started<MedusaShop>>;
