import { randomUUID } from 'node:crypto';
import type { FarMessage, FarOrder, FarReturns, FarSide, FarWebhook } from '@samlast/channel-kit/testing';
import { type FakeOptions, type ShopifyFake, startShopifyFake } from '@samlast/shopify-fake';
import { eventually } from '@samlast/test-stack';

const SECRET = 'a-secret-of-the-suite-only';
const PAGE = 3;
const FEED_LAG_MS = 300;

/** Room for a channel that polls ten times a second, four of it at once; what a query may cost stays as it is. */
const PLENTY = { bucket: 1_000_000, restore: 100_000 };

/** What the README tells to tick, and nothing else. */
const SCOPES = [
  'read_products',
  'write_inventory',
  'read_locations',
  'write_orders',
  'write_returns',
  'write_merchant_managed_fulfillment_orders',
];

/** The fake shop, as its buyers and staff use it. */
export class ShopifyFarSide implements FarSide {
  readonly env: Record<string, string>;
  readonly moreThanOnePage = PAGE + 2;
  returns: FarReturns | undefined = {
    announce: async (id: string, quantity: number) => this.announceReturn(id, quantity),
    withdraw: async (id: string) => this.withdrawReturn(id),
  };

  constructor(readonly fake: ShopifyFake) {
    fake.world.searchLagMs = FEED_LAG_MS - 50;
    this.env = {
      SHOPIFY_SHOP: fake.domain,
      SHOPIFY_URL: fake.url,
      SHOPIFY_CLIENT_ID: fake.clientId,
      SHOPIFY_CLIENT_SECRET: fake.clientSecret,
      SHOPIFY_LOCATION_ID: fake.locationId,
      SHOPIFY_ORDERS_PAGE: String(PAGE),
      SHOPIFY_FEED_LAG_MS: String(FEED_LAG_MS),
    };
  }

  static async start(options: FakeOptions = {}): Promise<ShopifyFarSide> {
    return new ShopifyFarSide(
      await startShopifyFake({ clientSecret: SECRET, scopes: SCOPES, ...PLENTY, ...options }),
    );
  }

  async newArticle(offered: number): Promise<string> {
    const sku = `A-${randomUUID().slice(0, 8)}`;
    this.fake.shop.addVariant(this.fake.world, { sku, available: offered });
    return sku;
  }

  async offered(article: string): Promise<number> {
    const [level] = this.fake.world.variantOf(article).levels.values();
    return level?.available ?? 0;
  }

  async buy(article: string, quantity: number): Promise<{ id: string; number: string } | undefined> {
    try {
      return this.place({ lines: [{ sku: article, quantity }] });
    } catch (error) {
      if ((error as { code?: string }).code === 'OUT_OF_STOCK') return undefined;
      throw error;
    }
  }

  async buyLines(lines: readonly { article: string; quantity: number }[]) {
    return this.place({ lines: lines.map(({ article: sku, quantity }) => ({ sku, quantity })) });
  }

  /** Whatever a checkout can hold. */
  place(wish: Parameters<ShopifyFake['shop']['checkout']>[1]): { id: string; number: string } {
    const order = this.fake.shop.checkout(this.fake.world, wish);
    return { id: `gid://shopify/Order/${order.id}`, number: order.name.replace('#', '') };
  }

  async cancel(id: string): Promise<void> {
    const job = this.fake.shop.beginCancel(this.fake.world, this.find(id), {
      reason: 'STAFF',
      restock: true,
    });
    await eventually(() => job.done);
  }

  async touch(id: string): Promise<void> {
    const order = this.find(id);
    order.tags = [...order.tags, `seen ${order.tags.length}`];
    this.fake.world.changed(order);
  }

  async change(id: string, quantity: number): Promise<void> {
    const order = this.find(id);
    const [line] = order.lines;
    if (line) this.fake.shop.editQuantity(this.fake.world, order, line, quantity, true);
  }

  async order(id: string): Promise<FarOrder> {
    const { cancelledAt, fulfillments, customAttributes } = this.find(id);
    return {
      cancelled: cancelledAt !== undefined,
      fulfilments: fulfillments
        .filter(({ status }) => status === 'SUCCESS')
        .map(({ tracking, lines }) => ({
          quantity: lines.reduce((sum, line) => sum + line.quantity, 0),
          trackingNumber: tracking.number ?? undefined,
          carrier: tracking.company ?? undefined,
          trackingUrl: tracking.url ?? undefined,
        })),
      notes: customAttributes.filter(({ key }) => key.startsWith('Samlast ')).length,
    };
  }

  async restockByHand(id: string): Promise<void> {
    const order = this.find(id);
    const quantity = order.fulfillments[0]?.lines[0]?.quantity ?? 0;
    // Times are by the second, and staff is slower than a test: two changes of one second look like one.
    const second = () => Math.floor(Date.now() / 1000);
    const before = second();
    await eventually(() => second() > before);
    const made = this.makeReturn(id, quantity);
    const [location] = this.fake.world.locations;
    this.fake.shop.dispose(
      this.fake.world,
      made.lines.map(({ reverseLineId }) => ({
        reverseLineId,
        quantity,
        type: 'RESTOCKED' as const,
        ...(location && { location: location.id }),
      })),
    );
  }

  async phantom(): Promise<string> {
    const sku = await this.newArticle(1);
    return this.place({ lines: [{ sku, quantity: 1 }], financialStatus: 'PENDING' }).id;
  }

  async unreadable(): Promise<string> {
    return this.place({ lines: [{ title: 'Something by hand', quantity: 1 }] }).id;
  }

  webhookAbout(order: string, { id, at, what }: FarMessage): FarWebhook {
    const body = JSON.stringify({ admin_graphql_api_id: order, updated_at: at.toISOString() });
    const topic = what === 'placed' ? 'orders/create' : 'orders/updated';
    const triggeredAt = at.toISOString();
    const delivery = {
      topic,
      body,
      domain: this.fake.domain,
      triggeredAt,
      webhookId: id,
      eventId: randomUUID(),
    };
    return { name: 'shopify', headers: this.fake.headersOf(delivery), body };
  }

  async stop(): Promise<void> {
    await this.fake.close();
  }

  private makeReturn(id: string, quantity: number) {
    const order = this.find(id);
    const [piece] = order.fulfillments.flatMap(({ lines }) => lines);
    const wish = { fulfillmentLineId: piece?.id ?? 0, quantity, reason: 'UNWANTED' };
    return this.fake.shop.announceReturn(this.fake.world, order, [wish]);
  }

  private announceReturn(id: string, quantity: number): { id: string; number: string } {
    const made = this.makeReturn(id, quantity);
    return { id: `${id} ${made.id}`, number: made.name.replace('#', '') };
  }

  private withdrawReturn(named: string): void {
    const [id = '', made = ''] = named.split(' ');
    const order = this.find(id);
    const found = order.returns.find((one) => one.id === Number(made));
    if (found) this.fake.shop.cancelReturn(this.fake.world, order, found);
  }

  find(id: string) {
    return this.fake.world.order(Number(id.slice(id.lastIndexOf('/') + 1)));
  }
}
