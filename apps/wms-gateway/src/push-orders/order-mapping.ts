// Ongoing's words for an order, and nowhere else but here.
import { toMilli, type Order } from '@samlast/contracts';
import type { OngoingOrder, OrderInput, OrderLineInput } from '@samlast/ongoing-client';
import type { FoundOrder } from './judge.ts';

type Line = Order['lines'][number];

/** Whose an order is: installation, channel and the shop's own id of it. */
export function originOf(installation: string, channel: string, shopOrderId: string): string {
  return `${installation}:${channel}:${shopOrderId}`;
}

/** `today` is a date such as 2026-03-02: Ongoing demands a delivery date, and shops seldom have one. */
export function toOngoing(order: Order, origin: string, today: string): OrderInput {
  const { type, shippingMethod } = order;
  return {
    orderNumber: order.number,
    deliveryDate: order.deliveryDate ?? today,
    goodsOwnerOrderId: origin,
    referenceNumber: order.shopNumber,
    orderType: codeAndName(type),
    marketPlace: { marketPlace: order.channel, marketPlaceOrderNumber: order.shopNumber },
    ...(shippingMethod && { wayOfDelivery: codeAndName(shippingMethod) }),
    ...(order.note && { orderRemark: order.note }),
    consignee: consignee(order),
    ...notifications(order.consignee),
    orderLines: order.lines.map((line) => toOngoingLine(line, order.currency)),
  };
}

function codeAndName({ code, name }: Order['type']): { code: string; name: string } {
  return { code, name: name ?? code };
}

function consignee({ consignee: to, channel }: Order): OrderInput['consignee'] {
  const name = [to.company, to.name].filter(Boolean).join(', ');
  return {
    // All channels share one register of customers at Ongoing: without the prefix, customer 7 of one shop
    // becomes that of another.
    ...(to.customerNumber && { customerNumber: `${channel}-${to.customerNumber}` }),
    ...(name && { name }),
    ...(to.address1 && { address1: to.address1 }),
    ...(to.address2 && { address2: to.address2 }),
    ...(to.address3 && { address3: to.address3 }),
    ...(to.postCode && { postCode: to.postCode }),
    ...(to.city && { city: to.city }),
    ...(to.countryCode && { countryCode: to.countryCode }),
    ...(to.stateCode && { countryStateCode: to.stateCode }),
    ...(to.remark && { remark: to.remark }),
  };
}

function notifications({ email, phone }: Order['consignee']): Partial<OrderInput> {
  return {
    ...(email && { emailNotification: { toBeNotified: true, value: email } }),
    ...(phone && { smsNotification: { toBeNotified: true, value: phone } }),
  };
}

function toOngoingLine(line: Line, currency: string | undefined): OrderLineInput {
  return {
    rowNumber: line.row,
    articleNumber: line.article,
    numberOfItems: line.quantity,
    shouldBePicked: line.picked,
    ...(line.comment && { comment: line.comment }),
    ...(line.unitPrice && {
      prices: { linePrice: linePrice(line), ...(currency && { currencyCode: currency }) },
    }),
  };
}

/** Ongoing takes the price of the whole line, as a number. */
function linePrice({ quantity, unitPrice = '0' }: Line): number {
  return Math.round(Number(unitPrice) * Number(toMilli(quantity)) * 10) / 10_000;
}

/** `cancelled` tells which status numbers mean that. */
export function fromOngoing(order: OngoingOrder, cancelled: (status: number) => boolean): FoundOrder {
  const { orderInfo } = order;
  return {
    wmsOrderId: orderInfo.orderId,
    origin: orderInfo.goodsOwnerOrderId,
    status: orderInfo.orderStatus.number,
    cancelled: cancelled(orderInfo.orderStatus.number),
    lines: order.orderLines.map((line) => ({
      row: line.rowNumber ?? '',
      article: line.article.articleNumber,
      quantity: line.orderedNumberOfItems ?? '0',
    })),
  };
}
