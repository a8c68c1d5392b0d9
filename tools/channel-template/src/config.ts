import { defineChannelConfig } from '@samlast/channel-kit';
import { z } from 'zod';

/** Where the Acme shop is and how to get in; the rest is the same for every channel. */
export const config = defineChannelConfig({
  /** The shop's address, such as https://shop.example.test. */
  ACME_URL: z.url(),
  /** The access that was made for this channel alone; README.md says which rights it needs. */
  ACME_TOKEN: z.string().min(1),
});

export type AcmeConfig = z.output<typeof config>;
