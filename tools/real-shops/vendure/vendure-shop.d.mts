import type { ShopOptions, Started } from '../start-shop.mjs';

/** What a buyer and a connector need to know of a shop. */
export interface VendureShop {
  code: string;
  url: string;
  /** Of the default channel; header vendure-token. */
  channelToken: string;
  administrator: { username: string; password: string };
  stockLocationId: string;
  articles: { sku: string; productId: string; variantId: string }[];
}

/**
 * Starts a real Vendure shop as a process of its own and waits until it sells: 10 to 20 seconds for the first one on a
 * Postgres server, which makes the template of all further databases there, and some 5 seconds after.
 */
export function startVendureShop(options: ShopOptions): Promise<Started<VendureShop>>;
