import { defineChannel, wrongSettings } from '@samlast/channel-kit';
import { config, type VendureConfig } from './config.ts';
import { VendureAdmin } from './vendure-admin.ts';
import { vendureShop } from './vendure-shop.ts';

/** Vendure 3, over its admin interface. */
export const vendure = defineChannel({ kind: 'vendure', config, identity, shop: vendureShop });

async function identity(settings: VendureConfig): Promise<string> {
  const admin = new VendureAdmin(settings);
  const locations = await admin.stockLocations();
  const wanted = settings.VENDURE_STOCK_LOCATION_ID;
  if (locations.some(({ id }) => id === wanted)) return admin.shopIdentity();
  const there = locations.map(({ id, name }) => `${id} (${name})`).join(', ');
  // With a wrong one no level would ever be written, as if the shop had none of the articles.
  throw wrongSettings('vendure', [
    `VENDURE_STOCK_LOCATION_ID ${wanted} is no stock location of this shop, which has ${there || 'none'}`,
  ]);
}
