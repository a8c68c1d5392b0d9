import { Consignee, Quantity, Warehouse } from '@samlast/contracts';
import { z } from 'zod';

// What the shop sends, as README.md describes it. Members that are not named here are passed over.

/** "2", "0.5", or a whole JSON number: a fraction as a JSON number is no exact decimal. */
const Pieces = z.union([Quantity, z.int().transform(String)]);

const Line = z.object({
  id: z.union([z.string().min(1).max(50), z.int().transform(String)]),
  article: z.string().min(1).max(100),
  warehouse: Warehouse.optional(),
  quantity: Pieces,
  fulfilled: Pieces.default('0'),
  picked: z.boolean().default(true),
  name: z.string().optional(),
  unitPrice: z.string().optional(),
  comment: z.string().optional(),
});

/** What makes an order an entry of the feed; the rest of it may be unreadable without stopping the others. */
export const OrderHead = z.object({
  id: z.string().min(1).max(200),
  changedAt: z.iso.datetime({ offset: true }),
  number: z
    .union([z.string(), z.int().transform(String)])
    .optional()
    .catch(undefined),
  placedAt: z.iso.datetime({ offset: true }).optional().catch(undefined),
});

export const HttpOrder = z.object({
  id: z.string().min(1).max(200),
  number: z.union([z.string(), z.int().transform(String)]),
  placedAt: z.iso.datetime({ offset: true }),
  changedAt: z.iso.datetime({ offset: true }),
  state: z.enum(['placed', 'cancelled', 'not-yet']),
  cancelReason: z.string().nullish(),
  currency: z.string().nullish(),
  shippingMethod: z.object({ code: z.string(), name: z.string().optional() }).nullish(),
  deliveryDate: z.string().nullish(),
  note: z.string().nullish(),
  claimKey: z.string().nullish(),
  consignee: Consignee,
  lines: z.array(Line).min(1),
});

export const OrdersAnswer = z.object({ orders: z.array(z.unknown()), more: z.boolean() });

export const StockAnswer = z.object({
  stock: z.array(z.object({ article: z.string(), number: Pieces })),
});

export const NumberAnswer = z.object({ number: Pieces });

/** What makes an entry of the list; whether the rest of it fits is said of each article by itself. */
const ArticleEntry = z.looseObject({
  id: z.union([z.string().min(1).max(200), z.int().transform(String)]),
  number: z.string().min(1),
  listed: z.boolean().optional(),
});
export const ArticlesAnswer = z.object({ articles: z.array(ArticleEntry), more: z.boolean() });

const PurchaseLine = z.object({
  id: z.union([z.string().min(1).max(50), z.int().transform(String)]),
  article: z.string().min(1).max(100),
  quantity: Pieces,
  unitPrice: z.string().nullish(),
  expectedOn: z.string().nullish(),
  batch: z.string().nullish(),
});

export const HttpPurchase = z.object({
  id: z.string().min(1).max(200),
  number: z.union([z.string(), z.int().transform(String)]),
  placedAt: z.iso.datetime({ offset: true }),
  changedAt: z.iso.datetime({ offset: true }),
  state: z.enum(['placed', 'cancelled']),
  cancelReason: z.string().nullish(),
  type: z.object({ code: z.string(), name: z.string().optional() }).nullish(),
  supplier: z.object({ number: z.string(), name: z.string().optional() }).nullish(),
  expectedOn: z.string().nullish(),
  note: z.string().nullish(),
  lines: z.array(PurchaseLine).min(1),
});

export const PurchasesAnswer = z.object({ purchaseOrders: z.array(z.unknown()), more: z.boolean() });

export const HttpReturn = z.object({
  id: z.string().min(1).max(200),
  number: z.union([z.string(), z.int().transform(String)]),
  order: z.union([z.string(), z.int().transform(String)]),
  placedAt: z.iso.datetime({ offset: true }),
  changedAt: z.iso.datetime({ offset: true }),
  state: z.enum(['placed', 'cancelled']),
  cancelReason: z.string().nullish(),
  lines: z
    .array(
      z.object({
        id: z.union([z.string().min(1).max(50), z.int().transform(String)]),
        orderLine: z.union([z.string().min(1).max(50), z.int().transform(String)]),
        article: z.string().min(1).max(100),
        quantity: Pieces,
        cause: z.object({ code: z.string(), name: z.string().optional() }).nullish(),
      }),
    )
    .min(1),
});

export const ReturnsAnswer = z.object({ returns: z.array(z.unknown()), more: z.boolean() });

export const WebhookMessage = z.object({
  type: z.enum([
    'order.placed',
    'order.changed',
    'articles.changed',
    'purchase-order.changed',
    'return.changed',
  ]),
  order: z.object({ id: z.string().min(1).max(200) }).optional(),
});
