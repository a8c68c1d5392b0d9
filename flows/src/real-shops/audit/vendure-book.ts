import type { VendureShop } from '../../../../tools/real-shops/vendure/vendure-shop.mjs';
import { addressOf, type ShopBook, type ShopOrder } from './books.ts';

const PAGE = 50;

interface Order {
  id: string;
  code: string;
  state: string;
  orderPlacedAt: string | null;
  shippingAddress: Record<
    'fullName' | 'streetLine1' | 'postalCode' | 'city' | 'countryCode',
    string | null
  > | null;
  lines: { id: string; orderPlacedQuantity: number; quantity: number; productVariant: { sku: string } }[];
  fulfillments:
    { state: string; trackingCode: string; lines: { orderLineId: string; quantity: number }[] }[] | null;
  history: { items: { type: string; data: { note?: string } | null }[] };
}

const ORDERS = `query($skip: Int!) { orders(options: { skip: $skip, take: ${PAGE}, sort: { id: ASC } }) { items {
  id code state orderPlacedAt shippingAddress { fullName streetLine1 postalCode city countryCode }
  lines { id orderPlacedQuantity quantity productVariant { sku } }
  fulfillments { state trackingCode lines { orderLineId quantity } }
  history(options: { take: 100 }) { items { type data } }
} } }`;

const LEVELS = `{ productVariants(options: { take: 1000 }) { items {
  sku stockLevels { stockLocationId stockOnHand stockAllocated }
} } }`;

type Ask = <Answer>(query: string, variables?: Record<string, unknown>) => Promise<Answer>;

/** Everything over the admin interface of a Vendure shop. */
export async function readVendure(shop: VendureShop): Promise<ShopBook> {
  const ask = await signIn(shop);
  const orders: Order[] = [];
  for (;;) {
    const page = await ask<{ orders: { items: Order[] } }>(ORDERS, { skip: orders.length });
    orders.push(...page.orders.items);
    if (page.orders.items.length < PAGE) break;
  }
  return {
    code: shop.code.toUpperCase(),
    // The others are carts.
    orders: orders.filter(({ orderPlacedAt }) => orderPlacedAt !== null).map(bookOrder),
    offered: await offeredBy(ask, shop.stockLocationId),
    purchases: [],
    returns: [],
  };
}

function bookOrder({ shippingAddress: to, ...order }: Order): ShopOrder {
  const cancelled = order.state === 'Cancelled';
  return {
    id: order.id,
    number: order.code,
    cancelled,
    to: addressOf(to?.fullName, to?.streetLine1, to?.postalCode, to?.city, to?.countryCode),
    // A cancel sets the quantities of lines to nothing.
    lines: order.lines.map(({ id, productVariant: { sku: article }, ...line }) => ({
      row: id,
      article,
      quantity: cancelled ? line.orderPlacedQuantity : line.quantity,
    })),
    parcels: (order.fulfillments ?? [])
      .filter(({ state }) => state !== 'Cancelled')
      .map(({ state, trackingCode, lines }) => ({
        // One that is packed and not shipped tells its buyer nothing.
        tracking: state === 'Pending' ? 'not shipped' : trackingCode,
        lines: lines.map(({ orderLineId: row, quantity }) => ({ row, quantity })),
      })),
    remarks: order.history.items
      .filter(({ type }) => type === 'ORDER_NOTE')
      .map(({ data }) => data?.note ?? ''),
  };
}

async function offeredBy(ask: Ask, location: string) {
  interface Kept {
    sku: string;
    stockLevels: { stockLocationId: string; stockOnHand: number; stockAllocated: number }[];
  }
  const { productVariants } = await ask<{ productVariants: { items: Kept[] } }>(LEVELS);
  return new Map(
    productVariants.items.flatMap(({ sku, stockLevels }) => {
      const level = stockLevels.find(({ stockLocationId }) => stockLocationId === location);
      return level ? [[sku, level.stockOnHand - level.stockAllocated] as const] : [];
    }),
  );
}

async function signIn({ url, administrator }: VendureShop): Promise<Ask> {
  let token: string | undefined;
  const ask: Ask = async <Answer>(query: string, variables: Record<string, unknown> = {}) => {
    const response = await fetch(`${url}/admin-api`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(60_000),
    });
    token = response.headers.get('vendure-auth-token') ?? token;
    const { data, errors } = (await response.json()) as { data: Answer; errors?: { message: string }[] };
    if (errors) throw new Error(`Vendure answered: ${errors.map(({ message }) => message).join('; ')}`);
    return data;
  };
  const login = 'mutation($u: String!, $p: String!) { login(username: $u, password: $p) { __typename } }';
  await ask(login, { u: administrator.username, p: administrator.password });
  return ask;
}
