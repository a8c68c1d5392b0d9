import { defineChannel } from '@samlast/channel-kit';
import { acmeShop } from './acme-shop.ts';
import { config } from './config.ts';

/** Acme shops. */
export const acme = defineChannel({
  kind: 'acme',
  config,
  // Tells one shop from another for good. An id that the shop itself gives is better than an address that may change.
  identity: ({ ACME_URL }) => new URL(ACME_URL).origin,
  shop: acmeShop,
});
