import { z } from 'zod';
import { defineEvent } from './event.ts';
import { ChannelCode, WmsNumber } from './numbers.ts';
import { ArticleNumber, Timestamp } from './order.ts';
import { PositiveQuantity, Quantity } from './quantity.ts';
import { WmsStep } from './stock.ts';
import { text } from './text.ts';
import { WmsOrders } from './topics.ts';

const orderRef = { number: WmsNumber, channel: ChannelCode };
const answered = { ...orderRef, revision: z.int().min(1) };
const byNumber = (data: { number: string }) => data.number;

export const OrderAccepted = defineEvent(
  'order.accepted',
  WmsOrders,
  z
    .object({
      ...answered,
      sent: WmsStep,
      accepted: WmsStep,
      wmsOrderId: z.int().optional(),
      lines: z.array(z.object({ row: z.string(), article: ArticleNumber, quantity: Quantity })),
    })
    .describe(
      "The WMS has this revision of the order. sent and accepted are the gateway's counter before the request and after its answer.",
    ),
  byNumber,
);

export const OrderCancelled = defineEvent(
  'order.cancelled',
  WmsOrders,
  z
    .object({ ...answered, sent: WmsStep, accepted: WmsStep, by: z.enum(['channel', 'warehouse']) })
    .describe('The order is cancelled in the WMS: asked for by its channel, or found cancelled there.'),
  byNumber,
);

/** Parts of an order that a change of it can concern, and that the WMS may take or refuse each by itself. */
export const OrderPart = z.enum([
  'lines',
  'consignee',
  'deliveryDate',
  'shippingMethod',
  'note',
  'prices',
  'comments',
]);
export type OrderPart = z.infer<typeof OrderPart>;

export const OrderRefused = defineEvent(
  'order.refused',
  WmsOrders,
  z
    .object({
      ...answered,
      reason: z.enum(['foreign', 'too-late', 'wms']),
      text: text(1000).optional(),
      /** Of a change that came too late: what of it was carried out all the same, and what stays as it was. */
      changed: z.array(OrderPart).optional(),
      unchanged: z.array(OrderPart).optional(),
    })
    .describe(
      'The WMS will not take this revision; the reservation stays until a person decides. foreign: the number belongs to an order that is not ours, which is never overwritten.',
    ),
  byNumber,
);

export const OrderCancelRefused = defineEvent(
  'order.cancel-refused',
  WmsOrders,
  z
    .object({ ...answered, reason: z.enum(['too-late', 'unknown']), text: text(1000).optional() })
    .describe(
      'The warehouse works on the order already, or has shipped it: it stays. unknown where the WMS did not say.',
    ),
  byNumber,
);

/** Where an order stands in words that do not depend on the tenant's own status numbers. */
export const OrderState = z.enum([
  'error',
  'open',
  'released',
  'picking',
  'picked',
  'sent',
  'collected',
  'returned',
  'cancelled',
  'unknown',
]);
export type OrderState = z.infer<typeof OrderState>;

export const OrderStatusChanged = defineEvent(
  'order.status-changed',
  WmsOrders,
  z
    .object({
      ...orderRef,
      state: OrderState,
      status: z.object({ number: z.int(), text: text(200) }),
      at: Timestamp,
    })
    .describe('The order has another status in the warehouse.'),
  byNumber,
);

export const OrderShipped = defineEvent(
  'order.shipped',
  WmsOrders,
  z
    .object({
      ...orderRef,
      /** Stable id of the parcel within the order, for idempotent fulfilments. */
      parcel: text(100).min(1),
      lines: z.array(
        z.object({
          row: z.string(),
          article: ArticleNumber,
          quantity: PositiveQuantity,
          /** Serial numbers of the pieces, and batches they are of, where the warehouse knows them. */
          serials: z.array(text(100)).max(10_000).optional(),
          batches: z
            .array(z.object({ batch: text(100), quantity: PositiveQuantity }))
            .max(1_000)
            .optional(),
        }),
      ),
      carrier: text(200).optional(),
      trackingNumber: text(100).optional(),
      trackingUrl: text(1000).optional(),
      shippedAt: Timestamp,
    })
    .describe(
      'One parcel, told once. Orders with several parcels have several of these; parcels may follow late.',
    ),
  byNumber,
);

const lineThere = z.object({ row: z.string(), article: ArticleNumber, quantity: Quantity });

export const OrderEdited = defineEvent(
  'order.edited',
  WmsOrders,
  z
    .object({
      ...answered,
      lines: z.array(lineThere),
      before: z.array(lineThere),
      at: Timestamp,
    })
    .describe(
      'People of the warehouse have changed the lines of the order: as they are there now, and as they were. revision is the last that the WMS had taken.',
    ),
  byNumber,
);

export const OrderSplit = defineEvent(
  'order.split',
  WmsOrders,
  z
    .object({
      ...orderRef,
      /** The number that the warehouse gave the other order; no channel made it. */
      into: text(200).min(1),
      wmsOrderId: z.int(),
      lines: z.array(lineThere),
      at: Timestamp,
    })
    .describe(
      'The warehouse carries pieces of the order under another number: a split or a back order. Told again when they change; no lines once that order is cancelled. Its parcels are told as parcels of the order.',
    ),
  byNumber,
);
