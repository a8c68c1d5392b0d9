import {
  type FeedPosition,
  misfitOf,
  type OrderPage,
  type OrderRef,
  pagesByTime,
  type ReadOrder,
  readOrder,
  type ShelfAccess,
  type ShelfAnswer,
  type Shipment,
  type Shop,
  type ShopArticle,
  type TimedFeed,
} from '@samlast/channel-kit';
import { fitText } from '@samlast/contracts';
import type { VendureConfig } from './config.ts';
import { VendureAdmin } from './vendure-admin.ts';
import { changedAtOf, toShopOrder, VendureOrder } from './vendure-orders.ts';
import { vendureWebhook } from './vendure-webhook.ts';

/** What Vendure gives at one time, unless its `adminListQueryLimit` is another; it refuses to be asked for more. */
const LIST_MOST = 1_000;

/** A Vendure 3 shop in the kit's terms. */
export function vendureShop(config: VendureConfig): Shop {
  const admin = new VendureAdmin(config);
  return {
    // An order shows its new time only when its transaction has ended, which may wait for a payment provider.
    features: {
      feedLagMs: 10_000,
      restocksCancelled: true,
      callsAtOnce: 2,
      safety: ['claim-safe', 'lease-safe'],
    },
    changedOrders: (since) => changedOrders(admin, since, config.VENDURE_ORDERS_PAGE),
    async order(id) {
      const found = await admin.order(id);
      return found === undefined || !isPlaced(found) ? undefined : translate(found);
    },
    shelf: shelfOf(admin, config.VENDURE_STOCK_LOCATION_ID),
    fulfil: (order, shipment) => fulfil(admin, order, shipment),
    async cancel(order, reason) {
      if ((await admin.fulfilments(order.id)).cancelled) return;
      await admin.cancel(order.id, reason);
    },
    async note(order, { key, text }) {
      const mark = `(samlast ${key})`;
      const written = (await admin.notes(order.id)).some((note) => note.includes(mark));
      if (!written) await admin.addNote(order.id, `${text} ${mark}`);
    },
    articles: () => articles(admin),
    webhook: vendureWebhook(config.WEBHOOK_SECRET),
  };
}

/** New orders are found by when they were placed, changed ones by when they were changed; see `changedAtOf`. */
async function* changedOrders(
  admin: VendureAdmin,
  since: FeedPosition,
  pageSize: number,
): AsyncIterable<OrderPage> {
  const by =
    (time: 'orderPlacedAt' | 'updatedAt'): TimedFeed<unknown> =>
    async (from, limit) => {
      const orders = await admin.ordersFrom(time, from, limit);
      return orders.map((order) => {
        const { id, [time]: changedAt } = order as Record<string, unknown>;
        return { changedAt: String(changedAt), id: String(id), order };
      });
    };
  const feeds = [by('orderPlacedAt'), by('updatedAt')];
  for await (const { orders, readTo } of pagesByTime(since, pageSize, feeds, LIST_MOST))
    yield { orders: orders.map((order) => translate(order)), readTo };
}

const isPlaced = (order: unknown) => Boolean((order as { orderPlacedAt?: unknown }).orderPlacedAt);

function translate(order: unknown): ReadOrder {
  const { id } = order as { id?: unknown };
  const known = { id: String(id), changedAt: changedAtOf(order as object) };
  const { data, error } = VendureOrder.safeParse(order);
  if (!data) return { ...known, unreadable: misfitOf(order, error, 'Order', 'code') };
  const claimKey = data.customFields?.samlastClaim;
  const more = { number: data.code, placedAt: data.orderPlacedAt, ...(claimKey && { claimKey }) };
  return readOrder({ ...known, ...more }, () => toShopOrder(data));
}

/** What Vendure offers to buyers is on hand less allocated; the kit writes what is on hand and reads it back. */
function shelfOf(admin: VendureAdmin, location: string): ShelfAccess {
  const variants = new Map<string, string[]>();
  return {
    method: 'stocked',
    wholePieces: true,
    atOnce: 50,
    async read(articleNumbers) {
      const atPayment = await admin.atPayment(articleNumbers);
      const levels = await admin.levels(location, articleNumbers);
      for (const article of articleNumbers) variants.delete(article);
      for (const { sku, id } of levels) variants.set(sku, [...(variants.get(sku) ?? []), id]);
      return new Map(
        levels.map(({ sku, onHand, allocated }) => [
          sku,
          {
            number: String(onHand),
            reserved: String(allocated),
            atPayment: String(atPayment.get(sku) ?? 0),
          },
        ]),
      );
    },
    async write(writes) {
      const known = writes.flatMap(({ article, to }) => {
        const [id, ...others] = variants.get(article) ?? [];
        return id && others.length === 0 ? [{ id, onHand: Number(to) }] : [];
      });
      if (known.length > 0) await admin.setLevels(location, known);
      return writes.map(({ article }) => answerOf(article, variants.get(article)?.length ?? 0));
    },
  };
}

/** Vendure takes the same SKU twice; each of the two would then sell every piece. */
function answerOf(article: string, variants: number): ShelfAnswer {
  if (variants === 0) return { article, outcome: 'unknown-article' };
  if (variants === 1) return { article, outcome: 'set' };
  const text = `${variants} variants have the SKU ${article}: give all but one of them a number of their own.`;
  return { article, outcome: 'refused', text };
}

/** Packs, then ships. Each step is looked for first, since an answer may have been lost after it was done. */
async function fulfil(admin: VendureAdmin, order: OrderRef, shipment: Shipment): Promise<void> {
  const mark = `[${shipment.parcel}]`;
  const find = async () =>
    (await admin.fulfilments(order.id)).parcels.find(({ method }) => method.endsWith(mark));
  let found = await find();
  if (!found) {
    const lines = shipment.lines.map(({ id, quantity }) => ({ orderLineId: id, quantity: Number(quantity) }));
    const tracking = [shipment.trackingNumber, shipment.trackingUrl].filter(Boolean).join(' ');
    await admin.pack(lines, `${shipment.carrier ?? 'Parcel'} ${mark}`, tracking);
    found = await find();
  }
  if (found?.state === 'Pending') await admin.ship(found.id);
}

async function* articles(admin: VendureAdmin): AsyncIterable<ShopArticle[]> {
  // One that is deleted meanwhile lets another slip through; all are read again and again.
  for (let skip = 0; ;) {
    const variants = await admin.variantsFrom(skip);
    if (variants.length === 0) return;
    skip += variants.length;
    yield variants.flatMap(({ id, sku, name, enabled, trackInventory, product }) =>
      sku
        ? [
            {
              id,
              listed: enabled && product?.enabled !== false,
              article: {
                number: sku,
                ...(name && { name: fitText(name, 300) }),
                stocked: trackInventory !== 'FALSE',
              },
            },
          ]
        : [],
    );
  }
}
