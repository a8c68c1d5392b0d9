import { standardHeaders } from '@samlast/channel-kit';
import {
  channelContract,
  type FarMessage,
  type FarOrder,
  type FarSale,
  type FarSide,
  type FarWebhook,
} from '@samlast/channel-kit/testing';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import { buyerOf, shopkeeperOf } from '../../../tools/real-shops/vendure/vendure-buyer.mjs';
import { startVendureShop } from '../../../tools/real-shops/vendure/vendure-shop.mjs';
import { vendure } from './vendure.channel.ts';

const ARTICLES = 100;
const SECRET = `whsec_${Buffer.alloc(24, 5).toString('base64')}`;

/** A real Vendure shop with the plugin's way of counting, which is what its README asks for. */
class VendureFarSide implements FarSide {
  readonly env: Record<string, string>;
  readonly moreThanOnePage = 5;
  private readonly keeper: ReturnType<typeof shopkeeperOf>;
  private used = 0;

  constructor(
    private readonly shop: Awaited<ReturnType<typeof startVendureShop>>,
    private readonly databases: TestDatabase,
  ) {
    this.keeper = shopkeeperOf(shop);
    this.env = {
      VENDURE_URL: shop.url,
      VENDURE_USERNAME: shop.administrator.username,
      VENDURE_PASSWORD: shop.administrator.password,
      VENDURE_STOCK_LOCATION_ID: shop.stockLocationId,
      VENDURE_ORDERS_PAGE: '3',
      WEBHOOK_SECRET: SECRET,
    };
  }

  async newArticle(offered: number): Promise<string> {
    const article = articleNumber(this.used++);
    await this.keeper.setStock(article, offered);
    return article;
  }

  async offered(article: string): Promise<number> {
    return (await this.keeper.stock(article)).available;
  }

  async buy(article: string, quantity: number): Promise<FarSale | undefined> {
    const sale = await buyerOf(this.shop).buy([{ sku: article, quantity }]);
    return sale.placed ? { id: sale.orderId, number: sale.number } : undefined;
  }

  async buyLines(lines: readonly { article: string; quantity: number }[]): Promise<FarSale> {
    const wish = lines.map(({ article: sku, quantity }) => ({ sku, quantity }));
    const sale = await buyerOf(this.shop).buy(wish);
    if (!sale.placed) throw new Error(`The shop refused the sale: ${sale.reason}`);
    return { id: sale.orderId, number: sale.number };
  }

  /** Before the payment, where Vendure has looked for the last time whether there is a piece. */
  async atTheTill(article: string, quantity: number): Promise<() => Promise<FarSale | undefined>> {
    const buyer = buyerOf(this.shop);
    const session = await buyer.filledCart([{ sku: article, quantity }]).catch(() => undefined);
    const step = (state: string) => session && buyer.step(session, state).catch(() => undefined);
    if (!session || !(await step('ArrangingPayment'))) return async () => undefined;
    return async () => {
      const order = await buyer.pay(session).catch(() => undefined);
      return order && { id: order.id, number: order.code };
    };
  }

  async claiming({ url, token }: { url: string; token: string }): Promise<FarSide> {
    return startFarSide('claiming', { channelUrl: url, claims: { token } });
  }

  async cancel(id: string): Promise<void> {
    await this.keeper.cancel(id);
  }

  async touch(id: string): Promise<void> {
    await this.keeper.touch(id);
  }

  async change(id: string, quantity: number): Promise<void> {
    await this.keeper.change(id, quantity);
  }

  async order(id: string): Promise<FarOrder> {
    const { state, fulfillments, history } = await this.keeper.order(id);
    return {
      cancelled: state === 'Cancelled',
      fulfilments: fulfillments
        .filter((fulfilment) => fulfilment.state === 'Shipped')
        .map(({ method, trackingCode, lines }) => ({
          quantity: lines.reduce((sum, line) => sum + line.quantity, 0),
          trackingNumber: trackingCode.split(' ')[0],
          trackingUrl: trackingCode.split(' ')[1],
          carrier: method.split(' [')[0],
        })),
      notes: history.items.filter((one) => one.type === 'ORDER_NOTE').length,
    };
  }

  /** A buyer who stands before the payment, and stays there. */
  async phantom(): Promise<string> {
    const article = await this.newArticle(1);
    const buyer = buyerOf(this.shop);
    const ask = await buyer.filledCart([{ sku: article, quantity: 1 }]);
    return (await buyer.step(ask, 'ArrangingPayment')).id;
  }

  async unreadable(): Promise<string> {
    const article = await this.newArticle(1);
    await this.keeper.takeSkuOff(article);
    const sale = await this.buy(article, 1);
    if (!sale) throw new Error('The shop refused to sell a variant without a SKU.');
    return sale.id;
  }

  webhookAbout(order: string, { id, at, what }: FarMessage): FarWebhook {
    const body = JSON.stringify({
      type: what === 'placed' ? 'order.placed' : 'order.changed',
      data: { id: order },
    });
    return { name: 'vendure', headers: standardHeaders([SECRET], id, at, body), body };
  }

  async stop(): Promise<void> {
    await this.shop.process.stop();
    await this.databases.drop();
  }
}

const articleNumber = (index: number) => `CONTRACT-${index}`;

async function startFarSide(
  code: string,
  plugin?: { channelUrl: string; claims: { token: string } },
): Promise<FarSide> {
  const databases = await testDatabase('shops');
  const skus = Array.from({ length: ARTICLES }, (_, index) => articleNumber(index));
  const { url: postgres } = databases;
  const shop = await startVendureShop({ code, postgres, fresh: true, skus, stock: 0, plugin });
  return new VendureFarSide(shop, databases);
}

channelContract('vendure', vendure, () => startFarSide('contract'));
