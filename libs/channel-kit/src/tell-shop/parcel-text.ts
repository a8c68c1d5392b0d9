import type { Shipment } from '../shop.ts';

/** What the shop's staff reads of a parcel of which the warehouse does not say what lies in it. */
export function parcelText({ carrier, trackingNumber, trackingUrl }: Shipment): string {
  const known = [carrier, trackingNumber && `tracking number ${trackingNumber}`, trackingUrl].filter(Boolean);
  const what = known.length > 0 ? `: ${known.join(', ')}` : '';
  return `Another parcel of this order has left${what}. The warehouse does not say what lies in it, so tell the buyer of it.`;
}
