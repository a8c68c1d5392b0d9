// Shapes that nothing produces yet. They freeze with the first release that produces them; until then they may change.
import { z } from 'zod';
import { defineEvent } from './event.ts';
import { ChannelCode, ShopNumber, WmsNumber } from './numbers.ts';
import { ArticleNumber, CodeAndName, Order, Timestamp } from './order.ts';
import { PositiveQuantity } from './quantity.ts';
import { text } from './text.ts';
import { ChannelOrders, ChannelReturns, WmsOrders } from './topics.ts';

const ref = { number: WmsNumber, channel: ChannelCode };
const byNumber = (data: { number: string }) => data.number;

export const OrderAmended = defineEvent(
  'order.amended',
  ChannelOrders,
  Order.describe('A shop has changed an order: the whole order again under a higher revision.'),
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
