import { defineChannelConfig, WebhookSecrets } from '@samlast/channel-kit';
import { z } from 'zod';

/** Where the Vendure shop is and how to get in; the rest is the same for every channel. */
export const config = defineChannelConfig({
  /** The server's address, such as https://shop.example.test, without /admin-api. */
  VENDURE_URL: z.url(),
  /** The admin interface below it, where the shop has moved it. */
  VENDURE_ADMIN_PATH: z
    .string()
    .regex(/^[\w/-]+$/)
    .default('admin-api'),
  /** An administrator made for this channel alone; README.md has the permissions of its role. */
  VENDURE_USERNAME: z.string().min(1),
  VENDURE_PASSWORD: z.string().min(1),
  /** The token of the Vendure channel whose orders are meant, in a shop with several; the default one when left out. */
  VENDURE_CHANNEL_TOKEN: z.string().min(1).optional(),
  /** The stock location that stands for the warehouse: its levels are Samlast's to write, nobody else's. */
  VENDURE_STOCK_LOCATION_ID: z.string().min(1),
  /** Orders asked for at one time. */
  VENDURE_ORDERS_PAGE: z.coerce.number().int().min(1).max(500).default(50),
  /** What the Samlast plugin in the shop signs its webhooks with. */
  WEBHOOK_SECRET: WebhookSecrets,
});

export type VendureConfig = z.output<typeof config>;
