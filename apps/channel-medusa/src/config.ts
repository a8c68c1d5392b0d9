import { defineChannelConfig, WebhookSecrets } from '@samlast/channel-kit';
import { z } from 'zod';

/** Where the Medusa shop is and how to get in; the rest is the same for every channel. */
export const config = defineChannelConfig({
  /** The backend's address, such as https://shop.example.test, without /admin. */
  MEDUSA_URL: z.url(),
  /**
   * A secret API key (Settings → Secret API Keys). Its user needs orders, inventory and, for reading articles,
   * products.
   */
  MEDUSA_API_KEY: z.string().min(8),
  /** The stock location that stands for the warehouse: its levels are Samlast's to write, nobody else's. */
  MEDUSA_STOCK_LOCATION_ID: z.string().regex(/^sloc_/, 'must be the id of a stock location, sloc_…'),
  /** Orders asked for at one time. */
  MEDUSA_ORDERS_PAGE: z.coerce.number().int().min(1).max(200).default(50),
  /** What the shop's webhook subscriber signs with. */
  WEBHOOK_SECRET: WebhookSecrets,
});

export type MedusaConfig = z.output<typeof config>;
