import type { Simulator } from '@samlast/ongoing-simulator';
import { addressOf, askJson, type BookedParcel, type WarehouseBook, type WarehouseOrder } from './books.ts';

const PAGE = 500;
const CANCELLED = 1000;
const SENT = 450;

interface PickedPieces {
  numberOfItems: number;
  parcel: { id: number } | null;
}

/** An order as the warehouse shows it to anybody who asks its API. */
interface HeldOrder {
  orderInfo: {
    orderId: number;
    orderNumber: string;
    goodsOwnerOrderId: string | null;
    orderStatus: { number: number };
    wayBill: string | null;
  };
  consignee: Record<'name' | 'address1' | 'postCode' | 'city' | 'countryCode', string | null>;
  orderLines: {
    rowNumber: string;
    article: { articleNumber: string };
    orderedNumberOfItems: number;
    returnedNumberOfItems: number;
    pickedArticleItems: PickedPieces[];
  }[];
  parcels: {
    id: number;
    parcelNumber: string;
    isReturnParcel: boolean;
    tracking: { waybill: string | null } | null;
  }[];
}

interface HeldPurchase {
  purchaseOrderInfo: {
    purchaseOrderId: number;
    purchaseOrderNumber: string;
    purchaseOrderStatus: { number: number };
  };
  purchaseOrderLines: {
    rowNumber: string;
    article: { articleNumber: string };
    advisedNumberOfItems: number;
    receivedNumberOfItems: number;
  }[];
}

interface HeldReturn {
  returnOrderInfo: { returnOrderNumber: string };
  customerOrderInfo: { orderNumber: string };
  returnOrderLines: { article: { articleNumber: string }; toBeReturnedNumberOfItems: number }[];
}

const PURCHASE_CANCELLED = 900;

/** Orders, purchase orders and returns over the warehouse's API; what can be sold from its inventory of articles. */
export async function readWarehouse(simulator: Simulator): Promise<WarehouseBook> {
  const [orders, purchases, returns, articles] = await Promise.all([
    allOf<HeldOrder>(simulator, 'orders', ['orderIdFrom', 'maxOrdersToGet'], (one) => one.orderInfo.orderId),
    allOf<HeldPurchase>(
      simulator,
      'purchaseOrders',
      ['purchaseOrderIdFrom', 'maxPurchaseOrdersToGet'],
      (one) => one.purchaseOrderInfo.purchaseOrderId,
    ),
    askOwn<HeldReturn[]>(simulator, 'returnOrders'),
    simulator.control.articles(),
  ]);
  return {
    orders: orders.map(bookOrder),
    sellable: new Map(articles.map(({ number, sellable }) => [number, Number(sellable)])),
    purchases: purchases.map(({ purchaseOrderInfo: info, purchaseOrderLines: lines }) => ({
      number: info.purchaseOrderNumber,
      cancelled: info.purchaseOrderStatus.number === PURCHASE_CANCELLED,
      lines: lines.map((line) => ({
        row: line.rowNumber,
        article: line.article.articleNumber,
        ordered: line.advisedNumberOfItems,
        received: line.receivedNumberOfItems,
      })),
    })),
    returns: returns.map(({ returnOrderInfo, customerOrderInfo, returnOrderLines: lines }) => ({
      number: returnOrderInfo.returnOrderNumber,
      order: customerOrderInfo.orderNumber,
      lines: lines.map(({ article, toBeReturnedNumberOfItems: quantity }) => ({
        article: article.articleNumber,
        quantity,
      })),
    })),
  };
}

function bookOrder({ orderInfo: info, consignee: to, orderLines, parcels }: HeldOrder): WarehouseOrder {
  const { number: status } = info.orderStatus;
  const shipped = status >= SENT && status < CANCELLED;
  return {
    number: info.orderNumber,
    origin: info.goodsOwnerOrderId ?? '',
    cancelled: status === CANCELLED,
    shipped,
    to: addressOf(to.name, to.address1, to.postCode, to.city, to.countryCode),
    lines: orderLines.map((line) => ({
      row: line.rowNumber,
      article: line.article.articleNumber,
      quantity: line.orderedNumberOfItems,
      returned: line.returnedNumberOfItems,
    })),
    parcels: shipped ? parcelsOf(info.wayBill, orderLines, parcels) : [],
  };
}

/** An order without parcels left under its one waybill. */
function parcelsOf(
  waybill: string | null,
  lines: HeldOrder['orderLines'],
  parcels: HeldOrder['parcels'],
): BookedParcel[] {
  const outbound = parcels.filter(({ isReturnParcel }) => !isReturnParcel);
  if (outbound.length === 0)
    return [{ tracking: waybill ?? '', lines: piecesIn(lines, ({ parcel }) => parcel === null) }];
  return outbound.map(({ id, parcelNumber, tracking }) => ({
    tracking: tracking?.waybill ?? parcelNumber,
    lines: piecesIn(lines, ({ parcel }) => parcel?.id === id),
  }));
}

function piecesIn(lines: HeldOrder['orderLines'], isInside: (pieces: PickedPieces) => boolean) {
  return lines
    .map(({ rowNumber: row, pickedArticleItems: picked }) => ({
      row,
      quantity: picked.filter(isInside).reduce((sum, { numberOfItems }) => sum + numberOfItems, 0),
    }))
    .filter(({ quantity }) => quantity > 0);
}

async function allOf<Held>(
  simulator: Simulator,
  path: string,
  [from, most]: [string, string],
  idOf: (held: Held) => number,
): Promise<Held[]> {
  const held: Held[] = [];
  for (let next = 0; ;) {
    const page = await askOwn<Held[]>(simulator, path, { [from]: String(next), [most]: String(PAGE) });
    held.push(...page);
    const last = page.at(-1);
    if (!last) return held;
    next = idOf(last) + 1;
  }
}

/** As anybody with the goods owner's password would ask. */
function askOwn<Answer>(
  { apiUrl, user, password, goodsOwnerId }: Simulator,
  path: string,
  query: Record<string, string> = {},
): Promise<Answer> {
  const url = new URL(path, apiUrl);
  url.search = new URLSearchParams({ goodsOwnerId: String(goodsOwnerId), ...query }).toString();
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return askJson<Answer>(url, { headers: { authorization } });
}
