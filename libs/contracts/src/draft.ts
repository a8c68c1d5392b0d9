// Shapes that nothing produces yet. They freeze with the first release that produces them; until then they may change.
import { z } from 'zod';
import { defineEvent } from './event.ts';
import { ChannelCode, numberFits, numberMisfit, ShopNumber, WmsNumber } from './numbers.ts';
import { Amount, ArticleNumber, CodeAndName, Order, Timestamp } from './order.ts';
import { PositiveQuantity, Quantity } from './quantity.ts';
import { text } from './text.ts';
import {
  ChannelOrders,
  ChannelPurchaseOrders,
  ChannelReturns,
  WmsOrders,
  WmsPurchaseOrders,
} from './topics.ts';

const ref = { number: WmsNumber, channel: ChannelCode };
const byNumber = (data: { number: string }) => data.number;

export const OrderAmended = defineEvent(
  'order.amended',
  ChannelOrders,
  Order.describe('A shop has changed an order: the whole order again under a higher revision.'),
  byNumber,
);

export const PurchaseOrder = z
  .object({
    ...ref,
    shopNumber: ShopNumber,
    shopOrderId: text(200).min(1),
    revision: z.int().min(1),
    type: CodeAndName.optional(),
    supplier: z.object({ number: text(50), name: text(200).optional() }).optional(),
    expectedOn: z.iso.date().optional(),
    lines: z
      .array(
        z.object({
          row: text(50).min(1),
          article: ArticleNumber,
          quantity: PositiveQuantity,
          unitPrice: Amount.optional(),
          expectedOn: z.iso.date().optional(),
        }),
      )
      .min(1)
      .max(10_000),
  })
  .refine(numberFits, { message: numberMisfit, path: ['number'] });

const cancelRequest = z.object({
  ...ref,
  revision: z.int().min(1),
  reason: text(500).optional(),
  requestedAt: Timestamp,
});

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
  cancelRequest.describe('A wish to cancel a purchase order.'),
  byNumber,
);

export const ReturnAnnounced = defineEvent(
  'return.announced',
  ChannelReturns,
  z
    .object({
      ...ref,
      shopNumber: ShopNumber,
      order: WmsNumber,
      announcedAt: Timestamp,
      lines: z
        .array(
          z.object({
            row: text(50).min(1),
            orderRow: text(50).min(1),
            article: ArticleNumber,
            quantity: PositiveQuantity,
            cause: CodeAndName.optional(),
          }),
        )
        .min(1),
    })
    .describe('A buyer will send goods back.'),
  byNumber,
);
export const ReturnWithdrawn = defineEvent(
  'return.withdrawn',
  ChannelReturns,
  z.object({ ...ref, reason: text(500).optional() }).describe('An announced return will not come.'),
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
    .object({
      ...answered,
      reason: z.enum(['foreign', 'too-late', 'wms']),
      text: text(1000).optional(),
    })
    .describe('The WMS will not take this revision of the purchase order.'),
  byNumber,
);
export const PurchaseOrderReceived = defineEvent(
  'purchase-order.received',
  WmsPurchaseOrders,
  z
    .object({
      ...ref,
      receipt: text(100).min(1),
      lines: z.array(
        z.object({
          row: z.string(),
          article: ArticleNumber,
          quantity: Quantity,
          batch: text(100).optional(),
          serials: z.array(text(100)).optional(),
        }),
      ),
      receivedAt: Timestamp,
    })
    .describe('Goods of a purchase order have been received, per line.'),
  byNumber,
);
export const PurchaseOrderClosed = defineEvent(
  'purchase-order.closed',
  WmsPurchaseOrders,
  z
    .object({ ...ref, deviation: z.boolean(), closedAt: Timestamp })
    .describe('The warehouse expects no more of this purchase order.'),
  byNumber,
);

export const OrderReturned = defineEvent(
  'order.returned',
  WmsOrders,
  z
    .object({
      ...ref,
      return: text(100).min(1),
      lines: z.array(
        z.object({
          row: z.string(),
          article: ArticleNumber,
          quantity: PositiveQuantity,
          restocked: z.boolean(),
          cause: CodeAndName.optional(),
        }),
      ),
      returnedAt: Timestamp,
    })
    .describe('Goods of an order have come back to the warehouse.'),
  byNumber,
);
