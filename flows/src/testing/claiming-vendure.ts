import { shopkeeperOf } from '../../../tools/real-shops/vendure/vendure-buyer.mjs';
import { startVendureShop, type VendureShop } from '../../../tools/real-shops/vendure/vendure-shop.mjs';
import { ClaimingShops, type RealShop } from './claiming-shops.ts';

/**
 * A real Vendure that claims, beside a demo shop.
 *
 * @param code the channel's, and the name of the shop's database: one of its own in each spec, since two run at a time
 */
export const startClaimingVendure = (
  code: string,
  articles: RealShop<VendureShop>['articles'],
  { unanswered, env = {} }: Pick<RealShop<VendureShop>, 'unanswered'> & { env?: Record<string, string> } = {},
): Promise<ClaimingShops<VendureShop>> =>
  ClaimingShops.start({
    code,
    kind: 'vendure',
    articles,
    start: startVendureShop,
    unanswered,
    env: (shop) => ({
      VENDURE_URL: shop.url,
      VENDURE_USERNAME: shop.administrator.username,
      VENDURE_PASSWORD: shop.administrator.password,
      VENDURE_STOCK_LOCATION_ID: shop.stockLocationId,
      ...env,
    }),
    offered: async (shop, article) => (await shopkeeperOf(shop).stock(article)).available,
  });
