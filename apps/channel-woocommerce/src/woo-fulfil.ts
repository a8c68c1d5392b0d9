import { type OrderRef, type ReadOrder, type Shipment, ShopRefused } from '@samlast/channel-kit';
import type { WooCommerceConfig } from './config.ts';
import type { WooApi } from './woo-api.ts';
import { WooOrder } from './woo-orders.ts';
import { type Parcel, parcelMeta, parcelsOf } from './woo-parcels.ts';

/**
 * Tells of the parcel where people look for it, then keeps it at the order; with its last parcel an order is completed
 * in the same call. Each step is looked for first, since an answer may have been lost after it was done.
 */
export async function fulfil(
  api: WooApi,
  read: (order: unknown) => Promise<ReadOrder>,
  tracking: WooCommerceConfig['WOOCOMMERCE_TRACKING'],
  order: OrderRef,
  shipment: Shipment,
): Promise<void> {
  const found = await api.order(order.id);
  if (found === undefined) throw new ShopRefused(`The shop has no order ${order.shopNumber} any more.`);
  const { status, meta_data: meta } = WooOrder.pick({ status: true, meta_data: true }).parse(found);
  const told = parcelsOf(meta);
  if (told.has(shipment.parcel)) return;
  if (['cancelled', 'refunded', 'trash', 'failed'].includes(status)) {
    throw new ShopRefused(
      `Order ${order.shopNumber} is ${status} in the shop, but a parcel of it was sent. ` +
        'Talk to the buyer, and set the order to Processing if it stands; then retry.',
    );
  }
  if (tracking === 'extension') await track(api, order, shipment);
  else await noteParcel(api, tracking, order, shipment);
  const { carrier, trackingNumber, trackingUrl, shippedAt } = shipment;
  const parcel: Parcel = { lines: piecesOf(shipment), carrier, trackingNumber, trackingUrl, shippedAt };
  const done = status !== 'completed' && isLast(await read(found), parcel);
  await api.changeOrder(order.id, {
    meta_data: [parcelMeta(shipment.parcel, parcel)],
    ...(done && { status: 'completed' }),
  });
}

/** Whether any parcel of this order was told. */
export const hasParcels = (order: unknown): boolean =>
  parcelsOf(WooOrder.pick({ meta_data: true }).parse(order).meta_data).size > 0;

async function noteParcel(
  api: WooApi,
  tracking: 'notes' | 'customer-notes',
  order: OrderRef,
  { parcel, carrier, trackingNumber, trackingUrl }: Shipment,
): Promise<void> {
  const mark = `[${parcel}]`;
  const sent = carrier ? `Sent with ${carrier}` : 'Sent';
  const number = trackingNumber ? `, tracking number ${trackingNumber}` : '';
  const text = `${sent}${number}.${trackingUrl ? ` ${trackingUrl}` : ''} ${mark}`;
  const notes = await api.notes(order.id);
  if (notes.some((note) => note.endsWith(mark))) return;
  await api.addNote(order.id, text, tracking === 'customer-notes');
}

/** The extension knows parcels by their tracking number; one without stands in a note. */
async function track(api: WooApi, order: OrderRef, shipment: Shipment): Promise<void> {
  const { carrier = 'Parcel', trackingNumber, trackingUrl, shippedAt } = shipment;
  if (!trackingNumber) return noteParcel(api, 'notes', order, shipment);
  if ((await api.trackingNumbers(order.id)).includes(trackingNumber)) return undefined;
  return api.addTracking(order.id, {
    custom_tracking_provider: carrier,
    tracking_number: trackingNumber,
    ...(trackingUrl && { custom_tracking_link: trackingUrl }),
    date_shipped: shippedAt.slice(0, 10),
  });
}

function piecesOf({ lines }: Shipment): Record<string, number> {
  const pieces: Record<string, number> = {};
  for (const { id, quantity } of lines) pieces[id] = (pieces[id] ?? 0) + Number(quantity);
  return pieces;
}

/** Whether everything that the warehouse picks has been sent with this parcel. */
function isLast(read: ReadOrder, parcel: Parcel): boolean {
  if ('unreadable' in read) return false;
  return read.lines
    .filter(({ picked }) => picked !== false)
    .every(
      ({ id, quantity, fulfilled }) => Number(fulfilled ?? 0) + (parcel.lines[id] ?? 0) >= Number(quantity),
    );
}
