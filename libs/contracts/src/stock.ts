import { z } from 'zod';
import { defineEvent } from './event.ts';
import { ChannelCode, WmsNumber } from './numbers.ts';
import { ArticleNumber, Order, Timestamp } from './order.ts';
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

/** Why a line could not be reserved. */
export const Shortage = z.object({
  article: ArticleNumber,
  reason: z.enum(['stock', 'unknown-article', 'inactive']),
  wanted: Quantity,
  missing: Quantity,
});
export type Shortage = z.infer<typeof Shortage>;

/** From which level version on an order's pieces are no longer in its article's level. */
export const Counted = z.object({ article: ArticleNumber, version: LevelVersion });

/** The pieces are promised; the whole order goes on to the warehouse. */
export const OrderReserved = defineEvent(
  'order.reserved',
  StockOrders,
  z.object({ ...orderRef, order: Order, counted: z.array(Counted) }),
  byNumber,
);

/** `held`: a person decides. `rejected`: order.rejected follows at once. Nothing is reserved. */
export const OrderShort = defineEvent(
  'order.short',
  StockOrders,
  z.object({ ...orderRef, outcome: z.enum(['held', 'rejected']), shortages: z.array(Shortage).min(1) }),
  byNumber,
);

/** Undecided until the next stock read of these articles, which the gateway does at once (rule 1 of the design's 6.6). */
export const OrderWaiting = defineEvent(
  'order.waiting',
  StockOrders,
  z.object({ ...orderRef, articles: z.array(ArticleNumber).min(1) }),
  byNumber,
);

/** By policy or by a person: the channel cancels the order in its shop. */
export const OrderRejected = defineEvent(
  'order.rejected',
  StockOrders,
  z.object({ ...orderRef, by: text(200), reason: text(500) }),
  byNumber,
);

/** What was promised or held is promised no more; for a cancel before the order reached the WMS this is its answer. */
export const OrderReleased = defineEvent(
  'order.released',
  StockOrders,
  z.object({ ...orderRef, cause: z.enum(['cancelled-before-wms', 'cancelled-in-wms', 'rejected']) }),
  byNumber,
);

/** The order may be in the warehouse already: the gateway asks it to cancel and tells the outcome. */
export const OrderCancelForwarded = defineEvent(
  'order.cancel-forwarded',
  StockOrders,
  z.object({ ...orderRef, reason: text(500).optional() }),
  byNumber,
);

/** What each channel's shop may show of an article; compacted, so always the whole truth about that article. */
export const StockLevelChanged = defineEvent(
  'stock.level-changed',
  StockLevels,
  z.object({
    article: ArticleNumber,
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
      z.object({ level: Quantity, mode: z.enum(['shared', 'lease', 'claim']) }),
    ),
  }),
  byArticle,
);

/** One read of one article: every figure between `started` and `ended` is possible, so both bounds travel. */
export const StockObserved = defineEvent(
  'stock.observed',
  WmsStock,
  z.object({
    article: ArticleNumber,
    status: z.enum(['active', 'inactive', 'not-stocked']),
    /** May be negative: Ongoing takes orders beyond its stock. */
    sellable: Quantity,
    incoming: Quantity.optional(),
    started: WmsStep,
    ended: WmsStep,
    /** Writes that were on their way to the WMS at any moment of this read. */
    inFlight: z.array(z.object({ number: WmsNumber, revision: z.int().min(1) })),
    at: Timestamp,
  }),
  byArticle,
);

/** How many pieces of an article the WMS has taken for one revision of an order; 0 for a cancel. */
export const LineAccepted = defineEvent(
  'line.accepted',
  WmsStock,
  z.object({
    ...orderRef,
    article: ArticleNumber,
    quantity: Quantity,
    sent: WmsStep,
    accepted: WmsStep,
  }),
  byArticle,
);

const shelfKey = (data: { channel: string; article: string }) => `${data.channel}/${data.article}`;

/** How a shop's stock can be written, see design 6.3. */
export const ShelfMethod = z.enum(['compare-and-set', 'stocked', 'relative', 'absolute', 'none']);
export type ShelfMethod = z.infer<typeof ShelfMethod>;

/** The facts of one confirmed write to a shop's shelf. */
export const ShelfSet = defineEvent(
  'shelf.set',
  ChannelShelves,
  z.object({
    channel: ChannelCode,
    article: ArticleNumber,
    version: LevelVersion,
    writeId: text(100),
    method: ShelfMethod,
    /** What the shop now offers to buyers. */
    shelf: Quantity,
    numberBefore: Quantity.optional(),
    numberAfter: Quantity.optional(),
    /** The shop's order feed had been read completely up to this time. */
    feedReadTo: Timestamp.optional(),
    at: Timestamp,
  }),
  shelfKey,
);

/** The shop would not take the write, with its own words. */
export const ShelfRefused = defineEvent(
  'shelf.refused',
  ChannelShelves,
  z.object({
    channel: ChannelCode,
    article: ArticleNumber,
    version: LevelVersion,
    reason: z.enum(['unknown-article', 'shop-refused']),
    text: text(1000).optional(),
    at: Timestamp,
  }),
  shelfKey,
);
