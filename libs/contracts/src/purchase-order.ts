import { z } from 'zod';
import { defineEvent } from './event.ts';
import { ChannelCode, numberFits, numberMisfit, ShopNumber, WmsNumber } from './numbers.ts';
import { Amount, ArticleNumber, CodeAndName, Timestamp } from './order.ts';
import { PositiveQuantity, Quantity } from './quantity.ts';
import { text } from './text.ts';
import { ChannelPurchaseOrders, WmsPurchaseOrders, WmsStock } from './topics.ts';

const ref = { number: WmsNumber, channel: ChannelCode };
const byNumber = (data: { number: string }) => data.number;

/** Goods that a system has ordered from a supplier. An amendment is the whole of it again under a higher revision. */
export const PurchaseOrder = z
  .object({
    ...ref,
    shopNumber: ShopNumber,
    shopOrderId: text(200).min(1),
    revision: z.int().min(1),
    type: CodeAndName.optional(),
    supplier: z.object({ number: text(50), name: text(200).optional() }).optional(),
    expectedOn: z.iso.date().optional(),
    note: text(500).optional(),
    lines: z
      .array(
        z.object({
          row: text(50).min(1),
          article: ArticleNumber,
          quantity: PositiveQuantity,
          unitPrice: Amount.optional(),
          expectedOn: z.iso.date().optional(),
          /** A batch that the supplier has announced. */
          batch: text(100).optional(),
        }),
      )
      .min(1)
      .max(10_000),
  })
  .refine(numberFits, { message: numberMisfit, path: ['number'] })
  .refine((order) => new Set(order.lines.map((line) => line.row)).size === order.lines.length, {
    message: 'must not have two lines with the same row',
    path: ['lines'],
  });
export type PurchaseOrder = z.infer<typeof PurchaseOrder>;

export const PurchaseOrderPlaced = defineEvent(
  'purchase-order.placed',
  ChannelPurchaseOrders,
  PurchaseOrder.describe('An ERP has ordered goods from a supplier, which the warehouse will receive.'),
  byNumber,
);

export const PurchaseOrderAmended = defineEvent(
  'purchase-order.amended',
  ChannelPurchaseOrders,
  PurchaseOrder.describe('The whole purchase order again under a higher revision.'),
  byNumber,
);

export const PurchaseOrderCancelRequested = defineEvent(
  'purchase-order.cancel-requested',
  ChannelPurchaseOrders,
  z
    .object({
      ...ref,
      /** One more than the revision that is to be cancelled. */
      revision: z.int().min(1),
      reason: text(500).optional(),
      requestedAt: Timestamp,
    })
    .describe(
      'A wish to cancel a purchase order: its answer is purchase-order.cancelled or .cancel-refused.',
    ),
  byNumber,
);

const answered = { ...ref, revision: z.int().min(1) };

export const PurchaseOrderAccepted = defineEvent(
  'purchase-order.accepted',
  WmsPurchaseOrders,
  z
    .object({ ...answered, wmsPurchaseOrderId: z.int().optional() })
    .describe('The WMS has this revision of the purchase order.'),
  byNumber,
);

export const PurchaseOrderRefused = defineEvent(
  'purchase-order.refused',
  WmsPurchaseOrders,
  z
    .object({ ...answered, reason: z.enum(['foreign', 'too-late', 'wms']), text: text(1000).optional() })
    .describe(
      'The WMS will not take this revision of the purchase order. foreign: the number belongs to one that is not ours, which is never overwritten. too-late: goods have come already.',
    ),
  byNumber,
);

export const PurchaseOrderCancelled = defineEvent(
  'purchase-order.cancelled',
  WmsPurchaseOrders,
  z
    .object({ ...answered, by: z.enum(['channel', 'warehouse']) })
    .describe('Nothing of the purchase order is expected any more: asked for by its channel, or found so.'),
  byNumber,
);

export const PurchaseOrderCancelRefused = defineEvent(
  'purchase-order.cancel-refused',
  WmsPurchaseOrders,
  z
    .object({ ...answered, reason: z.enum(['too-late', 'unknown']), text: text(1000).optional() })
    .describe('Goods have come already, so the purchase order stays. unknown where the WMS did not say.'),
  byNumber,
);

/** Where a purchase order stands in words that do not depend on the tenant's own status numbers. */
export const PurchaseOrderState = z.enum([
  'advised',
  'arrived',
  'receiving',
  'deviating',
  'received',
  'cancelled',
  'unknown',
]);
export type PurchaseOrderState = z.infer<typeof PurchaseOrderState>;

export const PurchaseOrderStatusChanged = defineEvent(
  'purchase-order.status-changed',
  WmsPurchaseOrders,
  z
    .object({
      ...ref,
      state: PurchaseOrderState,
      status: z.object({ number: z.int(), text: text(200) }),
      at: Timestamp,
    })
    .describe('The purchase order has another status in the warehouse.'),
  byNumber,
);

export const PurchaseOrderReceived = defineEvent(
  'purchase-order.received',
  WmsPurchaseOrders,
  z
    .object({
      ...ref,
      /** Stable id of the receipt within the purchase order, for bookings that must happen once. */
      receipt: text(100).min(1),
      lines: z
        .array(
          z.object({
            row: z.string(),
            article: ArticleNumber,
            /** Below zero where the warehouse takes back what it had counted too many. */
            quantity: Quantity,
            batch: text(100).optional(),
            serials: z.array(text(100)).optional(),
            expiresOn: z.iso.date().optional(),
          }),
        )
        .min(1),
      receivedAt: Timestamp,
    })
    .describe('Goods of a purchase order have been received: what came since the receipt before, per line.'),
  byNumber,
);

export const PurchaseOrderClosed = defineEvent(
  'purchase-order.closed',
  WmsPurchaseOrders,
  z
    .object({
      ...ref,
      /** Other quantities came than were ordered. */
      deviation: z.boolean(),
      lines: z.array(
        z.object({ row: z.string(), article: ArticleNumber, ordered: Quantity, received: Quantity }),
      ),
      closedAt: Timestamp,
    })
    .describe(
      'The warehouse expects no more of this purchase order: what was ordered and what came, per line.',
    ),
  byNumber,
);

export const StockExpected = defineEvent(
  'stock.expected',
  WmsStock,
  z
    .object({
      article: ArticleNumber,
      /** Soonest first; what has no date comes last. Empty where nothing is expected any more. */
      expected: z.array(z.object({ on: z.iso.date().optional(), quantity: PositiveQuantity })),
      at: Timestamp,
    })
    .describe(
      'Pieces of an article that purchase orders announce and that have not come yet, whoever placed them, by the day on which they are expected; always the whole truth about that article.',
    ),
  (data) => data.article,
);
