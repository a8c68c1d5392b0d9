// Ongoing's words for what became of an order, and nowhere else but here.
import { fitText } from '@samlast/contracts';
import { trackingOf, traitsOf, type OngoingOrder } from '@samlast/ongoing-client';
import type { Seen } from './follow.ts';
import { hasLeft, type LeavingSettings, stateOf } from './statuses.ts';

/** `now` stands in where the warehouse did not write down when it shipped. */
export function seenOf(order: OngoingOrder, settings: LeavingSettings, now: string): Seen {
  const { orderInfo, transporter } = order;
  const status = orderInfo.orderStatus.number;
  const state = stateOf(status, settings.ORDER_STATUSES);
  const picked = order.orderLines
    .filter((line) => line.rowNumber !== undefined && isPositive(line.pickedNumberOfItems))
    .map((line) => ({
      row: line.rowNumber ?? '',
      article: line.article.articleNumber,
      quantity: line.pickedNumberOfItems,
      ...traits(traitsOf(line.pickedArticleItems)),
    }));
  const parcels = trackingOf(order).map(({ lines, ...parcel }) => ({
    ...parcel,
    lines: lines
      .filter((line) => isPositive(line.quantity))
      .map((line) => ({
        row: line.rowNumber,
        article: line.articleNumber,
        quantity: line.quantity,
        ...traits(line),
      })),
  }));
  return {
    status,
    statusText: orderInfo.orderStatus.text ?? '',
    state,
    // An order that is set to 'sent' with nothing picked and no parcel has shipped nothing.
    shipped: hasLeft(status, settings) && state !== 'cancelled' && picked.length + parcels.length > 0,
    shippedAt: isoTime(orderInfo.shippedTime) ?? now,
    carrier: transporter?.transporterName ?? transporter?.name ?? transporter?.code,
    parcels,
    picked,
    lines: linesThere(order),
  };
}

/** Lines that people added may have no row number. */
function linesThere(order: OngoingOrder): Seen['lines'] {
  return order.orderLines
    .filter((line) => isPositive(line.orderedNumberOfItems))
    .map((line) => ({
      row: line.rowNumber ?? '',
      article: line.article.articleNumber,
      quantity: line.orderedNumberOfItems,
    }));
}

/** Only what there is, no longer than the contract takes. */
function traits({ serials = [], batches = [] }: ReturnType<typeof traitsOf>) {
  const whole = batches.filter(({ batch, quantity }) => batch.length <= 100 && isPositive(quantity));
  return {
    ...(serials.length > 0 && { serials: serials.map((serial) => fitText(serial, 100)) }),
    ...(whole.length > 0 && { batches: whole }),
  };
}

const isPositive = (quantity: string | undefined) => quantity !== undefined && Number(quantity) > 0;

/** Ongoing's times have a varying number of fraction digits; without a zone they are UTC. */
function isoTime(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const zoned = /(Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`;
  const time = Date.parse(zoned);
  return Number.isNaN(time) ? undefined : new Date(time).toISOString();
}
