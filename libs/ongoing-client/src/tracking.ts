import type { OngoingOrder } from './order.ts';
import { addQuantities } from './answer-parts.ts';

export interface TrackedLine {
  rowNumber: string;
  articleNumber: string;
  /** Decimal string. */
  quantity: string;
  /** Of these pieces, where they have any. */
  serials?: string[];
  batches?: { batch: string; quantity: string }[];
}

/** One outbound parcel, or one waybill where Ongoing knows no parcels. */
export interface TrackedParcel {
  /** The parcel's number, or its waybill where it has none. */
  key: string;
  /**
   * All numbers under which this parcel was seen, to recognise it when Ongoing names it differently later.
   */
  numbers: string[];
  trackingNumber: string;
  trackingUrl?: string;
  /** What lies in it; empty where Ongoing does not say. */
  lines: TrackedLine[];
}

const same = (number: string) => number.trim().toLowerCase();
const present = (value: string | undefined): value is string => value !== undefined && value.trim() !== '';

/**
 * Everything outbound that can be tracked, each parcel once. Tracking sits in up to four places
 * (`orderInfo.wayBill`, `tracking[]`, `parcels[].tracking`, `parcels[].parcelNumber`), and return labels lie
 * among them; parcels may still be added after the order was sent. Parts of a kit are not told apart: only an
 * order line's own picked items say which parcel it is in.
 */
export function trackingOf(order: OngoingOrder): TrackedParcel[] {
  const returns = returnNumbers(order);
  const parcels = order.parcels
    .filter((parcel) => !parcel.isReturnParcel)
    .map((parcel) => ({ parcel, numbers: [parcel.parcelNumber, parcel.tracking?.waybill].filter(present) }))
    .filter(({ numbers }) => numbers.length > 0 && !numbers.some((number) => returns.has(same(number))));
  const known = new Set(parcels.flatMap(({ numbers }) => numbers.map(same)));
  const loose = looseWaybills(order, new Set([...known, ...returns]));

  // One waybill for all parcels of the order is not a parcel more: it is the number of those that have none
  // of their own.
  const unlabelled = parcels.filter(({ parcel }) => !present(parcel.tracking?.waybill));
  const shared = loose.length === 1 && unlabelled.length > 0 ? loose[0] : undefined;

  const tracked = parcels.map(({ parcel, numbers }): TrackedParcel => {
    const common = shared && !present(parcel.tracking?.waybill) ? shared : undefined;
    const own = present(parcel.parcelNumber) ? parcel.parcelNumber : numbers[0];
    const url = parcel.tracking?.trackingUrl ?? common?.trackingUrl;
    return {
      key: own ?? '',
      numbers: [...new Set([...numbers, ...(common ? [common.waybill] : [])])],
      trackingNumber: parcel.tracking?.waybill ?? common?.waybill ?? own ?? '',
      ...(present(url) ? { trackingUrl: url } : {}),
      lines: linesOf(order, parcel),
    };
  });
  for (const { waybill, trackingUrl } of shared ? [] : loose) {
    const url = present(trackingUrl) ? { trackingUrl } : {};
    tracked.push({ key: waybill, numbers: [waybill], trackingNumber: waybill, ...url, lines: [] });
  }
  return onePerKey(tracked);
}

function returnNumbers(order: OngoingOrder): Set<string> {
  const numbers = [
    order.orderInfo.returnWayBill,
    ...order.returnTracking.map((track) => track.waybill),
    ...order.parcels
      .filter((parcel) => parcel.isReturnParcel)
      .flatMap((parcel) => [parcel.parcelNumber, parcel.tracking?.waybill]),
  ];
  return new Set(numbers.filter(present).map(same));
}

/** Waybills that belong to no parcel, with the link where one of their places holds it. */
function looseWaybills(order: OngoingOrder, taken: ReadonlySet<string>) {
  const found = new Map<string, { waybill: string; trackingUrl?: string | undefined }>();
  for (const track of [...order.tracking, { waybill: order.orderInfo.wayBill, trackingUrl: undefined }]) {
    if (!present(track.waybill) || taken.has(same(track.waybill))) continue;
    const before = found.get(same(track.waybill));
    found.set(same(track.waybill), {
      waybill: before?.waybill ?? track.waybill.trim(),
      trackingUrl: before?.trackingUrl ?? track.trackingUrl,
    });
  }
  return [...found.values()];
}

function linesOf(order: OngoingOrder, parcel: OngoingOrder['parcels'][number]): TrackedLine[] {
  const lines: TrackedLine[] = [];
  for (const line of order.orderLines) {
    const inside = line.pickedArticleItems.filter(
      (item) =>
        item.isPicked !== false &&
        item.parcel &&
        ((item.parcel.id !== undefined && item.parcel.id === parcel.id) ||
          (present(item.parcel.parcelNumber) && item.parcel.parcelNumber === parcel.parcelNumber)),
    );
    const quantity = addQuantities(inside.map((item) => item.numberOfItems ?? '0'));
    if (quantity === '0' || line.rowNumber === undefined) continue;
    const { articleNumber } = line.article;
    lines.push({ rowNumber: line.rowNumber, articleNumber, quantity, ...traitsOf(inside) });
  }
  return lines;
}

type PickedItem = OngoingOrder['orderLines'][number]['pickedArticleItems'][number];

/** Serial numbers and batches of picked pieces, each once. */
export function traitsOf(items: readonly PickedItem[]): Pick<TrackedLine, 'serials' | 'batches'> {
  const batches = new Map<string, string[]>();
  for (const { batchNumber, numberOfItems = '0' } of items)
    if (present(batchNumber)) batches.set(batchNumber, [...(batches.get(batchNumber) ?? []), numberOfItems]);
  const serials = [...new Set(items.map((item) => item.serial).filter(present))];
  return {
    ...(serials.length > 0 && { serials }),
    ...(batches.size > 0 && {
      batches: [...batches].map(([batch, quantities]) => ({ batch, quantity: addQuantities(quantities) })),
    }),
  };
}

function onePerKey(parcels: TrackedParcel[]): TrackedParcel[] {
  const byKey = new Map<string, TrackedParcel>();
  for (const parcel of parcels) {
    const before = byKey.get(same(parcel.key));
    if (!before) byKey.set(same(parcel.key), parcel);
    else before.lines = [...before.lines, ...parcel.lines];
  }
  return [...byKey.values()];
}
