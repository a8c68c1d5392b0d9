import { z } from 'zod';
import { defineEvent } from './event.ts';
import { ChannelCode, WmsNumber } from './numbers.ts';
import { ArticleNumber, Order, Timestamp, Warehouse } from './order.ts';
import { Quantity } from './quantity.ts';
import { text } from './text.ts';
import { ChannelShelves, StockLevels, StockOrders, WmsStock } from './topics.ts';

/** Grows with every new level of an article; a lower version never replaces a higher one. */
export const LevelVersion = z.int().min(0);
/** A tick of the gateway's counter, see design: the watermark. */
export const WmsStep = z.int().min(0);

const orderRef = { number: WmsNumber, channel: ChannelCode, revision: z.int().min(1) };
const byNumber = (data: { number: string }) => data.number;
const byArticle = (data: { article: string }) => data.article;

/** What an order lacks of an article. */
const Lack = z.object({
  article: ArticleNumber,
  warehouse: Warehouse.optional(),
  reason: z.enum(['stock', 'unknown-article', 'inactive']),
  wanted: Quantity,
  missing: Quantity,
});

/** Why a line could not be reserved. */
export const Shortage = Lack.extend({
  /** Of a back-ordered order: the day by which purchase orders bring what is missing, where they name one. */
  expectedOn: z.iso.date().optional(),
});
export type Shortage = z.infer<typeof Shortage>;

/** From which level version on an order's pieces are no longer in its article's level. */
export const Counted = z.object({
  article: ArticleNumber,
  warehouse: Warehouse.optional(),
  version: LevelVersion,
});

export const OrderReserved = defineEvent(
  'order.reserved',
  StockOrders,
  z
    .object({
      ...orderRef,
      order: Order,
      counted: z.array(Counted),
      /** What the kits among its lines are made of, all together: reads of these find the order in them. */
      parts: z.array(z.object({ article: ArticleNumber, quantity: Quantity })).optional(),
    })
    .describe('The pieces are promised; the whole order goes on to the warehouse.'),
  byNumber,
);

export const OrderShort = defineEvent(
  'order.short',
  StockOrders,
  z
    .object({
      ...orderRef,
      outcome: z.enum(['held', 'backordered', 'partial', 'rejected']),
      shortages: z.array(Shortage).min(1),
      /** Of a back-ordered order: the day on which all that is missing can be there, where purchase orders name one. */
      expectedOn: z.iso.date().optional(),
      /** What was told before, where that is another day or no day any more. */
      expectedBefore: z.iso.date().optional(),
      /** Of a held or back-ordered order: its pieces are in no level from these versions on. */
      counted: z.array(Counted).optional(),
    })
    .describe(
      'The order cannot be covered as it is. held: nothing is reserved and a person decides. backordered: it waits in its turn for what arrives, and is told again when another day is expected, or none any more. partial: what there is is reserved, and order.reserved follows with just that. rejected: order.rejected follows at once.',
    ),
  byNumber,
);

export const OrderWaiting = defineEvent(
  'order.waiting',
  StockOrders,
  z
    .object({ ...orderRef, articles: z.array(ArticleNumber).min(1), counted: z.array(Counted).optional() })
    .describe('Undecided until the next stock read of these articles, which the gateway does at once.'),
  byNumber,
);

export const OrderRejected = defineEvent(
  'order.rejected',
  StockOrders,
  z
    .object({
      ...orderRef,
      by: text(200),
      reason: text(500),
      /** Its pieces are taken for sold in the levels from these versions on. */
      counted: z.array(Counted).optional(),
    })
    .describe('Refused by policy or by a person: the channel cancels the order in its shop.'),
  byNumber,
);

export const OrderReleased = defineEvent(
  'order.released',
  StockOrders,
  z
    .object({ ...orderRef, cause: z.enum(['cancelled-before-wms', 'cancelled-in-wms', 'rejected']) })
    .describe(
      'What was promised or held is promised no more; for a cancel before the order reached the WMS this is its answer.',
    ),
  byNumber,
);

export const OrderAmendmentRefused = defineEvent(
  'order.amendment-refused',
  StockOrders,
  z
    .object({
      ...orderRef,
      reason: z.enum(['stock', 'ended']),
      shortages: z.array(Lack).optional(),
      /** From which level versions on what its shop has sold with the change is not contained. */
      counted: z.array(Counted).optional(),
    })
    .describe(
      'An amendment is not carried out and the order stays as it was. stock: what it wants more is not there. ended: the order is none any more, or is being cancelled.',
    ),
  byNumber,
);

export const OrderEndangered = defineEvent(
  'order.endangered',
  StockOrders,
  z
    .object({ ...orderRef, shortages: z.array(Lack) })
    .describe(
      'Goods that were promised to this order have vanished from the warehouse. It still goes there, and may be delivered in part or not at all. An empty list says that they are there again.',
    ),
  byNumber,
);

export const OrderCancelForwarded = defineEvent(
  'order.cancel-forwarded',
  StockOrders,
  z
    .object({ ...orderRef, reason: text(500).optional() })
    .describe(
      'The order may be in the warehouse already: the gateway asks it to cancel and tells the outcome.',
    ),
  byNumber,
);

export const StockLevelChanged = defineEvent(
  'stock.level-changed',
  StockLevels,
  z
    .object({
      article: ArticleNumber,
      warehouse: Warehouse.optional(),
      version: LevelVersion,
      at: Timestamp,
      /** Pieces that nobody has been promised; may be negative when goods vanished. */
      free: Quantity,
      /** Sellable as the WMS last said it. */
      sellable: Quantity,
      /** Promised, but not yet in the WMS's own figure. */
      reserved: Quantity,
      channels: z.record(
        ChannelCode,
        z.object({
          level: Quantity,
          mode: z.enum(['shared', 'lease', 'claim']),
          /**
           * Of a shop on lease whose number is written plainly: from which version on one write of a number above 0 is
           * counted; 0 where none is, as the shop is taken to show its level already. A channel that has begun such a
           * write, or said what came of it, under that version or a later one, writes only 0 and asks for a new level.
           */
          since: LevelVersion.optional(),
        }),
      ),
    })
    .describe("What each channel's shop may show of an article; always the whole truth about that article."),
  byArticle,
);

export const StockObserved = defineEvent(
  'stock.observed',
  WmsStock,
  z
    .object({
      article: ArticleNumber,
      warehouse: Warehouse.optional(),
      status: z.enum(['active', 'inactive', 'not-stocked']),
      /** May be negative: Ongoing takes orders beyond its stock. */
      sellable: Quantity,
      incoming: Quantity.optional(),
      started: WmsStep,
      ended: WmsStep,
      /** Writes that were on their way to the WMS at any moment of this read. */
      inFlight: z.array(z.object({ number: WmsNumber, revision: z.int().min(1) })),
      /**
       * Of a read that the gateway holds, as it would zero many articles at once or lacks some: a lower figure counts
       * at once, a higher one waits for a second read.
       */
      doubtful: z.boolean().optional(),
      at: Timestamp,
    })
    .describe(
      'One read of one article: every figure between started and ended is possible, so both bounds travel.',
    ),
  byArticle,
);

export const LineAccepted = defineEvent(
  'line.accepted',
  WmsStock,
  z
    .object({
      ...orderRef,
      article: ArticleNumber,
      warehouse: Warehouse.optional(),
      quantity: Quantity,
      sent: WmsStep,
      accepted: WmsStep,
    })
    .describe(
      'How many pieces of an article the WMS has taken for one revision of an order; 0 for a cancel.',
    ),
  byArticle,
);

const shelfKey = (data: { channel: string; article: string }) => `${data.channel}/${data.article}`;

/** How a shop's stock can be written, see design 6.3. */
export const ShelfMethod = z.enum(['compare-and-set', 'stocked', 'relative', 'absolute', 'none']);
export type ShelfMethod = z.infer<typeof ShelfMethod>;

export const ShelfSet = defineEvent(
  'shelf.set',
  ChannelShelves,
  z
    .object({
      channel: ChannelCode,
      article: ArticleNumber,
      warehouse: Warehouse.optional(),
      version: LevelVersion,
      writeId: text(100),
      method: ShelfMethod,
      /** What the shop now offers to buyers. */
      shelf: Quantity,
      numberBefore: Quantity.optional(),
      numberAfter: Quantity.optional(),
      /**
       * All pieces that the shop has ever been allowed to sell, those of orders sent on included: with the pieces of
       * those orders it says what the shop can still sell at most (design 6.3, totals). Absent while it cannot be told
       * for sure, as after a write whose effect on unread sales only the feed will show.
       */
      allowance: Quantity.optional(),
      /** The shop should show more, and the level's one plain write is used up: a new level is asked for. */
      renew: z.boolean().optional(),
      /** The shop's order feed had been read completely up to this time. */
      feedReadTo: Timestamp.optional(),
      at: Timestamp,
    })
    .describe("The facts of one confirmed write to a shop's shelf."),
  shelfKey,
);

export const ShelfRefused = defineEvent(
  'shelf.refused',
  ChannelShelves,
  z
    .object({
      channel: ChannelCode,
      article: ArticleNumber,
      warehouse: Warehouse.optional(),
      version: LevelVersion,
      reason: z.enum(['unknown-article', 'shop-refused']),
      text: text(1000).optional(),
      at: Timestamp,
    })
    .describe('The shop would not take the write, with its own words.'),
  shelfKey,
);
