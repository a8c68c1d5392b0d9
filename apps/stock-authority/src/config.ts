import { Warehouse } from '@samlast/contracts';
import { defineConfig } from '@samlast/service';
import { z } from 'zod';

/** What the stock authority reads from the environment beside what every service reads. */
export const config = defineConfig({
  /** A channel's instance that was not heard of for this long is replaced by the one that stands by. */
  CHANNEL_SILENT_S: z.coerce.number().int().min(2).max(3_600).default(15),
  /** What orders, claims and stock reads call the goods owner's only warehouse, where they call it anything. */
  WAREHOUSE: Warehouse.optional(),
  /**
   * What has come is in the stock figure a moment before it is off its purchase order, or after: so long after a change
   * of what is expected, orders that wait for it are told another day.
   */
  ARRIVALS_SETTLE_MS: z.coerce.number().int().min(0).max(600_000).default(10_000),
  /** New claims are let wait only while they are answered within this time; one more is answered with 503 at once. */
  CLAIMS_WAIT_MOST_MS: z.coerce.number().int().min(1).max(60_000).default(50),
  /** Claims that wait to be decided at most; one more is answered with 503 at once. */
  CLAIMS_WAITING_MOST: z.coerce.number().int().min(1).max(100_000).default(2_000),
});
export type StockAuthorityConfig = z.infer<typeof config>;
