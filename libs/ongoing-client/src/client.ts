import {
  ArticleAnswer,
  type ArticleFilter,
  type ArticleInput,
  DangerousGoodsAnswer,
  type DangerousGoodsInput,
  type OngoingArticle,
  StructureAnswer,
  WritableMembers,
} from './article.ts';
import { Calls, type ClientOptions } from './calls.ts';
import { OrderAnswer, type OngoingOrder, type OrderFilter, type OrderInput } from './order.ts';
import { OrderContent, type OngoingOrderContent } from './order-content.ts';
import { asArticle, asOrder, asPurchase, asReturn } from './as-outcome.ts';
import type {
  ArticleWriteOutcome,
  OrderWriteOutcome,
  PurchaseOrderWriteOutcome,
  ReturnOrderWriteOutcome,
} from './outcome.ts';
import { OrderStatuses, OrderTypes, ReturnOrderStatuses, Warehouses } from './registers.ts';
import { pages, type Page, type PageOptions } from './pages.ts';
import {
  PurchaseOrderAnswer,
  type OngoingPurchaseOrder,
  type PurchaseOrderFilter,
  type PurchaseOrderInput,
} from './purchase-order.ts';
import {
  ReturnCauses,
  ReturnOrderAnswer,
  returnBody,
  type OngoingReturnOrder,
  type ReturnOrderFilter,
  type ReturnOrderInput,
} from './return-order.ts';

/**
 * Ongoing's Goods Owner REST API for one user and one goods owner. Ongoing runs writes one after another per
 * goods owner, so send them one at a time. Reads throw OngoingUnreachable, OngoingReadRefused or
 * OngoingAnswerInvalid; writes return their outcome; both throw OngoingAccessError when Ongoing does not let
 * the user in.
 */
export class OngoingClient {
  private readonly calls: Calls;
  readonly goodsOwnerId: number;

  constructor(options: ClientOptions) {
    this.calls = new Calls(options);
    this.goodsOwnerId = options.goodsOwnerId;
  }

  /** Creates or updates the article with this number. Members left out stay as they are. */
  async putArticle(article: ArticleInput, signal?: AbortSignal): Promise<ArticleWriteOutcome> {
    const body = { goodsOwnerId: this.goodsOwnerId, ...article };
    return asArticle(await this.calls.write('PUT', 'articles', {}, body, 'articleSystemId', signal));
  }

  /** What of an article can be written back as it was answered, for tenants where PUT clears the rest. */
  async writableMembersOf(articleNumber: string, signal?: AbortSignal): Promise<object> {
    const query = { goodsOwnerId: this.goodsOwnerId, articleNumbers: [articleNumber] };
    const { answer } = await this.calls.readList('articles', query, WritableMembers, signal);
    return answer[0] ?? {};
  }

  /** What these kits consist of; articles that are none are left out. */
  async structuresOf(articleNumbers: string[], signal?: AbortSignal) {
    const query = { goodsOwnerId: this.goodsOwnerId, articleKind: 'Structure', articleNumbers };
    return (await this.calls.readList('articles/structureDefinitions', query, StructureAnswer, signal))
      .answer;
  }

  async dangerousGoodsOf(articleNumbers: string[], signal?: AbortSignal) {
    const query = { goodsOwnerId: this.goodsOwnerId, articleNumbers };
    return (await this.calls.readList('articles/dangerousGoods', query, DangerousGoodsAnswer, signal)).answer;
  }

  async putDangerousGoods(articleNumber: string, dangerousGoods: DangerousGoodsInput, signal?: AbortSignal) {
    const body = { goodsOwnerId: this.goodsOwnerId, articleNumber, dangerousGoods };
    const path = 'articles/dangerousGoods';
    return asArticle(await this.calls.write('PUT', path, {}, body, 'articleSystemId', signal));
  }

  /** Articles by number or other filters, in one answer: ask for at most a few hundred numbers. */
  async getArticles(filter: ArticleFilter, signal?: AbortSignal): Promise<OngoingArticle[]> {
    const query = { goodsOwnerId: this.goodsOwnerId, ...filter };
    return (await this.calls.readList('articles', query, ArticleAnswer, signal)).answer;
  }

  /**
   * All matching articles, page by page, up to the first empty page. A page is requested only when asked for, so a
   * caller that calls `next()` itself can bracket each page with counters of its own.
   */
  listArticlePages(
    filter: ArticleFilter = {},
    options: PageOptions = {},
  ): AsyncGenerator<Page<OngoingArticle>, void, void> {
    const { pageSize = 1000, from = 0, signal } = options;
    const page = (cursor: number) =>
      this.calls.readList(
        'articles',
        {
          goodsOwnerId: this.goodsOwnerId,
          ...filter,
          articleSystemIdFrom: cursor,
          maxArticlesToGet: pageSize,
        },
        ArticleAnswer,
        signal,
      );
    return pages('GET articles', from, page, (article) => article.articleSystemId);
  }

  /**
   * Creates or updates the order with this number: a number that is taken by somebody else's order overwrites
   * that order, so make sure before that it is yours. Refused once the warehouse works on the order.
   */
  async putOrder(order: OrderInput, signal?: AbortSignal): Promise<OrderWriteOutcome> {
    const orderLines = order.orderLines.map((line) => ({
      ...line,
      numberOfItems: Number(line.numberOfItems),
    }));
    const body = { goodsOwnerId: this.goodsOwnerId, ...order, orderLines };
    return asOrder(await this.calls.write('PUT', 'orders', {}, body, 'orderId', signal));
  }

  /** The order with this internal id, or undefined where Ongoing has none. */
  async getOrder(orderId: number, signal?: AbortSignal): Promise<OngoingOrder | undefined> {
    return this.calls.readOne(`orders/${orderId}`, 'orders/{orderId}', OrderAnswer, signal);
  }

  /** The same order with what is written in it, its consignee too: to see what of a change it has. */
  async getOrderContent(orderId: number, signal?: AbortSignal): Promise<OngoingOrderContent | undefined> {
    return this.calls.readOne(`orders/${orderId}`, 'orders/{orderId}', OrderContent, signal);
  }

  /** Changes one member by itself, which may be allowed when the warehouse works on the order already. */
  async patchOrder(
    orderId: number,
    member: 'deliveryDate' | 'orderRemark',
    value: string,
    signal?: AbortSignal,
  ): Promise<OrderWriteOutcome> {
    const path = `orders/${orderId}/${member}`;
    return asOrder(await this.calls.write('PATCH', path, {}, { [member]: value }, 'orderId', signal));
  }

  /** The same of one line, by Ongoing's own id of it. */
  async patchOrderLine(
    { orderId, lineId }: { orderId: number; lineId: number },
    change: { comment: string } | { linePrice: number },
    signal?: AbortSignal,
  ): Promise<OrderWriteOutcome> {
    const path = `orders/${orderId}/lines/${lineId}/${Object.keys(change)[0]}`;
    return asOrder(await this.calls.write('PATCH', path, {}, change, 'orderId', signal));
  }

  /**
   * All orders under this number: none, one, or more than one, because a number can be changed by hand in the
   * warehouse without a check. An order that was cancelled is still found, with the tenant's status for
   * cancelled.
   */
  async findOrders(number: string, signal?: AbortSignal): Promise<OngoingOrder[]> {
    const query = { goodsOwnerId: this.goodsOwnerId, orderNumbers: [number] };
    return (await this.calls.readList('orders', query, OrderAnswer, signal)).answer;
  }

  /** The order under this number; the newest where several share it. */
  async findOrder(number: string, signal?: AbortSignal): Promise<OngoingOrder | undefined> {
    const found = await this.findOrders(number, signal);
    return found.toSorted((a, b) => b.orderInfo.orderId - a.orderInfo.orderId)[0];
  }

  /** All matching orders of the goods owner, whoever made them, page by page as `listArticlePages` does. */
  listOrderPages(
    filter: OrderFilter = {},
    options: PageOptions = {},
  ): AsyncGenerator<Page<OngoingOrder>, void, void> {
    const { pageSize = 1000, from = 0, signal } = options;
    const page = (cursor: number) =>
      this.calls.readList(
        'orders',
        { goodsOwnerId: this.goodsOwnerId, ...filter, orderIdFrom: cursor, maxOrdersToGet: pageSize },
        OrderAnswer,
        signal,
      );
    return pages('GET orders', from, page, (order) => order.orderInfo.orderId);
  }

  /**
   * Cancels by internal id or by number. Refused once the warehouse works on the order, and also where it is
   * cancelled already: nothing but a read can tell the two apart.
   */
  async cancelOrder(
    order: { orderId: number } | { orderNumber: string },
    signal?: AbortSignal,
  ): Promise<OrderWriteOutcome> {
    if ('orderId' in order) {
      const path = `orders/${order.orderId}`;
      return asOrder(await this.calls.write('DELETE', path, {}, undefined, 'orderId', signal));
    }
    const query = { goodsOwnerId: this.goodsOwnerId, orderNumber: order.orderNumber };
    return asOrder(await this.calls.write('DELETE', 'orders', query, undefined, 'orderId', signal));
  }

  /** Creates or updates the purchase order with this number, as `putOrder` does. Refused once goods have come on it. */
  async putPurchaseOrder(
    order: PurchaseOrderInput,
    signal?: AbortSignal,
  ): Promise<PurchaseOrderWriteOutcome> {
    const purchaseOrderLines = order.purchaseOrderLines.map((line) => ({
      ...line,
      numberOfItems: Number(line.numberOfItems),
    }));
    const body = { goodsOwnerId: this.goodsOwnerId, ...order, purchaseOrderLines };
    return asPurchase(await this.calls.write('PUT', 'purchaseOrders', {}, body, 'purchaseOrderId', signal));
  }

  /** All matching purchase orders, whoever made them, page by page as `listArticlePages` does. */
  listPurchaseOrderPages(
    filter: PurchaseOrderFilter = {},
    options: PageOptions = {},
  ): AsyncGenerator<Page<OngoingPurchaseOrder>, void, void> {
    const { pageSize = 1000, from = 0, signal } = options;
    const { goodsOwnerId } = this;
    const page = (cursor: number) =>
      this.calls.readList(
        'purchaseOrders',
        { goodsOwnerId, ...filter, purchaseOrderIdFrom: cursor, maxPurchaseOrdersToGet: pageSize },
        PurchaseOrderAnswer,
        signal,
      );
    return pages('GET purchaseOrders', from, page, (order) => order.purchaseOrderInfo.purchaseOrderId);
  }

  async getPurchaseOrder(id: number, signal?: AbortSignal): Promise<OngoingPurchaseOrder | undefined> {
    return this.calls.readOne(`purchaseOrders/${id}`, 'purchaseOrders/{id}', PurchaseOrderAnswer, signal);
  }

  /** Cancels by internal id: a number can be given to two of them by hand. Refused once goods have been received. */
  async cancelPurchaseOrder(id: number, signal?: AbortSignal): Promise<PurchaseOrderWriteOutcome> {
    const path = `purchaseOrders/${id}`;
    return asPurchase(await this.calls.write('DELETE', path, {}, undefined, 'purchaseOrderId', signal));
  }

  /** Ongoing keys this register as that of orders. */
  async purchaseOrderStatuses(signal?: AbortSignal) {
    return (await this.calls.read('purchaseOrders/statuses', {}, OrderStatuses, signal)).answer.orderStatuses;
  }

  /** Creates or updates the return with this number. Refused once goods have come back on it. */
  async putReturnOrder(input: ReturnOrderInput, signal?: AbortSignal): Promise<ReturnOrderWriteOutcome> {
    const body = returnBody(this.goodsOwnerId, input);
    return asReturn(await this.calls.write('PUT', 'returnOrders', {}, body, 'returnOrderId', signal));
  }

  /** Returns in one answer: there are no pages, so ask for some numbers. */
  async getReturnOrders(filter: ReturnOrderFilter, signal?: AbortSignal): Promise<OngoingReturnOrder[]> {
    const query = { goodsOwnerId: this.goodsOwnerId, ...filter };
    return (await this.calls.readList('returnOrders', query, ReturnOrderAnswer, signal)).answer;
  }

  async cancelReturnOrder(id: number, signal?: AbortSignal): Promise<ReturnOrderWriteOutcome> {
    const path = `returnOrders/${id}`;
    return asReturn(await this.calls.write('DELETE', path, {}, undefined, 'returnOrderId', signal));
  }

  async returnOrderStatuses(signal?: AbortSignal) {
    return (await this.calls.read('returnOrders/statuses', {}, ReturnOrderStatuses, signal)).answer
      .returnOrderStatuses;
  }

  /** The tenant's causes; pieces of a cause that removes are scrapped. */
  async returnCauses(signal?: AbortSignal) {
    const query = { goodsOwnerId: this.goodsOwnerId };
    return (await this.calls.read('returnOrders/returnCauses', query, ReturnCauses, signal)).answer
      .returnCauses;
  }

  /** The tenant's own statuses: numbers, texts and the set itself differ between warehouses. */
  async orderStatuses(signal?: AbortSignal) {
    return (await this.calls.read('orders/statuses', {}, OrderStatuses, signal)).answer.orderStatuses;
  }

  async orderTypes(signal?: AbortSignal) {
    const query = { goodsOwnerId: this.goodsOwnerId };
    return (await this.calls.read('orders/types', query, OrderTypes, signal)).answer.orderTypes;
  }

  async warehouses(signal?: AbortSignal) {
    return (await this.calls.read('warehouses', {}, Warehouses, signal)).answer;
  }

  /** Closes kept connections. */
  close(): void {
    this.calls.close();
  }
}
