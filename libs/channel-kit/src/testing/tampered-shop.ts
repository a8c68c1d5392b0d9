import type {
  FeedPosition,
  OrderNote,
  OrderPage,
  OrderRef,
  ReadOrder,
  ReturnedGoods,
  Shipment,
  Shop,
  ShopArticle,
  ShopFeatures,
} from '../shop.ts';
import type { ShelfAccess, ShelfAnswer, ShelfWrite } from '../shop-shelf.ts';
import { ShopUnavailable } from '../shop-errors.ts';
import type { Safety } from '../safety.ts';
import type { OrderHint, ShopWebhook } from '../shop-webhook.ts';
import type {
  InboundAccess,
  ShopAnnouncement,
  ShopPurchase,
  ShopReturn,
} from '../announce-inbound/inbound.ts';

/**
 * What a test does to the calls between the kit and an adapter. Each hook runs in the middle of what it is named
 * after.
 */
export class Tampering {
  /** How late the shop's feed may show a change; what a test waits for may take as long. */
  feedLagMs = 0;
  /** How the shop's stock is written; undefined where it shows none. */
  method: ShelfAccess['method'] | undefined;
  /** The ways of selling that the adapter calls safe. */
  safety: readonly Safety[] | undefined;
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
  /** The same for goods that came back; for the remark of them where the shop takes nothing else. */
  afterReturned: (() => Promise<void>) | undefined;
  /** The same for what became of a purchase order. */
  afterTell: (() => Promise<void>) | undefined;
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
    this.afterReturned = undefined;
    this.afterTell = undefined;
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
  readonly purchases?: InboundAccess<ShopPurchase>;
  readonly returns?: InboundAccess<ShopReturn>;
  readonly returned?: Shop['returned'];

  constructor(
    private readonly shop: Shop,
    private readonly tampering: Tampering,
  ) {
    this.features = shop.features;
    tampering.feedLagMs = shop.features.feedLagMs;
    tampering.safety = shop.features.safety;
    tampering.method = shop.shelf?.method;
    this.webhook = shop.webhook;
    if (shop.shelf) this.shelf = this.tamperWith(shop.shelf);
    if (shop.fulfil) this.fulfil = (order, shipment) => this.fulfilThere(order, shipment);
    if (shop.cancel)
      this.cancel = (order, reason) => this.reach().cancel?.(order, reason) ?? Promise.resolve();
    if (shop.note) this.note = (order, note) => this.noteThere(order, note);
    if (shop.articles) this.articles = () => this.articlesThere();
    if (shop.purchases) this.purchases = this.inboundThere(shop.purchases);
    if (shop.returns) this.returns = this.inboundThere(shop.returns);
    if (shop.returned) this.returned = (order, goods) => this.returnedThere(order, goods);
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

  private async noteThere(order: OrderRef, note: OrderNote): Promise<void> {
    await this.reach().note?.(order, note);
    if (note.key.startsWith('returned-')) await this.tampering.afterReturned?.();
  }

  private async returnedThere(order: OrderRef, goods: ReturnedGoods): Promise<void> {
    await this.reach().returned?.(order, goods);
    await this.tampering.afterReturned?.();
  }

  private inboundThere<Announcement extends ShopAnnouncement>(
    inbound: InboundAccess<Announcement>,
  ): InboundAccess<Announcement> {
    return {
      changed: (since) => (this.reach(), inbound.changed(since)),
      tell: async (ref, news) => {
        this.reach();
        await inbound.tell(ref, news);
        await this.tampering.afterTell?.();
      },
    };
  }

  private async *articlesThere(): AsyncIterable<ShopArticle[]> {
    yield* this.reach().articles?.() ?? [];
    this.tampering.articleReads++;
  }
}
