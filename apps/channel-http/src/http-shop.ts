import {
  type FeedPosition,
  type OrderNote,
  type OrderPage,
  type OrderRef,
  type ReadOrder,
  type ReturnedGoods,
  type ShelfAccess,
  type ShelfAnswer,
  type ShelfNumber,
  type ShelfWrite,
  type Shipment,
  type Shop,
  type ShopArticle,
  type ShopFeatures,
  ShopHttp,
  type ShopPurchase,
  type ShopReturn,
  ShopRefused,
  ShopUnavailable,
  type ShopWebhook,
  standardHeaders,
  standardWebhook,
} from '@samlast/channel-kit';
import { fit } from './fit.ts';
import { HttpInbound, purchases, returns } from './http-inbound.ts';
import { idOf } from './message-id.ts';
import { ArticlesAnswer, NumberAnswer, OrdersAnswer, StockAnswer } from './protocol.ts';
import { readMessage } from './read-message.ts';
import { toShopOrder } from './read-orders.ts';

const ARTICLES_PAGE = 200;

export interface HttpShopSettings {
  readonly url: string;
  readonly token: string;
  readonly webhookSecrets: readonly string[];
  readonly wholePieces: boolean;
  readonly restocksCancelled: boolean;
  readonly feedLagMs: number;
  readonly ordersPage: number;
  readonly perSecond: number;
  readonly purchaseOrders?: boolean;
  readonly returns?: boolean;
}

/** A shop that speaks the protocol of README.md. */
export class HttpShop implements Shop {
  readonly features: ShopFeatures;
  readonly shelf: ShelfAccess;
  readonly webhook?: ShopWebhook;
  readonly purchases?: HttpInbound<ShopPurchase>;
  readonly returns?: HttpInbound<ShopReturn>;
  /** A shop that announces no returns has no place for them either: its staff reads notes. */
  readonly returned?: (order: OrderRef, goods: ReturnedGoods) => Promise<void>;
  private readonly http: ShopHttp;

  constructor(private readonly settings: HttpShopSettings) {
    const { url, token, perSecond, webhookSecrets: secrets } = settings;
    this.http = new ShopHttp({
      url,
      perSecond,
      headers: () => ({ authorization: `Bearer ${token}` }),
      ...(secrets.length > 0 && {
        sign: (id: string, body: string) => standardHeaders(secrets, id, new Date(), body),
      }),
    });
    this.features = {
      feedLagMs: settings.feedLagMs,
      restocksCancelled: settings.restocksCancelled,
      safety: ['claim-safe', 'lease-safe'],
    };
    this.shelf = {
      method: 'compare-and-set',
      wholePieces: settings.wholePieces,
      readAtOnce: 50,
      read: (articles) => this.readStock(articles),
      write: (writes) => Promise.all(writes.map((write) => this.writeStock(write))),
    };
    const { ordersPage } = settings;
    if (settings.purchaseOrders) this.purchases = new HttpInbound(this.http, ordersPage, purchases);
    if (settings.returns) {
      this.returns = new HttpInbound(this.http, ordersPage, returns);
      this.returned = (order, goods) => this.tellReturned(order, goods);
    }
    if (settings.webhookSecrets.length > 0)
      this.webhook = standardWebhook(settings.webhookSecrets, readMessage);
  }

  async *changedOrders(since: FeedPosition): AsyncIterable<OrderPage> {
    let position = since;
    for (;;) {
      const { body } = await this.http.request({
        path: 'orders',
        query: { changedSince: position.changedAt, after: position.id, limit: this.settings.ordersPage },
      });
      const { orders: raw, more } = fit(OrdersAnswer, body, 'GET /orders');
      const orders = raw.map(toShopOrder);
      const last = orders.at(-1);
      if (last) position = { changedAt: last.changedAt, id: last.id };
      yield { orders, readTo: position };
      if (!more) return;
      if (!last) throw new ShopUnavailable('GET /orders says that there is more, but gives an empty page.');
    }
  }

  async order(id: string): Promise<ReadOrder | undefined> {
    const { status, body } = await this.http.request({
      path: `orders/${encodeURIComponent(id)}`,
      accept: [404],
    });
    return status === 404 ? undefined : toShopOrder(body);
  }

  async fulfil(order: OrderRef, shipment: Shipment): Promise<void> {
    await this.http.request({
      method: 'POST',
      path: `orders/${encodeURIComponent(order.id)}/fulfilments`,
      messageId: idOf('order.fulfil', order.id, shipment.parcel),
      headers: { 'idempotency-key': `${order.id}/${shipment.parcel}` },
      body: { type: 'order.fulfil', order: order.id, ...shipment },
    });
  }

  async cancel(order: OrderRef, reason: string): Promise<void> {
    await this.http.request({
      method: 'POST',
      path: `orders/${encodeURIComponent(order.id)}/cancel`,
      messageId: idOf('order.cancel', order.id),
      body: { type: 'order.cancel', order: order.id, reason },
    });
  }

  async note(order: OrderRef, note: OrderNote): Promise<void> {
    await this.http.request({
      method: 'POST',
      path: `orders/${encodeURIComponent(order.id)}/notes`,
      messageId: idOf('order.note', order.id, note.key),
      body: { type: 'order.note', order: order.id, ...note },
    });
  }

  async *articles(): AsyncIterable<ShopArticle[]> {
    let after = '';
    for (;;) {
      const { body } = await this.http.request({ path: 'articles', query: { after, limit: ARTICLES_PAGE } });
      const { articles, more } = fit(ArticlesAnswer, body, 'GET /articles');
      yield articles.map(({ id, listed, ...article }) => ({ id, listed, article }));
      const last = articles.at(-1);
      if (!more) return;
      if (!last) throw new ShopUnavailable('GET /articles says that there is more, but gives an empty page.');
      after = last.number;
    }
  }

  private async tellReturned(order: OrderRef, goods: ReturnedGoods): Promise<void> {
    const id = encodeURIComponent(order.id);
    await this.http.request({
      method: 'POST',
      path: `orders/${id}/returns`,
      messageId: idOf('order.returned', order.id, goods.receipt),
      headers: { 'idempotency-key': `${order.id}/${goods.receipt}` },
      body: { type: 'order.returned', order: order.id, ...goods },
    });
  }

  private async readStock(articles: readonly string[]): Promise<ReadonlyMap<string, ShelfNumber>> {
    const { body } = await this.http.request({ path: 'stock', query: { article: articles } });
    const { stock } = fit(StockAnswer, body, 'GET /stock');
    return new Map(stock.map(({ article, number }) => [article, { number }]));
  }

  private async writeStock({ article, writeId, from, to }: ShelfWrite): Promise<ShelfAnswer> {
    let response;
    try {
      response = await this.http.request({
        method: 'PUT',
        path: `stock/${encodeURIComponent(article)}`,
        messageId: idOf('stock.set', article, writeId),
        body: { type: 'stock.set', article, expected: from, number: to, writeId },
        accept: [404, 409],
      });
    } catch (error) {
      if (error instanceof ShopRefused) return { article, outcome: 'refused', text: error.inFull };
      throw error;
    }
    if (response.status === 404) return { article, outcome: 'unknown-article' };
    if (response.status === 409) return { article, outcome: 'changed' };
    const { number } = fit(NumberAnswer, response.body, 'PUT /stock/:article');
    return { article, outcome: 'set', number };
  }
}
