import type {
  FeedPosition,
  OrderPage,
  OrderRef,
  ReadOrder,
  ShelfAccess,
  ShelfAnswer,
  ShelfWrite,
  Shipment,
  Shop,
  ShopArticle,
  ShopFeatures,
} from '../shop.ts';
import { ShopUnavailable } from '../shop-errors.ts';
import type { OrderHint, ShopWebhook } from '../shop-webhook.ts';

/**
 * What a test does to the calls between the kit and an adapter. Each hook runs in the middle of what it is named
 * after.
 */
export class Tampering {
  /** How late the shop's feed may show a change; what a test waits for may take as long. */
  feedLagMs = 0;
  /** No call reaches the shop. */
  down = false;
  /** The feed does not answer, everything else does. */
  feedStuck = false;
  /** Ids of orders that the feed does not show. */
  readonly hidden = new Set<string>();
  /** Ids of orders that were asked for one by one. */
  readonly askedFor: string[] = [];
  /** Complete reads of the shop's articles. */
  articleReads = 0;
  betweenPages: ((page: OrderPage) => Promise<void>) | undefined;
  /** After the kit has read a number and before its write arrives. */
  beforeWrite: ((writes: readonly ShelfWrite[]) => Promise<void>) | undefined;
  /** The shop has done it; throwing here loses its answer, as a crash would. */
  afterWrite: ((writes: readonly ShelfWrite[]) => Promise<void>) | undefined;
  afterFulfil: (() => Promise<void>) | undefined;
  readonly writes: ShelfWrite[] = [];

  /** Leaves the shop alone again. */
  end(): void {
    this.down = false;
    this.feedStuck = false;
    this.hidden.clear();
    this.betweenPages = undefined;
    this.beforeWrite = undefined;
    this.afterWrite = undefined;
    this.afterFulfil = undefined;
  }
}

/** The real adapter with a test between it and the kit. */
export class TamperedShop implements Shop {
  readonly features: ShopFeatures;
  readonly shelf?: ShelfAccess;
  readonly webhook?: ShopWebhook;
  readonly fulfil?: Shop['fulfil'];
  readonly cancel?: Shop['cancel'];
  readonly note?: Shop['note'];
  readonly articles?: Shop['articles'];

  constructor(
    private readonly shop: Shop,
    private readonly tampering: Tampering,
  ) {
    this.features = shop.features;
    tampering.feedLagMs = shop.features.feedLagMs;
    this.webhook = shop.webhook;
    if (shop.shelf) this.shelf = this.tamperWith(shop.shelf);
    if (shop.fulfil) this.fulfil = (order, shipment) => this.fulfilThere(order, shipment);
    if (shop.cancel)
      this.cancel = (order, reason) => this.reach().cancel?.(order, reason) ?? Promise.resolve();
    if (shop.note) this.note = (order, note) => this.reach().note?.(order, note) ?? Promise.resolve();
    if (shop.articles) this.articles = () => this.articlesThere();
  }

  async *changedOrders(since: FeedPosition): AsyncIterable<OrderPage> {
    for await (const page of this.reachFeed().changedOrders(since)) {
      this.reachFeed();
      yield { ...page, orders: page.orders.filter(({ id }) => !this.tampering.hidden.has(id)) };
      await this.tampering.betweenPages?.(page);
    }
  }

  async order(id: string, hint?: OrderHint): Promise<ReadOrder | undefined> {
    this.tampering.askedFor.push(id);
    const order = await this.reach().order(id, hint);
    this.reach();
    return order;
  }

  async close(): Promise<void> {
    await this.shop.close?.();
  }

  private reachFeed(): Shop {
    if (this.tampering.feedStuck) throw new ShopUnavailable('The test has stopped the feed.');
    return this.reach();
  }

  /** Asked again when an answer to a question has come: one that was on its way when the shop went down is lost too. */
  private reach(): Shop {
    if (this.tampering.down) throw new ShopUnavailable('The test has taken the shop down.');
    return this.shop;
  }

  private tamperWith(shelf: ShelfAccess): ShelfAccess {
    return {
      method: shelf.method,
      wholePieces: shelf.wholePieces,
      atOnce: shelf.atOnce,
      readAtOnce: shelf.readAtOnce,
      read: async (articles) => {
        this.reach();
        return shelf.read(articles);
      },
      write: async (writes): Promise<readonly ShelfAnswer[]> => {
        this.reach();
        await this.tampering.beforeWrite?.(writes);
        this.tampering.writes.push(...writes);
        const answers = await shelf.write(writes);
        await this.tampering.afterWrite?.(writes);
        return answers;
      },
    };
  }

  private async fulfilThere(order: OrderRef, shipment: Shipment): Promise<void> {
    await this.reach().fulfil?.(order, shipment);
    await this.tampering.afterFulfil?.();
  }

  private async *articlesThere(): AsyncIterable<ShopArticle[]> {
    yield* this.reach().articles?.() ?? [];
    this.tampering.articleReads++;
  }
}
