import { channelContract, type FarOrder, type FarSide } from '@samlast/channel-kit/testing';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import { buyerOf, shopkeeperOf } from '../../../tools/real-shops/medusa-buyer.mjs';
import { startMedusaShop } from '../../../tools/real-shops/medusa-shop.mjs';
import { medusa } from './medusa.channel.ts';

const ARTICLES = 60;

/** A real Medusa shop. What it refuses and leaves behind on the way is the subject of flows/real-medusa. */
class MedusaFarSide implements FarSide {
  readonly env: Record<string, string>;
  readonly moreThanOnePage = 5;
  private used = 0;

  constructor(
    private readonly shop: Awaited<ReturnType<typeof startMedusaShop>>,
    private readonly databases: TestDatabase,
  ) {
    this.env = {
      MEDUSA_URL: shop.url,
      MEDUSA_API_KEY: shop.secretKey,
      MEDUSA_STOCK_LOCATION_ID: shop.stockLocationId,
      MEDUSA_ORDERS_PAGE: '3',
      WEBHOOK_SECRET: `whsec_${Buffer.alloc(24, 5).toString('base64')}`,
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

  async buy(article: string, quantity: number): Promise<{ id: string; number: string } | undefined> {
    const sale = await buyerOf(this.shop).buy([{ sku: article, quantity }]);
    return sale.placed ? { id: sale.orderId, number: sale.number } : undefined;
  }

  async cancel(id: string): Promise<void> {
    await shopkeeperOf(this.shop).cancel(id);
  }

  async touch(id: string): Promise<void> {
    await shopkeeperOf(this.shop).touch(id);
  }

  async order(id: string): Promise<FarOrder> {
    const keeper = shopkeeperOf(this.shop);
    const [{ status }, fulfilments] = await Promise.all([keeper.order(id), keeper.fulfillments(id)]);
    return {
      cancelled: status === 'canceled',
      fulfilments: fulfilments
        // Packing and shipping are two calls in Medusa; a parcel is told once both are done.
        .filter((fulfilment) => !fulfilment.cancelled && fulfilment.shippedAt !== null)
        .map(({ quantity, trackingNumbers: [trackingNumber] }) => ({ quantity, trackingNumber })),
    };
  }

  async stop(): Promise<void> {
    await this.shop.process.stop();
    await this.databases.drop();
  }
}

const articleNumber = (index: number) => `CONTRACT-${index}`;

channelContract('medusa', medusa, async () => {
  const databases = await testDatabase('shops');
  const skus = Array.from({ length: ARTICLES }, (_, index) => articleNumber(index));
  const shop = await startMedusaShop({
    code: 'contract',
    postgres: databases.url,
    fresh: true,
    skus,
    stock: 0,
  });
  return new MedusaFarSide(shop, databases);
});
