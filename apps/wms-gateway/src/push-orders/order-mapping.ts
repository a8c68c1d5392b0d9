// Ongoing's words for an order, and nowhere else but here.
import { toMilli, type Order, type OrderPart } from '@samlast/contracts';
import type { OngoingOrder, OngoingOrderContent, OrderInput, OrderLineInput } from '@samlast/ongoing-client';
import type { FoundOrder } from './judge.ts';

type Line = Order['lines'][number];

/** Whose an order is: installation, channel and the shop's own id of it. */
export function originOf(installation: string, channel: string, shopOrderId: string): string {
  return `${installation}:${channel}:${shopOrderId}`;
}

/**
 * `day` is a date such as 2026-03-02: Ongoing demands a delivery date, and shops seldom have one. What is left out of a
 * change keeps its value there, so texts of the parts that a shop has `changed` are sent empty where it has none.
 */
export function toOngoing(
  order: Order,
  origin: string,
  day: string,
  changed: readonly OrderPart[] = [],
): OrderInput {
  const { type, shippingMethod } = order;
  const emptied = (part: OrderPart) => (changed.includes(part) ? '' : undefined);
  return {
    orderNumber: order.number,
    deliveryDate: order.deliveryDate ?? day,
    goodsOwnerOrderId: origin,
    referenceNumber: order.shopNumber,
    orderType: codeAndName(type),
    marketPlace: { marketPlace: order.channel, marketPlaceOrderNumber: order.shopNumber },
    ...(shippingMethod && { wayOfDelivery: codeAndName(shippingMethod) }),
    ...given({ orderRemark: order.note || emptied('note') }),
    consignee: { ...given(EMPTY_ADDRESS, changed.includes('consignee')), ...consignee(order) },
    ...notifications(order.consignee),
    orderLines: order.lines.map((line) => toOngoingLine(line, order.currency, emptied('comments'))),
  };
}

/** Of an address what a buyer may have taken out of it. */
const EMPTY_ADDRESS = { address2: '', address3: '', remark: '' };

function given<T extends object>(members: T, really = true): Partial<{ [K in keyof T]: NonNullable<T[K]> }> {
  const some = really ? Object.entries(members).filter(([, value]) => value !== undefined) : [];
  return Object.fromEntries(some) as Partial<{ [K in keyof T]: NonNullable<T[K]> }>;
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

function toOngoingLine(line: Line, currency: string | undefined, noComment?: string): OrderLineInput {
  return {
    rowNumber: line.row,
    articleNumber: line.article,
    numberOfItems: line.quantity,
    shouldBePicked: line.picked,
    ...given({ comment: line.comment || noComment }),
    ...(line.unitPrice && {
      prices: { linePrice: linePriceOf(line), ...(currency && { currencyCode: currency }) },
    }),
  };
}

/** Ongoing takes the price of the whole line, as a number. */
export function linePriceOf({ quantity, unitPrice = '0' }: Line): number {
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
      quantity: line.orderedNumberOfItems,
    })),
  };
}

type Content = Pick<OngoingOrderContent, 'orderInfo' | 'orderLines'> & Partial<OngoingOrderContent>;

/** Whether Ongoing has a part of an order as it is to be. What it keeps in its own way, such as case, is the same. */
export function partIsThere(
  part: OrderPart,
  order: Order,
  { orderInfo, orderLines, consignee: to }: Content,
): boolean {
  const rowOf = (line: Line) => orderLines.find(({ rowNumber }) => rowNumber === line.row);
  switch (part) {
    case 'deliveryDate':
      return !order.deliveryDate || orderInfo.deliveryDate?.slice(0, 10) === order.deliveryDate;
    case 'note':
      return same(orderInfo.orderRemark, order.note);
    case 'shippingMethod':
      return !order.shippingMethod || same(orderInfo.wayOfDelivery?.code, order.shippingMethod.code);
    case 'comments':
      return order.lines.every((line) => same(rowOf(line)?.comment, line.comment));
    case 'prices':
      return order.lines.every(
        (line) =>
          line.unitPrice === undefined ||
          Math.abs(Number(rowOf(line)?.prices?.linePrice ?? Number.NaN) - linePriceOf(line)) < 0.005,
      );
    case 'lines':
      return (
        orderLines.filter((line) => Number(line.orderedNumberOfItems) > 0).length === order.lines.length &&
        order.lines.every((line) => {
          const there = rowOf(line);
          return (
            there?.article.articleNumber === line.article &&
            Number(there.orderedNumberOfItems) === Number(line.quantity)
          );
        })
      );
    case 'consignee': {
      const { email, phone } = order.consignee;
      const { emailNotification, smsNotification } = orderInfo;
      const ours = { ...EMPTY_ADDRESS, ...consignee(order) };
      return (
        Object.entries(ours).every(([name, value]) => same(to?.[name as keyof typeof ours], value)) &&
        (!email || same(emailNotification?.value, email)) &&
        (!phone || same(smsNotification?.value, phone))
      );
    }
  }
}

const plain = (text: string | undefined) => (text ?? '').trim().toLowerCase();
const same = (one: string | undefined, other: string | undefined) => plain(one) === plain(other);
