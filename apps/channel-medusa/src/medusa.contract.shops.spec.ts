import { standardHeaders } from '@samlast/channel-kit';
import {
  channelContract,
  type FarMessage,
  type FarOrder,
  type FarReturns,
  type FarSale,
  type FarSide,
  type FarWebhook,
} from '@samlast/channel-kit/testing';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import { buyerOf, shopkeeperOf } from '../../../tools/real-shops/medusa-buyer.mjs';
import { startMedusaShop } from '../../../tools/real-shops/medusa-shop.mjs';
import { medusa } from './medusa.channel.ts';

const ARTICLES = 100;
const SECRET = `whsec_${Buffer.alloc(24, 5).toString('base64')}`;

function unlessSoldOut(error: unknown): undefined {
  if (!String(error).includes('insufficient_inventory')) throw error;
}

/** A real Medusa shop. What it leaves behind when buyers crowd is the subject of flows/real-medusa. */
class MedusaFarSide implements FarSide {
  readonly env: Record<string, string>;
  readonly moreThanOnePage = 5;
  readonly isSilentOnceCancelled = true;
  /** A parcel is five calls, and each of them may take seconds beside other shops. */
  readonly patienceMs = 90_000;
  private used = 0;
  private buyers = 0;

  constructor(
    private readonly shop: Awaited<ReturnType<typeof startMedusaShop>>,
    private readonly databases: TestDatabase,
  ) {
    this.env = {
      MEDUSA_URL: shop.url,
      MEDUSA_API_KEY: shop.secretKey,
      MEDUSA_STOCK_LOCATION_ID: shop.stockLocationId,
      MEDUSA_ORDERS_PAGE: '3',
      WEBHOOK_SECRET: SECRET,
    };
  }

  async newArticle(offered: number): Promise<string> {
    const article = articleNumber(this.used++);
    await shopkeeperOf(this.shop).setStock(article, offered);
    return article;
  }

  async offered(article: string): Promise<number> {
    return (await shopkeeperOf(this.shop).stock(article)).available;
  }

  async buy(article: string, quantity: number): Promise<FarSale | undefined> {
    return (await this.atTheTill(article, quantity))();
  }

  async buyLines(lines: readonly { article: string; quantity: number }[]): Promise<FarSale> {
    const wish = lines.map(({ article: sku, quantity }) => ({ sku, quantity }));
    const sale = await buyerOf(this.shop).buy(wish, { email: `buyer-${++this.buyers}@buyer.example` });
    if (!sale.placed) throw new Error('The shop refused the sale.');
    return { id: sale.orderId, number: sale.number };
  }

  async atTheTill(article: string, quantity: number): Promise<() => Promise<FarSale | undefined>> {
    const buyer = buyerOf(this.shop);
    // Medusa refuses two carts of one new address that come at the same time.
    const email = `buyer-${++this.buyers}@buyer.example`;
    // A cart is refused what is not there.
    const cart = await buyer.readyCart([{ sku: article, quantity }], { email }).catch(unlessSoldOut);
    return async () => {
      if (cart === undefined) return undefined;
      const sale = await buyer.complete(cart);
      return sale.placed ? { id: sale.orderId, number: sale.number } : undefined;
    };
  }

  async claiming({ url, token }: { url: string; token: string }): Promise<FarSide> {
    return startFarSide('claiming', { channelUrl: url, claims: { token } });
  }

  async cancel(id: string): Promise<void> {
    await shopkeeperOf(this.shop).cancel(id);
  }

  async change(id: string, quantity: number): Promise<void> {
    await shopkeeperOf(this.shop).changeQuantity(id, quantity);
  }

  async touch(id: string): Promise<void> {
    await shopkeeperOf(this.shop).touch(id);
  }

  async restockByHand(id: string): Promise<void> {
    await shopkeeperOf(this.shop).takeBack(id);
  }

  readonly returns: FarReturns = {
    announce: (order, quantity) => shopkeeperOf(this.shop).announceReturn(order, quantity),
    withdraw: async (id) => {
      await shopkeeperOf(this.shop).cancelReturn(id);
    },
  };

  async order(id: string): Promise<FarOrder> {
    const keeper = shopkeeperOf(this.shop);
    const [{ status, metadata }, fulfilments] = await Promise.all([
      keeper.order(id),
      keeper.fulfillments(id),
    ]);
    return {
      cancelled: status === 'canceled',
      fulfilments: fulfilments
        // Packing and shipping are two calls in Medusa; a parcel is told once both are done.
        .filter((fulfilment) => !fulfilment.cancelled && fulfilment.shippedAt !== null)
        .map(({ quantity, trackingNumbers: [trackingNumber], trackingUrls: [trackingUrl], metadata }) => ({
          quantity,
          trackingNumber,
          trackingUrl,
          carrier: String(metadata.samlast_carrier),
        })),
      notes: Object.keys(metadata ?? {}).filter((key) => key.startsWith('samlast_')).length,
    };
  }

  async phantom(): Promise<string> {
    const article = await this.newArticle(1);
    return shopkeeperOf(this.shop).leaveOrphan(article);
  }

  async unreadable(): Promise<string> {
    const article = await this.newArticle(1);
    await shopkeeperOf(this.shop).takeSkuOff(article);
    const sale = await this.buy(article, 1);
    if (!sale) throw new Error('The shop refused to sell a variant without a SKU.');
    return sale.id;
  }

  webhookAbout(order: string, { id, at, what }: FarMessage): FarWebhook {
    const body = JSON.stringify({
      type: what === 'placed' ? 'order.placed' : 'order.updated',
      timestamp: at.toISOString(),
      data: { id: order },
    });
    return { name: 'medusa', headers: standardHeaders([SECRET], id, at, body), body };
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
  const shop = await startMedusaShop({ code, postgres, fresh: true, skus, stock: 0, plugin });
  return new MedusaFarSide(shop, databases);
}

channelContract('medusa', medusa, () => startFarSide('contract'));
