import type { GoodsOwner } from '../rest/route.ts';
import type { OrderEvent, PurchaseOrderEvent } from '../warehouse/model.ts';
import type { Ground } from '../warehouse/ground.ts';

/** The exact names are unknown (reference, section 13, point 8). */
const TEMPLATES = {
  created: 'OrderCreated',
  'status-changed': 'OrderStatusChanged',
  picked: 'OrderPicked',
  'purchase-order-created': 'PurchaseOrderCreated',
  'purchase-order-status-changed': 'PurchaseOrderStatusChanged',
  'purchase-order-received': 'PurchaseOrderReceived',
};

export type Told = OrderEvent | PurchaseOrderEvent;

/** What the log of deliveries says of it. */
export const subjectOf = (event: Told): { number: string; status: number } =>
  'order' in event ? event.order : event.purchaseOrder;

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
  return 'order' in event
    ? orderPayload(ground, system, goodsOwner, event)
    : purchasePayload(ground, system, goodsOwner, event);
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
