import { z } from 'zod';
import { defineEvent } from './event.ts';
import { ChannelCode, numberFits, numberMisfit, ShopNumber, WmsNumber } from './numbers.ts';
import { PositiveQuantity } from './quantity.ts';
import { text } from './text.ts';
import { ChannelOrders } from './topics.ts';

/** An article's number, the same on every system (promise P1). */
export const ArticleNumber = text(100).min(1).describe('Article number');

/**
 * Where pieces of an article lie; absent for the goods owner's only warehouse. An article and its warehouse make one
 * position of stock.
 */
export const Warehouse = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,20}$/, 'must be 1 to 20 letters, digits, hyphens or underscores, such as GBG')
  .describe('Warehouse of a position; absent for the only one');

export const Timestamp = z.iso.datetime({ offset: true }).describe('ISO 8601 with offset');

export const CodeAndName = z.object({
  code: text(100).min(1),
  name: text(200).optional(),
});

const freeText = () => text(500).describe('Free text of buyer or staff: may hold personal data');

/** Amounts are decimal strings like quantities: never floats. */
export const Amount = z.string().regex(/^-?\d{1,12}(\.\d{1,4})?$/, 'must be a decimal string');

/**
 * Who gets the parcel. One replaceable member of the order. Beside it only free texts of buyer and staff can hold
 * personal data, since nobody knows what they wrote: an order's `note`, a line's `comment`, a cancel's `reason`.
 */
export const Consignee = z.object({
  name: text(200).optional(),
  company: text(200).optional(),
  address1: text(200).optional(),
  address2: text(200).optional(),
  address3: text(200).optional(),
  postCode: text(30).optional(),
  city: text(100).optional(),
  countryCode: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be a two-letter country code in capitals')
    .optional(),
  stateCode: text(30).optional(),
  email: text(200).optional(),
  phone: text(50).optional(),
  customerNumber: text(50).optional(),
  remark: text(500).optional(),
});
export type Consignee = z.infer<typeof Consignee>;

export const OrderLine = z.object({
  /** Unique within the order, stable over its revisions; Ongoing's rowNumber. */
  row: text(50).min(1),
  article: ArticleNumber,
  warehouse: Warehouse.optional(),
  quantity: PositiveQuantity,
  /** false for what is not picked in the warehouse (freight, fees): such a line reserves nothing. */
  picked: z.boolean().default(true),
  name: text(300).optional(),
  unitPrice: Amount.optional(),
  comment: freeText().optional(),
});
export type OrderLine = z.infer<typeof OrderLine>;

/** The canonical order. An amendment is the whole order again under a higher revision. */
export const Order = z
  .object({
    number: WmsNumber,
    channel: ChannelCode,
    shopNumber: ShopNumber,
    /** The shop's own id of the order, for links and for calls back to the shop. */
    shopOrderId: text(200).min(1),
    /** Grows by one with every amendment and cancel; the answers of the WMS carry the revision they answer. */
    revision: z.int().min(1),
    /** The claim that the shop took before the payment, where it did. */
    claimKey: text(100).optional(),
    /** Says where the order came from (promise P4): Ongoing's order type. */
    type: CodeAndName,
    placedAt: Timestamp,
    deliveryDate: z.iso.date().optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .optional(),
    shippingMethod: CodeAndName.optional(),
    note: freeText().optional(),
    consignee: Consignee,
    lines: z.array(OrderLine).min(1).max(10_000),
  })
  .refine(numberFits, { message: numberMisfit, path: ['number'] })
  .refine((order) => new Set(order.lines.map((line) => line.row)).size === order.lines.length, {
    message: 'must not have two lines with the same row',
    path: ['lines'],
  });
export type Order = z.infer<typeof Order>;

const byNumber = (data: { number: string }) => data.number;

export const OrderPlaced = defineEvent(
  'order.placed',
  ChannelOrders,
  Order.describe('A buyer has placed an order in a shop.'),
  byNumber,
);

export const OrderAmended = defineEvent(
  'order.amended',
  ChannelOrders,
  Order.describe(
    'A shop has changed an order: the whole order again under a higher revision. Its answer is order.accepted, order.refused, order.amendment-refused or order.short of that revision or a later one.',
  ),
  byNumber,
);

export const OrderCancelRequested = defineEvent(
  'order.cancel-requested',
  ChannelOrders,
  z
    .object({
      number: WmsNumber,
      channel: ChannelCode,
      /** One more than the revision that is to be cancelled. */
      revision: z.int().min(1),
      reason: freeText().optional(),
      /** Whether the shop has put the pieces back on its own number; absent where that is not known. */
      restocked: z.boolean().optional(),
      requestedAt: Timestamp,
    })
    .describe('A wish, not a fact: its answer is order.released, order.cancelled or order.cancel-refused.'),
  byNumber,
);
