import type { GoodsOwner } from '../rest/route.ts';
import type { GoodsEvent, OrderEvent, PurchaseOrderEvent } from '../warehouse/model.ts';
import type { Ground } from '../warehouse/ground.ts';

/** The exact names are unknown (reference, section 13, point 8). */
const TEMPLATES = {
  created: 'OrderCreated',
  'status-changed': 'OrderStatusChanged',
  picked: 'OrderPicked',
  'purchase-order-created': 'PurchaseOrderCreated',
  'purchase-order-status-changed': 'PurchaseOrderStatusChanged',
  'purchase-order-received': 'PurchaseOrderReceived',
  'article-created': 'ArticleCreated',
  'article-updated': 'ArticleUpdated',
  'article-deleted': 'ArticleDeleted',
  'stock-adjusted': 'InventoryAdjusted',
  'goods-received': 'ArticleItemReceived',
  'item-status-changed': 'ArticleItemStatusChanged',
  'pieces-allocated': 'ArticleAllocated',
  'pieces-picked': 'ArticlePicked',
  'pieces-returned': 'ArticleReturned',
};

export type Told = OrderEvent | PurchaseOrderEvent | GoodsEvent;

const isOfOrder = (event: Told): event is OrderEvent => 'order' in event && !('article' in event);

/** Of an order or a purchase order; goods have none. */
export function statusOf(event: Told): number | undefined {
  if ('article' in event) return undefined;
  return isOfOrder(event) ? event.order.status : event.purchaseOrder.status;
}

/** What the log of deliveries says of a payload: the number of an order, a purchase order or an article. */
export function subjectOf(payload: Payload): { order: string; status?: number } {
  if ('orderStatus' in payload) return { order: payload.orderNumber, status: payload.orderStatus.number };
  if ('purchaseOrderStatus' in payload)
    return { order: payload.purchaseOrderNumber, status: payload.purchaseOrderStatus.number };
  return { order: 'article' in payload ? payload.article.articleNumber : payload.articleNumber };
}

/** What all payloads share. */
function common(ground: Ground, system: string, goodsOwner: GoodsOwner, kind: Told['kind']) {
  return {
    webhookEventId: ground.ids.next('event'),
    system,
    // Seven fraction digits; whether a zone follows is unknown.
    timestamp: new Date(ground.clock.now()).toISOString().replace('Z', '0000'),
    goodsOwnerId: goodsOwner.id,
    goodsOwnerName: goodsOwner.name,
    byUser: { userId: 12 },
    byComputer: { computerId: 4, computerName: 'PACK-02' },
    webhookTemplate: TEMPLATES[kind],
  };
}

export function payloadOf(ground: Ground, system: string, goodsOwner: GoodsOwner, event: Told) {
  if ('article' in event) return goodsPayload(ground, system, goodsOwner, event);
  return isOfOrder(event)
    ? orderPayload(ground, system, goodsOwner, event)
    : purchasePayload(ground, system, goodsOwner, event);
}

/** None of them says how many pieces there are now: whoever wants to know that reads the article. */
function goodsPayload(ground: Ground, system: string, goodsOwner: GoodsOwner, event: GoodsEvent) {
  const { kind, article, quantity = 0, location = null, order, purchaseOrder } = event;
  const all = common(ground, system, goodsOwner, kind);
  const id = ground.ids.next('webhook');
  const { number: articleNumber, id: articleSystemId } = article;
  const path = `/api/v1/articles/${articleSystemId}`;
  if (kind.startsWith('article-'))
    return { webhookArticlesId: id, ...all, articleSystemId, articleNumber, path };
  const of = {
    ...all,
    article: { articleSystemId, articleNumber, barCode: article.fields.barCode ?? null },
    articleItem: { numberOfItems: quantity / 1000, location: location && { location } },
  };
  switch (kind) {
    case 'stock-adjusted':
      return {
        webhookInventoryId: id,
        ...of,
        transaction: { transactionNumberOfItems: quantity / 1000, inventoryTransactionComment: null },
      };
    case 'goods-received': {
      const { id: purchaseOrderId, number: purchaseOrderNumber } = purchaseOrder ?? {};
      const reference = purchaseOrder ? { purchaseOrderId, purchaseOrderNumber } : null;
      return { webhookMovesId: id, isReceive: true, isMove: false, ...of, purchaseOrder: reference };
    }
    case 'item-status-changed':
      return { webhookArticleItemsId: id, ...of, previousVersion: {}, newVersion: {} };
    default:
      return {
        webhookPickingId: id,
        isAllocated: kind === 'pieces-allocated',
        isPicked: kind === 'pieces-picked',
        isPacked: false,
        isReturned: kind === 'pieces-returned',
        isDeleted: false,
        ...of,
        order: order ? { orderId: order.id, orderNumber: order.number } : null,
      };
  }
}

/** Thin as well (reference, section 8.2). */
function purchasePayload(
  ground: Ground,
  system: string,
  goodsOwner: GoodsOwner,
  { kind, purchaseOrder }: PurchaseOrderEvent,
) {
  const { code } = (purchaseOrder.fields.purchaseOrderType ?? {}) as { code?: unknown };
  return {
    webhookPurchaseOrdersId: ground.ids.next('webhook'),
    ...common(ground, system, goodsOwner, kind),
    purchaseOrderId: purchaseOrder.id,
    purchaseOrderNumber: purchaseOrder.number,
    path: `/api/v1/purchaseOrders/${purchaseOrder.id}`,
    purchaseOrderStatus: { number: purchaseOrder.status },
    purchaseOrderType: code === undefined ? null : { purchaseOrderTypeId: 1, purchaseOrderTypeCode: code },
  };
}

/**
 * Thin: no order type, no market place, no lines (reference, section 8.3). The order is shown as it is now.
 */
function orderPayload(ground: Ground, system: string, goodsOwner: GoodsOwner, { kind, order }: OrderEvent) {
  return {
    webhookOrdersId: ground.ids.next('webhook'),
    ...common(ground, system, goodsOwner, kind),
    orderId: order.id,
    orderNumber: order.number,
    path: `/api/v1/orders/${order.id}`,
    orderStatus: { number: order.status },
    currentShipmentId: order.shipmentId,
    goodsOwnerClasses: null,
    tracking: [
      ...order.tracking.map(({ waybill, trackingUrl }) => ({ trackingUrl, waybill, isReturn: false })),
      ...order.returnTracking.map(({ waybill, trackingUrl }) => ({ trackingUrl, waybill, isReturn: true })),
    ],
    parcels: order.parcels.map((parcel) => ({
      id: parcel.id,
      parcelNumber: parcel.number,
      isReturnParcel: parcel.isReturn,
      tracking: parcel.trackingUrl ? { trackingUrl: parcel.trackingUrl } : null,
    })),
  };
}
export type Payload = ReturnType<typeof payloadOf>;
