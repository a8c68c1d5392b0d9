import { buyerOf } from '../../../tools/real-shops/medusa-buyer.mjs';
import {
  type MedusaShop,
  type MedusaShopOptions,
  startMedusaShop,
} from '../../../tools/real-shops/medusa-shop.mjs';
import { ClaimingShops, type RealShop } from './claiming-shops.ts';

/**
 * A real Medusa that claims, beside a demo shop.
 *
 * @param code the channel's, and the name of the shop's database: one of its own in each spec, since two run at a time
 */
export const startClaimingMedusa = (
  code: string,
  articles: RealShop<MedusaShop>['articles'],
  { hook, unanswered }: Pick<MedusaShopOptions, 'hook'> & Pick<RealShop<MedusaShop>, 'unanswered'> = {},
): Promise<ClaimingShops<MedusaShop>> =>
  ClaimingShops.start({
    code,
    kind: 'medusa',
    articles,
    start: (options) => startMedusaShop({ ...options, hook }),
    unanswered,
    env: (shop) => ({
      MEDUSA_URL: shop.url,
      MEDUSA_API_KEY: shop.secretKey,
      MEDUSA_STOCK_LOCATION_ID: shop.stockLocationId,
    }),
    offered: (shop, article) => buyerOf(shop).visible(article),
  });
