import { z } from 'zod';
import { defineEvent } from './event.ts';
import { ChannelCode, ShopNumber, WmsNumber } from './numbers.ts';
import { PositiveQuantity } from './quantity.ts';
import { ChannelOrders } from './topics.ts';

/** An article's number, the same on every system (promise P1). */
export const ArticleNumber = z.string().min(1).max(100).describe('Article number');

export const Timestamp = z.iso.datetime({ offset: true }).describe('ISO 8601 with offset');

export const CodeAndName = z.object({
  code: z.string().min(1).max(100),
  name: z.string().max(200).optional(),
});

/** Amounts are decimal strings like quantities: never floats. */
export const Amount = z.string().regex(/^-?\d{1,12}(\.\d{1,4})?$/, 'must be a decimal string');

/** Who gets the parcel. One replaceable member of the order: nothing else in it is personal data. */
export const Consignee = z.object({
  name: z.string().max(200).optional(),
  company: z.string().max(200).optional(),
  address1: z.string().max(200).optional(),
  address2: z.string().max(200).optional(),
  address3: z.string().max(200).optional(),
  postCode: z.string().max(30).optional(),
  city: z.string().max(100).optional(),
  countryCode: z
    .string()
    .regex(/^[A-Z]{2}$/, 'must be a two-letter country code in capitals')
    .optional(),
  stateCode: z.string().max(30).optional(),
  email: z.string().max(200).optional(),
  phone: z.string().max(50).optional(),
  customerNumber: z.string().max(50).optional(),
  remark: z.string().max(500).optional(),
});
export type Consignee = z.infer<typeof Consignee>;

export const OrderLine = z.object({
  /** Unique within the order, stable over its revisions; Ongoing's rowNumber. */
  row: z.string().min(1).max(50),
  article: ArticleNumber,
  quantity: PositiveQuantity,
  /** false for what is not picked in the warehouse (freight, fees): such a line reserves nothing. */
  picked: z.boolean().default(true),
  name: z.string().max(300).optional(),
  unitPrice: Amount.optional(),
  comment: z.string().max(500).optional(),
});
export type OrderLine = z.infer<typeof OrderLine>;

/** The canonical order. An amendment is the whole order again under a higher revision. */
export const Order = z
  .object({
    number: WmsNumber,
    channel: ChannelCode,
    shopNumber: ShopNumber,
    /** The shop's own id of the order, for links and for calls back to the shop. */
    shopOrderId: z.string().min(1).max(200),
    /** Grows by one with every amendment and cancel; the answers of the WMS carry the revision they answer. */
    revision: z.int().min(1),
    /** The claim that the shop took before the payment, where it did. */
    claimKey: z.string().max(100).optional(),
    /** Says where the order came from (promise P4): Ongoing's order type. */
    type: CodeAndName,
    placedAt: Timestamp,
    deliveryDate: z.iso.date().optional(),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .optional(),
    shippingMethod: CodeAndName.optional(),
    note: z.string().max(500).optional(),
    consignee: Consignee,
    lines: z.array(OrderLine).min(1).max(10_000),
  })
  .refine((order) => new Set(order.lines.map((line) => line.row)).size === order.lines.length, {
    message: 'must not have two lines with the same row',
    path: ['lines'],
  });
export type Order = z.infer<typeof Order>;

const byNumber = (data: { number: string }) => data.number;

export const OrderPlaced = defineEvent('order.placed', ChannelOrders, Order, byNumber);
export const OrderAmended = defineEvent('order.amended', ChannelOrders, Order, byNumber);

/** A wish, not a fact: its answer is order.released, order.cancelled or order.cancel-refused. */
export const OrderCancelRequested = defineEvent(
  'order.cancel-requested',
  ChannelOrders,
  z.object({
    number: WmsNumber,
    channel: ChannelCode,
    /** One more than the revision that is to be cancelled. */
    revision: z.int().min(1),
    reason: z.string().max(500).optional(),
    requestedAt: Timestamp,
  }),
  byNumber,
);
