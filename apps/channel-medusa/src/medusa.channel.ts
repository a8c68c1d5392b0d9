import { defineChannel, requireLocation } from '@samlast/channel-kit';
import { config, type MedusaConfig } from './config.ts';
import { MedusaAdmin } from './medusa-admin.ts';
import { medusaShop } from './medusa-shop.ts';

/** Medusa 2, over its admin interface. */
export const medusa = defineChannel({ kind: 'medusa', config, identity, shop: medusaShop });

async function identity(settings: MedusaConfig): Promise<string> {
  const admin = new MedusaAdmin(settings.MEDUSA_URL, settings.MEDUSA_API_KEY);
  const variable = 'MEDUSA_STOCK_LOCATION_ID';
  requireLocation('medusa', variable, settings[variable], await admin.stockLocations());
  return admin.storeId();
}
