import { defineChannel } from '@samlast/channel-kit';
import { config } from './config.ts';
import { MedusaAdmin } from './medusa-admin.ts';
import { medusaShop } from './medusa-shop.ts';

/** Medusa 2, over its admin interface. */
export const medusa = defineChannel({
  kind: 'medusa',
  config,
  identity: ({ MEDUSA_URL, MEDUSA_API_KEY }) => new MedusaAdmin(MEDUSA_URL, MEDUSA_API_KEY).storeId(),
  shop: medusaShop,
});
