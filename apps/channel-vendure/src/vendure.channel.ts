import { defineChannel, requireLocation } from '@samlast/channel-kit';
import { config, type VendureConfig } from './config.ts';
import { VendureAdmin } from './vendure-admin.ts';
import { vendureShop } from './vendure-shop.ts';

/** Vendure 3, over its admin interface. */
export const vendure = defineChannel({ kind: 'vendure', config, identity, shop: vendureShop });

async function identity(settings: VendureConfig): Promise<string> {
  const admin = new VendureAdmin(settings);
  const variable = 'VENDURE_STOCK_LOCATION_ID';
  requireLocation('vendure', variable, settings[variable], await admin.stockLocations());
  return admin.shopIdentity();
}
