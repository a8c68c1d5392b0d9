import { startTryton } from '../../../tools/real-shops/tryton/tryton-erp.mjs';
import { keeperOf } from '../../../tools/real-shops/tryton/tryton-keeper.mjs';
import { readTryton } from './audit/tryton-book.ts';
import { done, type RealShop, type Sale, type ShopSetup } from './shop.ts';

/** What Tryton says no with; everything else leaves open what has become of the request. */
const refusalOf = (error: unknown): string => {
  if (!(error instanceof Error) || error.constructor.name !== 'TrytonError') throw error;
  return error.message;
};

/** The ERP: its staff enters what its customers want, one article a sale, and orders from suppliers. */
export async function openTryton({ code, postgres, articles }: ShopSetup): Promise<RealShop> {
  const erp = await startTryton({
    code: code.toLowerCase(),
    postgres,
    fresh: true,
    articles: [...articles],
    stock: 0,
  });
  const keeper = keeperOf(erp);
  return {
    code,
    kind: 'tryton',
    url: erp.url,
    process: erp.process,
    line: { shortPolicy: 'partial', articleMaster: true, orderType: { code: 'B2B', name: 'Wholesale' } },
    env: (url) => ({
      TRYTON_URL: url,
      TRYTON_DATABASE: erp.database,
      TRYTON_USERNAME: erp.channelUser.username,
      TRYTON_PASSWORD: erp.channelUser.password,
      TRYTON_WAREHOUSE_ID: String(erp.warehouse),
    }),
    fillCart: ([line]) =>
      Promise.resolve({
        async press(): Promise<Sale> {
          const { id, number } = await keeper.sell(line?.article ?? '', line?.quantity ?? 1);
          return { placed: true, orderId: String(id), number };
        },
      }),
    cancel: (orderId) => done(keeper.cancelSale(Number(orderId)), refusalOf),
    async purchase(article, quantity) {
      await keeper.order(article, quantity);
    },
    offers: () => Promise.resolve(0),
    read: () => readTryton(erp),
  };
}
