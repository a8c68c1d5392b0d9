import { buyerOf, shopkeeperOf } from '../../../tools/real-shops/medusa-buyer.mjs';
import { startMedusaShop } from '../../../tools/real-shops/medusa-shop.mjs';
import { readMedusa } from './audit/medusa-book.ts';
import { done, type RealShop, type ShopSetup } from './shop.ts';

/** Answers by which Medusa says no; everything else leaves open what has become of the request. */
const refusalOf = (error: unknown): string => {
  const { status, message } = error as { status?: unknown; message?: string };
  if (typeof status !== 'number' || status >= 500) throw error;
  return message ?? String(status);
};

export async function openMedusa({ code, postgres, articles, plugin }: ShopSetup): Promise<RealShop> {
  const shop = await startMedusaShop({
    code: code.toLowerCase(),
    postgres,
    fresh: true,
    skus: [...articles],
    stock: 0,
    plugin,
  });
  const buyer = buyerOf(shop);
  const keeper = shopkeeperOf(shop);
  return {
    code,
    kind: 'medusa',
    url: shop.url,
    process: shop.process,
    env: (url) => ({
      MEDUSA_URL: url,
      MEDUSA_API_KEY: shop.secretKey,
      MEDUSA_STOCK_LOCATION_ID: shop.stockLocationId,
    }),
    async fillCart(lines, { email, street }) {
      const wanted = lines.map(({ article, quantity }) => ({ sku: article, quantity }));
      try {
        const cart = await buyer.readyCart(wanted, { email, address: { address_1: street } });
        return { press: () => buyer.complete(cart) };
      } catch (error) {
        return { refused: refusalOf(error) };
      }
    },
    cancel: (orderId) => done(keeper.cancel(orderId), refusalOf),
    async announceReturn(orderId, quantity) {
      // A return of what Medusa has not shipped is refused when it has been begun, and would stay open for good.
      const { items } = await keeper.order(orderId);
      if (!items.every(({ detail }) => detail.shipped_quantity >= detail.quantity)) return false;
      return done(keeper.announceReturn(orderId, quantity), refusalOf);
    },
    offers: async (article) => (await keeper.stock(article)).available,
    read: () => readMedusa(shop),
  };
}
