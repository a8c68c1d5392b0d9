import { z } from 'zod';
import { defineEvent } from './event.ts';
import { ChannelCode, numberFits, numberMisfit, ShopNumber, WmsNumber } from './numbers.ts';
import { ArticleNumber, CodeAndName, Timestamp } from './order.ts';
import { PositiveQuantity } from './quantity.ts';
import { text } from './text.ts';
import { ChannelReturns, WmsOrders, WmsReturns } from './topics.ts';

const ref = { number: WmsNumber, channel: ChannelCode, revision: z.int().min(1) };
const byNumber = (data: { number: string }) => data.number;

/** Goods of one order that its buyer will send back. */
export const Return = z
  .object({
    ...ref,
    shopNumber: ShopNumber,
    shopOrderId: text(200).min(1),
    /** The order's number in the WMS. */
    order: WmsNumber,
    announcedAt: Timestamp,
    lines: z
      .array(
        z.object({
          row: text(50).min(1),
          /** The row of the order. */
          orderRow: text(50).min(1),
          article: ArticleNumber,
          quantity: PositiveQuantity,
          cause: CodeAndName.optional(),
        }),
      )
      .min(1)
      .max(1_000),
  })
  .refine(numberFits, { message: numberMisfit, path: ['number'] });
export type Return = z.infer<typeof Return>;

export const ReturnAnnounced = defineEvent(
  'return.announced',
  ChannelReturns,
  Return.describe('A buyer will send goods back.'),
  byNumber,
);

export const ReturnWithdrawn = defineEvent(
  'return.withdrawn',
  ChannelReturns,
  z
    .object({ ...ref, reason: text(500).optional() })
    .describe(
      'An announced return will not come: a wish, answered by return.cancelled or return.cancel-refused.',
    ),
  byNumber,
);

export const ReturnAccepted = defineEvent(
  'return.accepted',
  WmsReturns,
  z.object({ ...ref, wmsReturnOrderId: z.int().optional() }).describe('The WMS expects the return.'),
  byNumber,
);

export const ReturnRefused = defineEvent(
  'return.refused',
  WmsReturns,
  z
    .object({ ...ref, reason: z.enum(['foreign', 'too-late', 'wms']), text: text(1000).optional() })
    .describe(
      'The WMS will not take the return. foreign: the number belongs to one that is not ours. wms: Ongoing refused it, or has no such order or row.',
    ),
  byNumber,
);

export const ReturnCancelled = defineEvent(
  'return.cancelled',
  WmsReturns,
  z
    .object({ ...ref, by: z.enum(['channel', 'warehouse']) })
    .describe('The WMS does not expect the return any more.'),
  byNumber,
);

export const ReturnCancelRefused = defineEvent(
  'return.cancel-refused',
  WmsReturns,
  z
    .object({ ...ref, reason: z.enum(['too-late', 'unknown']), text: text(1000).optional() })
    .describe('Goods have come back already, so the return stays.'),
  byNumber,
);

export const OrderReturned = defineEvent(
  'order.returned',
  WmsOrders,
  z
    .object({
      number: WmsNumber,
      channel: ChannelCode,
      /** Stable id within the order of what came back at one time, for bookings that must happen once. */
      receipt: text(100).min(1),
      /** The announced return that it belongs to; absent for goods that were found at the dock. */
      return: text(100).min(1).optional(),
      lines: z
        .array(
          z.object({
            row: z.string(),
            article: ArticleNumber,
            quantity: PositiveQuantity,
            /** Fit to be sold again, and in the WMS's own figure; false for what was scrapped. */
            restocked: z.boolean(),
            cause: CodeAndName.optional(),
          }),
        )
        .min(1),
      returnedAt: Timestamp,
    })
    .describe(
      'Goods of an order have come back to the warehouse: what came since the time before. Stock needs no booking for them, also where the WMS shows scrapped pieces as corrections.',
    ),
  byNumber,
);
