import { defineChannel } from '@samlast/channel-kit';
import { config } from './config.ts';
import { VendureAdmin } from './vendure-admin.ts';
import { vendureShop } from './vendure-shop.ts';

/** Vendure 3, over its admin interface. */
export const vendure = defineChannel({
  kind: 'vendure',
  config,
  identity: (settings) => new VendureAdmin(settings).shopIdentity(),
  shop: vendureShop,
});
