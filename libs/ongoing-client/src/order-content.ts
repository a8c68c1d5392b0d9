import { z } from 'zod';
import { codeAndName, entries, id, optional, quantity, text } from './answer-parts.ts';

const Notification = z.object({ value: optional(text) });

/**
 * What is written in an order, its consignee too. For nothing but to compare it with what was to be written: whoever
 * follows orders reads them without personal data.
 */
export const OrderContent = z.object({
  orderInfo: z.object({
    orderId: id,
    deliveryDate: optional(text),
    orderRemark: optional(text),
    wayOfDelivery: optional(codeAndName),
    orderStatus: z.object({ number: id }),
    emailNotification: optional(Notification),
    smsNotification: optional(Notification),
  }),
  consignee: optional(
    z.object({
      customerNumber: optional(text),
      name: optional(text),
      address1: optional(text),
      address2: optional(text),
      address3: optional(text),
      postCode: optional(text),
      city: optional(text),
      countryCode: optional(text),
      countryStateCode: optional(text),
      remark: optional(text),
    }),
  ),
  orderLines: entries(
    z.object({
      id,
      rowNumber: optional(text),
      article: z.object({ articleNumber: text }),
      orderedNumberOfItems: quantity,
      comment: optional(text),
      prices: optional(z.object({ linePrice: optional(quantity) })),
    }),
  ),
});
export type OngoingOrderContent = z.output<typeof OrderContent>;
