import { eventually } from '@samlast/test-stack';
import type { FarMessage, FarOrder, FarSide, FarWebhook } from '@samlast/channel-kit/testing';
import {
  type FakeOptions,
  headersOf,
  type Order,
  startWooCommerce,
  type WooCommerceFake,
} from '@samlast/woocommerce-fake';

export const SECRET = 'a-secret-of-the-webhooks-of-a-fake';

/** A fake WooCommerce shop, played past the channel. Every second article is a variation. */
export class WooFarSide implements FarSide {
  readonly env: Record<string, string>;
  readonly moreThanOnePage = 12;
  private articles = 0;

  private constructor(
    readonly fake: WooCommerceFake,
    env: Record<string, string>,
  ) {
    this.env = {
      WOOCOMMERCE_URL: fake.url,
      WOOCOMMERCE_KEY: 'ck_fake',
      WOOCOMMERCE_SECRET: 'cs_fake',
      WOOCOMMERCE_ORDERS_PAGE: '10',
      WOOCOMMERCE_FEED_LAG_MS: '150',
      WOOCOMMERCE_CALLS_PER_SECOND: '1000',
      WEBHOOK_SECRET: SECRET,
      ...env,
    };
  }

  /** @param env over the channel's settings */
  static async start(options: FakeOptions = {}, env: Record<string, string> = {}): Promise<WooFarSide> {
    // Lists show changes late, and the site's own time is far from GMT.
    const knobs = { listDelayMs: 120, ...options.knobs };
    return new WooFarSide(await startWooCommerce({ zone: 'Pacific/Auckland', ...options, knobs }), env);
  }

  private get shop() {
    return this.fake.shop;
  }

  async newArticle(offered: number): Promise<string> {
    const sku = `A-${++this.articles}`;
    const parentId =
      this.articles % 2 === 0 ? this.shop.products.add({ type: 'variable', stock: null }).id : 0;
    this.shop.products.add({ sku, stock: offered, parentId });
    return sku;
  }

  async offered(article: string): Promise<number> {
    const [product] = this.shop.products.bySku(article);
    if (!product) throw new Error(`The shop has no ${article}.`);
    return (product.stock ?? 0) - this.shop.orders.held(product.id);
  }

  async buy(article: string, quantity: number): Promise<{ id: string; number: string } | undefined> {
    const order = this.shop.checkout.buy({ lines: [{ sku: article, quantity }] });
    return order && { id: String(order.id), number: order.number };
  }

  async buyLines(lines: readonly { article: string; quantity: number }[]) {
    const wish = lines.map(({ article: sku, quantity }) => ({ sku, quantity }));
    const order = this.shop.checkout.buy({ lines: wish });
    if (!order) throw new Error('The shop refused the sale.');
    return { id: String(order.id), number: order.number };
  }

  /** Before the payment, for which the shop holds the pieces and looks at no number any more. */
  async atTheTill(article: string, quantity: number) {
    const order = this.shop.checkout.buy({ lines: [{ sku: article, quantity }], payment: 'later' });
    return async () => {
      if (order) this.shop.checkout.pay(order);
      return order && { id: String(order.id), number: order.number };
    };
  }

  /** Until lists show it: before that the order stands as it was for whoever reads them. */
  async cancel(id: string): Promise<void> {
    const order = this.find(id);
    this.shop.orders.setStatus(order, 'cancelled');
    await eventually(
      () => order.versions.findLast(({ visibleAt }) => visibleAt <= Date.now())?.status === 'cancelled',
    );
  }

  async touch(id: string): Promise<void> {
    this.shop.orders.save(this.find(id));
  }

  async change(id: string, quantity: number): Promise<void> {
    const order = this.find(id);
    this.shop.orders.setQuantity(order, order.lines[0]?.id ?? 0, quantity);
  }

  async order(id: string): Promise<FarOrder> {
    const order = this.find(id);
    const parcels = order.meta.filter(({ key }) => key.startsWith('_samlast_parcel_'));
    return {
      cancelled: order.status === 'cancelled',
      fulfilments: parcels.map(({ value }) => {
        const { lines, carrier, trackingNumber, trackingUrl } = JSON.parse(String(value)) as {
          carrier?: string;
          trackingNumber?: string;
          trackingUrl?: string;
          lines: Record<string, number>;
        };
        const quantity = Object.values(lines).reduce((sum, pieces) => sum + pieces, 0);
        return { carrier, trackingNumber, trackingUrl, quantity };
      }),
      notes: order.notes.filter(({ text }) => text.includes('(samlast ')).length,
    };
  }

  /** A refund with *Restock refunded items* ticked, as it is by default. */
  async restockByHand(id: string): Promise<void> {
    const order = this.find(id);
    const lines = order.lines.map(({ id: lineId, quantity }) => ({ lineId, quantity }));
    // Times are by the second, and staff is slower than a test: two changes of one second look like one.
    const second = () => Math.floor(Date.now() / 1000);
    const before = second();
    await eventually(() => second() > before);
    this.shop.orders.refund(order, { lines, restock: true });
  }

  /** A buyer who stands at the payment. */
  async phantom(): Promise<string> {
    const article = await this.newArticle(1);
    const order = this.shop.checkout.buy({ lines: [{ sku: article, quantity: 1 }], payment: 'later' });
    return String(order?.id);
  }

  async unreadable(): Promise<string> {
    const article = await this.newArticle(1);
    const order = await this.buy(article, 1);
    const [product] = this.shop.products.bySku(article);
    if (!order || !product) throw new Error('The shop refused the sale.');
    this.shop.products.save(product, { sku: '' });
    await this.touch(order.id);
    return order.id;
  }

  webhookAbout(id: string, { at, what }: FarMessage): FarWebhook {
    const body = JSON.stringify(this.shop.renderOrder(this.find(id)));
    const topic = what === 'placed' ? 'order.created' : 'order.updated';
    const about = { topic, webhook: 1, at: at.getTime(), source: this.shop.home } as const;
    return { name: 'woocommerce', headers: headersOf(about, SECRET, body), body };
  }

  async stop(): Promise<void> {
    await this.fake.close();
  }

  find(id: string): Order {
    const order = this.shop.orders.find(Number(id));
    if (!order) throw new Error(`The shop has no order ${id}.`);
    return order;
  }
}
