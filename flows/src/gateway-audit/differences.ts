import type { Sent, SentOrder } from './sent.ts';

/** An order as the warehouse shows it to anybody who asks its API. */
export interface HeldOrder {
  orderInfo: {
    orderNumber: string;
    goodsOwnerOrderId: string | null;
    referenceNumber: string | null;
    orderRemark: string | null;
    deliveryDate: string | null;
    orderType: { code: string; name: string } | null;
    wayOfDelivery: { code: string; name: string } | null;
    marketPlace: { marketPlace: string; marketPlaceOrderNumber: string } | null;
    orderStatus: { number: number };
    emailNotification: { value: string } | null;
    smsNotification: { value: string } | null;
  };
  consignee: Record<string, unknown>;
  orderLines: {
    rowNumber: string;
    article: { articleNumber: string };
    orderedNumberOfItems: number;
    comment: string | null;
    prices: { linePrice?: number; currencyCode?: string } | null;
  }[];
}

const CANCELLED = 1000;

/**
 * What is wrong, number by number, between what the shops sent and what the warehouse holds: lost, twice, changed, or
 * made up. Empty when all is well.
 *
 * @param writes how many writes of a number the warehouse has carried out
 */
export function differences(
  sent: readonly Sent[],
  held: readonly HeldOrder[],
  writes: ReadonlyMap<string, number>,
): string[] {
  const there = new Map<string, HeldOrder[]>();
  for (const order of held) {
    const { orderNumber } = order.orderInfo;
    there.set(orderNumber, [...(there.get(orderNumber) ?? []), order]);
  }
  const faults = sent.flatMap(({ revisions, cancelled }) => {
    const last = revisions.at(-1);
    if (!last) return [];
    const found = there.get(last.number) ?? [];
    there.delete(last.number);
    const made = writes.get(last.number) ?? 0;
    const all = [
      ...(found.length > 1 ? [`is there ${found.length} times`] : []),
      ...(made > revisions.length ? [`was written ${made} times for ${revisions.length} revisions`] : []),
      ...(cancelled ? cancelFaults(found[0]) : orderFaults(last, found[0])),
    ];
    return all.map((fault) => `${last.number} ${fault}`);
  });
  return [...faults, ...[...there.keys()].map((number) => `${number} is there, and no shop sent it`)];
}

/** Cancelled before it was ever sent, or there and cancelled. */
function cancelFaults(held: HeldOrder | undefined): string[] {
  const status = held?.orderInfo.orderStatus.number ?? CANCELLED;
  return status === CANCELLED ? [] : [`is cancelled in its shop and has status ${status}`];
}

function orderFaults(sent: SentOrder, held: HeldOrder | undefined): string[] {
  if (!held) return ['is lost'];
  if (held.orderInfo.orderStatus.number === CANCELLED) return ['is cancelled, and its shop did not do that'];
  const wanted = factsOfSent(sent);
  const found = factsOfHeld(held);
  return Object.keys(wanted)
    .filter((name) => wanted[name] !== found[name])
    .map((name) => `has ${name} ${found[name]} instead of ${wanted[name]}`);
}

type Facts = Record<string, string>;
const text = (value: unknown) => JSON.stringify(value ?? null);

function factsOfSent(sent: SentOrder): Facts {
  const { consignee, channel, shopNumber, type, shippingMethod, lines, currency } = sent;
  return {
    reference: text(shopNumber),
    remark: text(sent.note),
    date: text(sent.deliveryDate),
    type: text([type.code, type.name]),
    'way of delivery': text([shippingMethod.code, shippingMethod.name]),
    'market place': text([channel, shopNumber]),
    origin: text(`${channel}:${sent.shopOrderId}`),
    email: text(consignee.email),
    phone: text(consignee.phone),
    'customer number': text(`${channel}-${consignee.customerNumber}`),
    address: text(
      ['name', 'address1', 'postCode', 'city', 'countryCode'].map((name) => consignee[name] ?? null),
    ),
    lines: text(
      lines.map((line) => [
        line.row,
        line.article,
        Number(line.quantity),
        line.comment ?? null,
        cents(Number(line.unitPrice) * Number(line.quantity)),
        currency,
      ]),
    ),
  };
}

function factsOfHeld({ orderInfo: info, consignee, orderLines }: HeldOrder): Facts {
  return {
    reference: text(info.referenceNumber),
    // A note that was taken away is empty.
    remark: text(info.orderRemark || null),
    date: text(info.deliveryDate),
    type: text([info.orderType?.code, info.orderType?.name]),
    'way of delivery': text([info.wayOfDelivery?.code, info.wayOfDelivery?.name]),
    'market place': text([info.marketPlace?.marketPlace, info.marketPlace?.marketPlaceOrderNumber]),
    // Before it stands the installation.
    origin: text(info.goodsOwnerOrderId?.split(':').slice(1).join(':')),
    email: text(info.emailNotification?.value),
    phone: text(info.smsNotification?.value),
    'customer number': text(consignee.customerNumber),
    address: text(
      ['name', 'address1', 'postCode', 'city', 'countryCode'].map((name) => consignee[name] ?? null),
    ),
    lines: text(
      orderLines.map((line) => [
        line.rowNumber,
        line.article.articleNumber,
        line.orderedNumberOfItems,
        line.comment,
        cents(line.prices?.linePrice ?? 0),
        line.prices?.currencyCode ?? null,
      ]),
    ),
  };
}

const cents = (amount: number) => Math.round(amount * 100);
