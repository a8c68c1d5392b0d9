import { z } from 'zod';
import { codeAndName, decimal, entries, id, list, optional, quantity, text } from './answer-parts.ts';

export interface PurchaseOrderLineInput {
  rowNumber: string;
  articleNumber: string;
  /** A number, or a decimal string such as "0.125". */
  numberOfItems: number | string;
  comment?: string;
  rowPrice?: number;
  currencyCode?: string;
  batchNumber?: string;
  /** A date such as 2026-03-10. */
  inDate?: string;
  externalOrderLineId?: string;
}

/** What `PUT /purchaseOrders` takes, as far as a gateway needs it. It creates or updates by its number. */
export interface PurchaseOrderInput {
  purchaseOrderNumber: string;
  purchaseOrderLines: PurchaseOrderLineInput[];
  supplierOrderNumber?: string;
  goodsOwnerReference?: string;
  referenceNumber?: string;
  inDate?: string;
  supplierInfo?: { supplierNumber: string; supplierName?: string };
  purchaseOrderType?: { code: string; name?: string };
  purchaseOrderRemark?: string;
  warehouseId?: number;
  advanced?: { advisedDate?: string; orderDate?: string };
}

const ReceivedItem = z.object({
  originalArticleItemId: optional(id),
  numberOfItems: optional(quantity),
  inDate: optional(text),
  serial: optional(text),
  batchNumber: optional(text),
  expiryDate: optional(text),
});

const Line = z.object({
  id,
  rowNumber: optional(text),
  article: z.object({ articleSystemId: optional(id), articleNumber: text }),
  inDate: optional(text),
  batchNumber: optional(text),
  rowPrice: optional(decimal),
  advisedNumberOfItems: quantity,
  receivedNumberOfItems: quantity,
  reportedNumberOfItems: optional(quantity),
  articleItems: list(ReceivedItem),
});

export const PurchaseOrderAnswer = z.object({
  supplierInfo: optional(z.object({ supplierNumber: optional(text) })),
  purchaseOrderInfo: z.object({
    purchaseOrderId: id,
    purchaseOrderNumber: text,
    goodsOwnerReference: optional(text),
    referenceNumber: optional(text),
    purchaseOrderType: optional(codeAndName),
    purchaseOrderRemark: optional(text),
    purchaseOrderStatus: z.object({ number: id, text: optional(text) }),
    inDate: optional(text),
    createdDate: optional(text),
    advanced: optional(z.object({ arrivalDate: optional(text), advisedDate: optional(text) })),
  }),
  purchaseOrderLines: entries(Line),
});
export type OngoingPurchaseOrder = z.output<typeof PurchaseOrderAnswer>;
export type OngoingPurchaseOrderLine = OngoingPurchaseOrder['purchaseOrderLines'][number];

/** Filters of `GET /purchaseOrders`. */
export interface PurchaseOrderFilter {
  purchaseOrderNumbers?: string[];
  purchaseOrderStatusFrom?: number;
  purchaseOrderStatusTo?: number;
  /** The server's clock counts, so overlap. */
  purchaseOrderStatusChangedTimeFrom?: string;
  lastReceiveTimeFrom?: string;
  /** Of some line another number is reported than received. */
  onlyPurchaseOrdersWithOrderLinesToReport?: boolean;
  articleNumbers?: string[];
}
