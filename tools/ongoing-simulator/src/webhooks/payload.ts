import type { GoodsOwner } from '../rest/route.ts';
import type { OrderEvent } from '../warehouse/model.ts';
import type { Ground } from '../warehouse/ground.ts';

/** The exact names are unknown (reference, section 13, point 8). */
const TEMPLATES = { created: 'OrderCreated', 'status-changed': 'OrderStatusChanged', picked: 'OrderPicked' };

/**
 * Thin: no order type, no market place, no lines (reference, section 8.3). The order is shown as it is now.
 */
export function payloadOf(
  ground: Ground,
  system: string,
  goodsOwner: GoodsOwner,
  { kind, order }: OrderEvent,
) {
  return {
    webhookOrdersId: ground.ids.next('webhook'),
    webhookEventId: ground.ids.next('event'),
    system,
    // Seven fraction digits; whether a zone follows is unknown.
    timestamp: new Date(ground.clock.now()).toISOString().replace('Z', '0000'),
    orderId: order.id,
    orderNumber: order.number,
    goodsOwnerId: goodsOwner.id,
    goodsOwnerName: goodsOwner.name,
    path: `/api/v1/orders/${order.id}`,
    byUser: { userId: 12 },
    byComputer: { computerId: 4, computerName: 'PACK-02' },
    orderStatus: { number: order.status },
    currentShipmentId: order.shipmentId,
    webhookTemplate: TEMPLATES[kind],
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
