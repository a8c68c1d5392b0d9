import type { MedusaShop } from '../../../../tools/real-shops/medusa-shop.mjs';
import { addressOf, askJson, type ShopBook, type ShopOrder } from './books.ts';

const PAGE = 50;

interface Order {
  id: string;
  display_id: number;
  status: string;
  payment_status: string;
  metadata: Record<string, unknown> | null;
  items: { id: string; variant_sku: string; detail: { quantity: number; fulfilled_quantity: number } }[];
  shipping_address: Record<
    'first_name' | 'last_name' | 'address_1' | 'postal_code' | 'city' | 'country_code',
    string | null
  >;
  fulfillments: {
    canceled_at: string | null;
    shipped_at: string | null;
    items: { line_item_id: string; quantity: number }[];
    labels: { tracking_number: string }[];
  }[];
}

const FIELDS = [
  'id,display_id,status,payment_status,metadata,items.id,items.variant_sku,*items.detail,*shipping_address',
  'fulfillments.canceled_at,fulfillments.shipped_at,*fulfillments.items,*fulfillments.labels',
].join(',');

/** Everything over the admin interface of a Medusa shop. */
export async function readMedusa(shop: MedusaShop): Promise<ShopBook> {
  const authorization = `Basic ${Buffer.from(`${shop.secretKey}:`).toString('base64')}`;
  const ask = <Answer>(path: string) =>
    askJson<Answer>(`${shop.url}/admin/${path}`, { headers: { authorization } });
  const { reservations } = await ask<{ reservations: { line_item_id: string | null }[] }>(
    'reservations?limit=5000&fields=id,line_item_id',
  );
  const reserved = new Set(reservations.map(({ line_item_id: line }) => line));
  const orders: Order[] = [];
  for (;;) {
    const page = await ask<{ orders: Order[] }>(
      `orders?limit=${PAGE}&offset=${orders.length}&order=display_id&fields=${FIELDS}`,
    );
    orders.push(...page.orders);
    if (page.orders.length < PAGE) break;
  }
  return {
    code: shop.code.toUpperCase(),
    orders: orders.filter((order) => isOrder(order, reserved)).map(bookOrder),
    offered: await offeredBy(ask, shop.stockLocationId),
    purchases: [],
    returns: await returnsOf(ask, orders),
  };
}

/**
 * A refused checkout leaves an order behind now and then: pending, not paid, nothing reserved, nothing packed (seen on
 * 2.21.2). Its buyer was refused, so it is no sale.
 */
function isOrder({ status, payment_status: payment, items }: Order, reserved: ReadonlySet<string | null>) {
  if (status === 'draft') return false;
  if (status === 'canceled' || payment !== 'not_paid') return true;
  return items.some(({ id, detail }) => reserved.has(id) || detail.fulfilled_quantity > 0);
}

function bookOrder({ shipping_address: to, ...order }: Order): ShopOrder {
  return {
    id: order.id,
    number: String(order.display_id),
    cancelled: order.status === 'canceled',
    to: addressOf(
      [to.first_name, to.last_name].filter(Boolean).join(' '),
      to.address_1,
      to.postal_code,
      to.city,
      to.country_code?.toUpperCase(),
    ),
    lines: order.items.map(({ id, variant_sku: article, detail }) => ({
      row: id,
      article,
      quantity: detail.quantity,
    })),
    parcels: order.fulfillments
      .filter(({ canceled_at: cancelled }) => !cancelled)
      .map(({ shipped_at: shipped, labels, items }) => ({
        // One that is packed and not shipped tells its buyer nothing.
        tracking: shipped ? labels.map((label) => label.tracking_number).join(' ') : 'not shipped',
        lines: items.map(({ line_item_id: row, quantity }) => ({ row, quantity })),
      })),
    remarks: Object.entries(order.metadata ?? {})
      .filter(([key]) => key.startsWith('samlast_'))
      .map(([, text]) => String(text)),
  };
}

interface Return {
  display_id: number;
  order_id: string;
  status: string;
  items: { item_id: string; quantity: number }[];
}

/** One that is `open` is still being put together, and announced to nobody. */
async function returnsOf(ask: <Answer>(path: string) => Promise<Answer>, orders: readonly Order[]) {
  const { returns } = await ask<{ returns: Return[] }>(
    'returns?limit=1000&fields=display_id,order_id,status,*items',
  );
  return returns
    .filter(({ status }) => status !== 'open' && status !== 'canceled')
    .map(({ display_id: number, order_id: id, items }) => {
      const order = orders.find((one) => one.id === id);
      return {
        number: `R${number}`,
        order: String(order?.display_id),
        lines: items.map(({ item_id: line, quantity }) => ({
          article: order?.items.find((item) => item.id === line)?.variant_sku ?? '',
          quantity,
        })),
      };
    });
}

async function offeredBy(ask: <Answer>(path: string) => Promise<Answer>, location: string) {
  interface Kept {
    sku: string;
    location_levels: { location_id: string; stocked_quantity: number; reserved_quantity: number }[];
  }
  const { inventory_items: kept } = await ask<{ inventory_items: Kept[] }>(
    'inventory-items?limit=1000&fields=sku,*location_levels',
  );
  return new Map(
    kept.flatMap(({ sku, location_levels: levels }) => {
      const level = levels.find((one) => one.location_id === location);
      return level ? [[sku, level.stocked_quantity - level.reserved_quantity] as const] : [];
    }),
  );
}
