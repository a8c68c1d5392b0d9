import { z } from 'zod';
import { codeAndName, flag, id, list, optional, quantity, text } from './answer-parts.ts';

/** What `PUT /returnOrders` takes. Order and lines are named by Ongoing's internal ids: read the order first. */
export interface ReturnOrderInput {
  returnOrderNumber: string;
  orderId: number;
  lines: {
    row: string;
    orderLineId: number;
    /** A decimal string. */
    quantity: string;
    cause?: { code: string; name?: string };
  }[];
  comment?: string;
}

export const ReturnOrderAnswer = z.object({
  returnOrderInfo: z.object({
    returnOrderId: id,
    returnOrderNumber: text,
    returnOrderStatus: z.object({ number: id, text: optional(text) }),
  }),
  customerOrderInfo: optional(z.object({ orderId: id, orderNumber: optional(text) })),
  returnOrderLines: list(
    z.object({
      returnOrderRowNumber: optional(text),
      customerOrderLine: optional(
        z.object({ orderLineId: optional(id), customerOrderRowNumber: optional(text) }),
      ),
      article: optional(z.object({ articleNumber: text })),
      returnCause: optional(codeAndName.extend({ isRemoveCause: optional(flag) })),
      toBeReturnedNumberOfItems: optional(quantity),
      returnedNumberOfItems: optional(quantity),
      returnedRemovedByInventoryNumberOfItems: optional(quantity),
    }),
  ),
});
export type OngoingReturnOrder = z.output<typeof ReturnOrderAnswer>;

export const ReturnCauses = z.object({
  returnCauses: list(z.object({ code: optional(text), name: optional(text), isRemoveCause: optional(flag) })),
});

/** Filters of `GET /returnOrders`. It has no pages: bound it by numbers. */
export interface ReturnOrderFilter {
  returnOrderNumbers?: string[];
  customerOrderNumbers?: string[];
}

/** What `PUT /returnOrders` takes. */
export function returnBody(goodsOwnerId: number, input: ReturnOrderInput): object {
  const { returnOrderNumber, orderId, lines, comment } = input;
  return {
    goodsOwnerId,
    returnOrderNumber,
    customerOrder: { orderId },
    ...(comment !== undefined && { comment }),
    returnOrderLines: lines.map(({ row, orderLineId, quantity, cause }) => ({
      returnOrderRowNumber: row,
      customerOrderLine: { orderLineId },
      toBeReturnedNumberOfItems: Number(quantity),
      ...(cause && { returnCause: cause }),
    })),
  };
}
