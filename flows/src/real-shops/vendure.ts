import { buyerOf, type Session, shopkeeperOf } from '../../../tools/real-shops/vendure/vendure-buyer.mjs';
import { startVendureShop } from '../../../tools/real-shops/vendure/vendure-shop.mjs';
import { readVendure } from './audit/vendure-book.ts';
import { type Checkout, done, type RealShop, type Sale, type ShopSetup } from './shop.ts';

/** What Vendure says no with; everything else leaves open what has become of the request. */
const refusalOf = (error: unknown): string => {
  if (!(error instanceof Error) || error.constructor.name !== 'VendureError') throw error;
  return error.message;
};

export async function openVendure({ code, postgres, articles, plugin }: ShopSetup): Promise<RealShop> {
  const shop = await startVendureShop({
    code: code.toLowerCase(),
    postgres,
    fresh: true,
    skus: [...articles],
    stock: 0,
    plugin,
  });
  const buyer = buyerOf(shop);
  const keeper = shopkeeperOf(shop);

  function checkoutOf(session: Session): Checkout {
    let paying = false;
    return {
      async press(): Promise<Sale> {
        try {
          if (!paying) await buyer.step(session, 'ArrangingPayment');
          paying = true;
          const { id, code: number } = await buyer.pay(session);
          return { placed: true, orderId: id, number };
        } catch (error) {
          return { placed: false, reason: refusalOf(error) };
        }
      },
    };
  }

  return {
    code,
    kind: 'vendure',
    url: shop.url,
    process: shop.process,
    env: (url) => ({
      VENDURE_URL: url,
      VENDURE_USERNAME: shop.administrator.username,
      VENDURE_PASSWORD: shop.administrator.password,
      VENDURE_STOCK_LOCATION_ID: shop.stockLocationId,
    }),
    async fillCart(lines, { email, street }) {
      const wanted = lines.map(({ article, quantity }) => ({ sku: article, quantity }));
      try {
        return checkoutOf(await buyer.filledCart(wanted, { email, address: { streetLine1: street } }));
      } catch (error) {
        return { refused: refusalOf(error) };
      }
    },
    cancel: (orderId) => done(keeper.cancel(orderId), refusalOf),
    offers: async (article) => (await keeper.stock(article)).available,
    read: () => readVendure(shop),
  };
}
