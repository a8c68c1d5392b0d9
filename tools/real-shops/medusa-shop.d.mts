import type { StartedProcess } from '@samlast/test-stack';

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

export interface MedusaShopOptions {
  code: string;
  /** A Postgres server on which databases may be made, such as TEST_POSTGRES_URL. */
  postgres: string;
  /** A free one when left out. Give it when the shop is to come back on the same address. */
  port?: number;
  /** 'medusa_' and the code when left out; one that is there already is used as it is, with its orders. */
  database?: string;
  /** Throws an existing database of that name away first. */
  fresh?: boolean;
  /** Three articles when left out. */
  skus?: string[];
  /** Pieces of each article at first; 10 when left out. */
  stock?: number;
  /** Number of the shop's first order; 1 when left out. */
  firstOrder?: number;
  /** Where its events go, signed after Standard Webhooks with this secret (whsec_...). */
  webhook?: { url: string; secret: string };
}

/**
 * Starts a real Medusa shop as a process of its own and waits until it sells: 10 to 20 seconds for the first ones on a
 * Postgres server, which make the template of all further databases there, and some 5 seconds after.
 */
export function startMedusaShop(
  options: MedusaShopOptions,
): Promise<MedusaShop & { process: StartedProcess }>;
