import { setTimeout as wait } from 'node:timers/promises';
import {
  type FeedPosition,
  misfitOf,
  type OrderPage,
  type OrderRef,
  type ReadOrder,
  readOrder,
  type Shop,
  type ShopArticle,
  ShopRefused,
  type ShopTools,
  ShopUnavailable,
} from '@samlast/channel-kit';
import { fitText } from '@samlast/contracts';
import type { ShopifyConfig } from './config.ts';
import { ShopifyAdmin } from './shopify-admin.ts';
import { needsFulfilments, numberOf, ShopifyOrder, toShopOrder } from './shopify-orders.ts';
import { ShopifyParcels } from './shopify-parcels.ts';
import { ShopifyRemarks } from './shopify-remarks.ts';
import { ShopifyReturns } from './shopify-returns.ts';
import { ShopifyShelf } from './shopify-shelf.ts';
import { shopifyWebhook } from './shopify-webhook.ts';
import { Subscriptions } from './subscriptions.ts';

const JOB_LOOKS = 20;
const JOB_PAUSE_MS = 250;
const STAFF_NOTE_MOST = 255;

/** A Shopify shop in the kit's terms. */
export function shopifyShop(config: ShopifyConfig, { log }: ShopTools): Shop {
  const admin = new ShopifyAdmin(config);
  const { SHOPIFY_LOCATION_ID: location, SHOPIFY_NOTIFY_BUYERS: notifyCustomer } = config;
  const parcels = new ShopifyParcels(admin, { location, notifyCustomer });
  const shelf = new ShopifyShelf(admin, location, log);
  const remarks = new ShopifyRemarks(admin);
  const returns = config.SHOPIFY_RETURNS ? new ShopifyReturns(admin, remarks) : undefined;
  const subscriptions = new Subscriptions(admin, config, log);
  const reader = new OrderReader(admin, parcels, config.SHOPIFY_UNPAID_ORDERS === 'wait');
  return {
    features: {
      feedLagMs: config.SHOPIFY_FEED_LAG_MS,
      restocksCancelled: true,
      callsAtOnce: 2,
      // It asks nobody before it takes the money, so it cannot claim.
      safety: ['lease-safe'],
    },
    async *changedOrders(since) {
      await subscriptions.keep();
      yield* reader.changedOrders(since, config.SHOPIFY_ORDERS_PAGE);
    },
    async order(id) {
      const found = await admin.order(id);
      return found === undefined ? undefined : reader.translate(found);
    },
    shelf,
    fulfil: (order, shipment) => parcels.fulfil(order, shipment),
    cancel: (order, reason) =>
      cancel(admin, order, {
        staffNote: fitText(reason, STAFF_NOTE_MOST),
        notifyCustomer,
        refund: config.SHOPIFY_REFUND_CANCELLED,
      }),
    async note(order, { key, text }) {
      await remarks.add(order.id, `Samlast ${key}`, text);
    },
    async *articles() {
      yield* articles(admin);
      shelf.outdate();
    },
    ...(returns && { returns, returned: (order, goods) => returns.returned(order, goods) }),
    webhook: shopifyWebhook(config),
  };
}

class OrderReader {
  constructor(
    private readonly admin: ShopifyAdmin,
    private readonly parcels: ShopifyParcels,
    private readonly unpaidWait: boolean,
  ) {}

  /**
   * Pages by cursor, which names a place in the search and not a number of orders, so that nothing shifts. The search
   * finds an order by the time that it knows, which may be older than the one that it shows; so only the last page
   * says how far has been read.
   */
  async *changedOrders(since: FeedPosition, pageSize: number): AsyncIterable<OrderPage> {
    // Its times are by the second.
    const from = `${new Date(Date.parse(since.changedAt)).toISOString().slice(0, 19)}Z`;
    let last = since;
    for (let after: string | undefined; ;) {
      const { nodes, pageInfo } = await this.admin.changedOrders(from, pageSize, after);
      const orders: ReadOrder[] = [];
      for (const node of nodes) orders.push(await this.translate(node));
      for (const { changedAt, id } of orders)
        if (Date.parse(changedAt) > Date.parse(last.changedAt)) last = { changedAt, id };
      yield { orders, readTo: pageInfo.hasNextPage ? since : last };
      if (!pageInfo.hasNextPage) return;
      after = pageInfo.endCursor ?? undefined;
    }
  }

  async translate(raw: unknown): Promise<ReadOrder> {
    const { id, updatedAt, name, createdAt } = raw as Record<string, unknown>;
    const known = { id: String(id), changedAt: String(updatedAt) };
    const { data, error } = ShopifyOrder.safeParse(raw);
    if (!data) return { ...known, unreadable: misfitOf(raw, error, 'Order', 'name') };
    const { lineItems } = data;
    const rest = lineItems.pageInfo.hasNextPage ? await this.admin.restOfLines(data) : [];
    const order = { ...data, lineItems: { ...lineItems, nodes: [...lineItems.nodes, ...rest] } };
    const fulfilled = needsFulfilments(order) ? await this.parcels.fulfilledPieces(order.id) : undefined;
    const more = { number: numberOf(String(name)), placedAt: String(createdAt) };
    const reading = { unpaidWait: this.unpaidWait, ...(fulfilled && { fulfilled }) };
    return readOrder({ ...known, ...more }, () => toShopOrder(order, reading));
  }
}

/** Shopify cancels by a job: done, too late, or not known yet, and then it is asked again. */
async function cancel(
  admin: ShopifyAdmin,
  order: OrderRef,
  how: { staffNote: string; notifyCustomer: boolean; refund: boolean },
): Promise<void> {
  if (await admin.isCancelled(order.id)) return;
  const { job, refusal } = await admin.cancel(order.id, how);
  // A cancel that was begun before may be what is in its way.
  const done = job === undefined ? await isCancelledSoon(admin, order.id) : await isDone(admin, job);
  if (await admin.isCancelled(order.id)) return;
  if (!done && job !== undefined)
    throw new ShopUnavailable(`Shopify is not done yet with cancelling order ${order.shopNumber}.`);
  throw new ShopRefused(
    `Shopify does not cancel order ${order.shopNumber}: work on it has gone too far. Talk to its buyer, and cancel what is left by hand.`,
    refusal === undefined ? {} : { said: refusal },
  );
}

async function isDone(admin: ShopifyAdmin, job: string): Promise<boolean> {
  for (let look = 0; look < JOB_LOOKS; look++) {
    if (await admin.jobIsDone(job)) return true;
    await wait(JOB_PAUSE_MS);
  }
  return false;
}

async function isCancelledSoon(admin: ShopifyAdmin, id: string): Promise<boolean> {
  for (let look = 0; look < 4; look++) {
    if (await admin.isCancelled(id)) return true;
    await wait(JOB_PAUSE_MS);
  }
  return false;
}

async function* articles(admin: ShopifyAdmin): AsyncIterable<ShopArticle[]> {
  for (let after: string | undefined; ;) {
    const { nodes, pageInfo } = await admin.variants(after);
    yield nodes.flatMap(({ id, sku, barcode, displayName, inventoryItem, product }) =>
      sku
        ? [
            {
              id,
              listed: product.status === 'ACTIVE',
              article: {
                number: sku,
                ...(displayName && { name: nameOf(displayName) }),
                ...(barcode && { barcode }),
                stocked: inventoryItem.requiresShipping && inventoryItem.tracked,
              },
            },
          ]
        : [],
    );
    if (!pageInfo.hasNextPage) return;
    after = pageInfo.endCursor ?? undefined;
  }
}

/** What has one variant only is shown with a name of it that nobody gave. */
const nameOf = (displayName: string) => fitText(displayName.replace(/ - Default Title$/, ''), 300);
