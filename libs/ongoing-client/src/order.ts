import { z } from 'zod';
import { codeAndName, entries, flag, id, list, optional, quantity, text } from './answer-parts.ts';

export interface OrderLineInput {
  rowNumber: string;
  articleNumber: string;
  /** A number, or a decimal string such as "0.125". */
  numberOfItems: number | string;
  comment?: string;
  shouldBePicked?: boolean;
  prices?: { linePrice?: number; customerLinePrice?: number; currencyCode?: string };
  externalId?: string;
}

interface Notification {
  toBeNotified: boolean;
  value: string;
}

/** What `PUT /orders` takes, as far as a gateway needs it. It creates or updates by `orderNumber`. */
export interface OrderInput {
  orderNumber: string;
  /** A date such as 2026-03-02, or a time with offset. */
  deliveryDate: string;
  consignee: {
    customerNumber?: string;
    name?: string;
    address1?: string;
    address2?: string;
    address3?: string;
    postCode?: string;
    city?: string;
    countryCode?: string;
    countryStateCode?: string;
    remark?: string;
  };
  orderLines: OrderLineInput[];
  goodsOwnerOrderId?: string;
  referenceNumber?: string;
  consigneeOrderNumber?: string;
  orderType?: { code: string; name?: string };
  marketPlace?: { marketPlace: string; marketPlaceOrderNumber: string };
  wayOfDelivery?: { code: string; name?: string };
  classes?: { code: string; name?: string }[];
  orderRemark?: string;
  deliveryInstruction?: string;
  warehouseInstruction?: string;
  freeText1?: string;
  freeText2?: string;
  freeText3?: string;
  emailNotification?: Notification;
  smsNotification?: Notification;
  telephoneNotification?: Notification;
  warehouseId?: number;
}

const Track = z.object({ waybill: optional(text), trackingUrl: optional(text) });

const ParcelRef = z.object({ id: optional(id), parcelNumber: optional(text) });

const PickedItem = z.object({
  articleItemId: optional(id),
  numberOfItems: optional(quantity),
  serial: optional(text),
  batchNumber: optional(text),
  isPicked: optional(flag),
  isReturned: optional(flag),
  returnCause: optional(codeAndName),
  parcel: optional(ParcelRef),
});

const Line = z.object({
  id,
  rowNumber: optional(text),
  article: z.object({ articleSystemId: optional(id), articleNumber: text, articleKind: optional(text) }),
  // Of a line's numbers only the reported ones are ever null.
  orderedNumberOfItems: quantity,
  allocatedNumberOfItems: optional(quantity),
  pickedNumberOfItems: quantity,
  packedNumberOfItems: optional(quantity),
  returnedNumberOfItems: optional(quantity),
  reportedNumberOfItems: optional(quantity),
  reportedReturnedNumberOfItems: optional(quantity),
  shouldBePicked: optional(flag),
  externalId: optional(text),
  pickedArticleItems: list(PickedItem),
});

const OrderInfo = z.object({
  orderId: id,
  orderNumber: text,
  goodsOwnerOrderId: optional(text),
  referenceNumber: optional(text),
  orderType: optional(codeAndName),
  wayOfDelivery: optional(codeAndName),
  marketPlace: optional(z.object({ marketPlace: optional(text), marketPlaceOrderNumber: optional(text) })),
  deliveryDate: optional(text),
  createdDate: optional(text),
  shippedTime: optional(text),
  wayBill: optional(text),
  returnWayBill: optional(text),
  orderStatus: z.object({ number: id, text: optional(text) }),
  orderedNumberOfItems: optional(quantity),
  allocatedNumberOfItems: optional(quantity),
  pickedNumberOfItems: optional(quantity),
  advanced: optional(
    z.object({
      orderHeaderUpdated: optional(text),
      backOrderInfo: optional(z.object({ backOrderForOrderId: optional(id) })),
    }),
  ),
});

/**
 * An order as Ongoing holds it, without its consignee: a reader of statuses, stock and parcels needs no
 * personal data, so none is taken out of the answer.
 */
export const OrderAnswer = z.object({
  orderInfo: OrderInfo,
  orderLines: entries(Line),
  parcels: list(
    z.object({
      id: optional(id),
      parcelNumber: optional(text),
      isReturnParcel: optional(flag),
      tracking: optional(Track),
    }),
  ),
  tracking: list(Track),
  returnTracking: list(Track),
  transporter: optional(
    z.object({ transporterName: optional(text), name: optional(text), code: optional(text) }),
  ),
});
export type OngoingOrder = z.output<typeof OrderAnswer>;
export type OngoingOrderLine = OngoingOrder['orderLines'][number];

/**
 * Filters of `GET /orders`. There is none for the order type: drop foreign orders by their number yourself.
 */
export interface OrderFilter {
  orderNumbers?: string[];
  marketPlace?: string;
  orderStatusFrom?: number;
  orderStatusTo?: number;
  /** No age limit was seen. The server's clock counts, so overlap. */
  orderStatusChangedTimeFrom?: string;
  /** Any update; Ongoing refuses one older than 2 days. */
  orderUpdatedTimeFrom?: string;
  orderCreatedTimeFrom?: string;
  shippedTimeFrom?: string;
  /** Only orders of which something came back after this time. */
  lastReturnedFrom?: string;
  lastPickingTimeFrom?: string;
  /** Of some line fewer pieces are reported than picked, or returned. */
  onlyOrdersWithOrderLinesToReport?: boolean;
  onlyOrdersWithOrderLinesToReportReturned?: boolean;
}
