import { defineChannel, wrongSettings } from '@samlast/channel-kit';
import { config, type MedusaConfig } from './config.ts';
import { MedusaAdmin } from './medusa-admin.ts';
import { medusaShop } from './medusa-shop.ts';

/** Medusa 2, over its admin interface. */
export const medusa = defineChannel({ kind: 'medusa', config, identity, shop: medusaShop });

async function identity(settings: MedusaConfig): Promise<string> {
  const admin = new MedusaAdmin(settings.MEDUSA_URL, settings.MEDUSA_API_KEY);
  const locations = await admin.stockLocations();
  const wanted = settings.MEDUSA_STOCK_LOCATION_ID;
  if (locations.some(({ id }) => id === wanted)) return admin.storeId();
  const there = locations.map(({ id, name }) => `${id} (${name})`).join(', ');
  // With a wrong one no level would ever be written, as if the shop had none of the articles.
  throw wrongSettings('medusa', [
    `MEDUSA_STOCK_LOCATION_ID ${wanted} is no stock location of this shop, which has ${there || 'none'}`,
  ]);
}
