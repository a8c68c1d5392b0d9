import {
  type FeedPosition,
  misfitOf,
  type OrderHint,
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
  ShopRefused,
  type TimedFeed,
} from '@samlast/channel-kit';
import { fitText } from '@samlast/contracts';
import type { MedusaConfig } from './config.ts';
import { MedusaAdmin } from './medusa-admin.ts';
import { claimKeyOf, keyOf, MedusaOrder, stateOf, toShopOrder } from './medusa-orders.ts';
import { MedusaReturns } from './medusa-returns.ts';
import { medusaWebhook } from './medusa-webhook.ts';

/** A Medusa 2 shop in the kit's terms. */
export function medusaShop(config: MedusaConfig): Shop {
  const admin = new MedusaAdmin(config.MEDUSA_URL, config.MEDUSA_API_KEY);
  const location = config.MEDUSA_STOCK_LOCATION_ID;
  return {
    // An order is visible before its pieces are reserved, and reserving does not move its time of change (seen: up to
    // some seconds on a busy server). So the last ten seconds are read again with every poll.
    features: {
      feedLagMs: 10_000,
      restocksCancelled: true,
      callsAtOnce: 2,
      safety: ['claim-safe', 'lease-safe'],
    },
    changedOrders: (since) => changedOrders(admin, since, config.MEDUSA_ORDERS_PAGE),
    order: async (id, hint) => {
      const found = await admin.order(id);
      return found === undefined ? undefined : (await translate(admin, [found], hint))[0];
    },
    shelf: shelfOf(admin, location),
    fulfil: (order, shipment) => fulfil(admin, location, order, shipment),
    async cancel(order) {
      if ((await admin.fulfilments(order.id)).cancelled) return;
      await admin.cancel(order.id);
    },
    note: (order, { key, text }) => remark(admin, order, { [`samlast_${key}`]: text }),
    articles: () => articles(admin),
    returns: new MedusaReturns(admin),
    webhook: medusaWebhook(config.WEBHOOK_SECRET),
  };
}

async function* changedOrders(
  admin: MedusaAdmin,
  since: FeedPosition,
  pageSize: number,
): AsyncIterable<OrderPage> {
  const feed: TimedFeed<unknown> = async (from, limit) => {
    const orders = await admin.changedOrders(from, limit);
    return orders.map((order) => ({ ...keyOf(order), order }));
  };
  for await (const { orders, readTo } of pagesByTime(since, pageSize, [feed]))
    yield { orders: await translate(admin, orders), readTo };
}

/**
 * Medusa takes none at a cancelled order, so the plugin writes it there; what a person has to know of it stands on
 * Samlast's list as well, for a shop without the plugin.
 */
async function remark(admin: MedusaAdmin, order: OrderRef, metadata: Record<string, string>): Promise<void> {
  try {
    await admin.remark(order.id, metadata);
  } catch (error) {
    if (!(error instanceof ShopRefused) || !(await admin.fulfilments(order.id)).cancelled) throw error;
    await admin.remarkByPlugin(order.id, metadata);
  }
}

async function translate(admin: MedusaAdmin, orders: unknown[], hint?: OrderHint): Promise<ReadOrder[]> {
  const parsed = orders.map((order) => ({ order, result: MedusaOrder.safeParse(order) }));
  const uncertain = parsed.flatMap(({ result }) =>
    result.success && result.data.status !== 'canceled' && !hint?.placed
      ? result.data.items.map((item) => item.id)
      : [],
  );
  const reservedLines = await admin.reservedLines(uncertain);
  return parsed.map(({ order, result }) => {
    const { changedAt, id } = keyOf(order);
    if (!result.success) {
      // Medusa shows orders that are half deleted (seen: lines without price); they are read again when they change.
      return { id, changedAt, unreadable: misfitOf(order, result.error, 'Order', 'display_id') };
    }
    const { data } = result;
    const signs = { announced: hint?.placed === true && hint.id === data.id, reservedLines };
    const claimKey = claimKeyOf(data);
    const known = {
      id,
      changedAt,
      number: String(data.display_id),
      placedAt: data.created_at,
      ...(claimKey && { claimKey }),
    };
    return readOrder(known, () => toShopOrder(data, stateOf(data, signs)));
  });
}

/** What Medusa offers to buyers is stocked less its own reservations; the kit writes `stocked` and reads it back. */
function shelfOf(admin: MedusaAdmin, location: string): ShelfAccess {
  const itemIds = new Map<string, string>();
  return {
    method: 'stocked',
    wholePieces: true,
    atOnce: 50,
    // They are asked for in an address, which is not to grow too long where numbers are.
    readAtOnce: 50,
    async read(articleNumbers) {
      const levels = await admin.levels(location, articleNumbers);
      for (const { sku, id } of levels) itemIds.set(sku, id);
      return new Map(
        levels.map(({ sku, stocked, reserved }) => [
          sku,
          { number: String(stocked), reserved: String(reserved) },
        ]),
      );
    },
    async write(writes) {
      const known = writes.flatMap(({ article, to }) => {
        const id = itemIds.get(article);
        return id ? [{ id, stocked: Number(to) }] : [];
      });
      if (known.length > 0) await admin.setLevels(location, known);
      return writes.map(({ article }): ShelfAnswer => {
        return { article, outcome: itemIds.has(article) ? 'set' : 'unknown-article' };
      });
    },
  };
}

/** Packs, then ships. Each step is looked for first, since an answer may have been lost after it was done. */
async function fulfil(
  admin: MedusaAdmin,
  location: string,
  order: OrderRef,
  shipment: Shipment,
): Promise<void> {
  const items = shipment.lines.map(({ id, quantity }) => ({ id, quantity: Number(quantity) }));
  const find = async () =>
    (await admin.fulfilments(order.id)).parcels.find(({ parcel }) => parcel === shipment.parcel);
  let found = await find();
  if (!found) {
    await pack(admin, location, order, shipment, items);
    found = await find();
  }
  if (!found || found.shipped) return;
  await admin.ship(order.id, found.id, items, { number: shipment.trackingNumber, url: shipment.trackingUrl });
}

/**
 * Medusa 2.21.2 lowers the stock before it lowers the reservation, and then refuses to keep the rest of the
 * reservation where nothing is left on offer: a part of an order for the last pieces cannot be packed. So the pieces
 * are lent to the shelf for the moment of packing. That is the only moment in which the shop could sell them, and it
 * is a short one.
 */
async function pack(
  admin: MedusaAdmin,
  location: string,
  order: OrderRef,
  shipment: Shipment,
  items: { id: string; quantity: number }[],
): Promise<void> {
  try {
    return await admin.pack(order.id, location, items, shipment);
  } catch (error) {
    if (!(error instanceof ShopRefused) || !/not enough stock available/i.test(error.inFull)) throw error;
  }
  const lend = async (sign: 1 | -1) => {
    const levels = await admin.levels(location, [...new Set(shipment.lines.map((line) => line.article))]);
    const lent = (sku: string) =>
      shipment.lines
        .filter((line) => line.article === sku)
        .reduce((sum, line) => sum + Number(line.quantity), 0);
    const changed = levels.map(({ id, sku, stocked }) => ({
      id,
      stocked: Math.max(0, stocked + sign * lent(sku)),
    }));
    await admin.setLevels(location, changed);
  };
  await lend(1);
  try {
    await admin.pack(order.id, location, items, shipment);
  } finally {
    await lend(-1);
  }
}

async function* articles(admin: MedusaAdmin): AsyncIterable<ShopArticle[]> {
  // One that is deleted meanwhile lets another slip through; all are read again and again.
  for (let offset = 0; ;) {
    const variants = await admin.variantsFrom(offset);
    if (variants.length === 0) return;
    offset += variants.length;
    yield variants.flatMap(({ id, sku, title, product, manage_inventory: stocked, barcode, ean, upc }) => {
      if (!sku) return [];
      const name = fitText([product?.title, title].filter(Boolean).join(' '), 300);
      const code = barcode || ean || upc;
      return [
        {
          id,
          listed: product?.status === 'published',
          article: {
            number: sku,
            ...(name && { name }),
            ...(code && { barcode: code }),
            stocked: stocked !== false,
          },
        },
      ];
    });
  }
}
