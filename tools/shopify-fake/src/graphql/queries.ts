import type { Order } from '../shop/model.ts';
import { gid } from '../shop/world.ts';
import { type Context, need } from './context.ts';
import { pageById, pageOf, type PageArguments } from './pages.ts';
import { numberOf, refusal } from './refusals.ts';
import { searchFor } from './search.ts';

const OLD_MS = 60 * 24 * 60 * 60_000;
const FULFILMENT_SCOPES = [
  'read_merchant_managed_fulfillment_orders',
  'read_assigned_fulfillment_orders',
  'read_third_party_fulfillment_orders',
];

interface Id {
  readonly id: string;
}

interface Search extends PageArguments {
  readonly query?: string | null;
}

/** Orders older than sixty days are shown to apps with access to all orders only. */
function isShown({ scopes }: Context, order: Order): boolean {
  return scopes.has('read_all_orders') || order.createdAt > Date.now() - OLD_MS;
}

function orderWhere(context: Context, fits: (order: Order) => boolean): Order | undefined {
  return [...context.world.orders.values()].find((order) => isShown(context, order) && fits(order));
}

function nodeOf(context: Context, id: string): object | null | undefined {
  const { world, views } = context;
  const type = /^gid:\/\/shopify\/(\w+)\//.exec(id)?.[1] ?? '';
  const number = numberOf(id);
  if (type === 'InventoryItem') {
    need(context, 'read_inventory');
    const variant = world.variants.find(({ inventoryItemId }) => inventoryItemId === number);
    return variant ? views.item(variant) : null;
  }
  if (type === 'ProductVariant') {
    need(context, 'read_products');
    const variant = world.variants.find((one) => one.id === number);
    return variant ? views.variant(variant) : null;
  }
  if (type === 'Order') return queries.order({ id }, context);
  if (type === 'Location') return queries.location({ id }, context);
  return null;
}

export const queries = {
  shop: (_: unknown, { world }: Context) => ({
    id: gid('Shop', 1),
    name: 'A shop',
    myshopifyDomain: world.domain,
    currencyCode: 'EUR',
  }),

  currentAppInstallation: (_: unknown, { scopes }: Context) => ({
    id: gid('AppInstallation', 1),
    accessScopes: [...scopes].map((handle) => ({ handle })),
  }),

  node: ({ id }: Id, context: Context) => nodeOf(context, id),

  nodes({ ids }: { ids: string[] }, context: Context) {
    if (ids.length > 250)
      throw refusal(
        `The input array size of ${ids.length} is greater than the maximum allowed of 250.`,
        'MAX_INPUT_SIZE_EXCEEDED',
      );
    return ids.map((id) => nodeOf(context, id));
  },

  location({ id }: { id?: string }, context: Context) {
    need(context, 'read_locations', 'read_inventory');
    const [first] = context.world.locations;
    return context.views.location(id === undefined ? (first?.id ?? 0) : numberOf(id, 'Location')) ?? null;
  },

  order({ id }: Id, context: Context) {
    need(context, 'read_orders');
    const number = numberOf(id, 'Order');
    const order = orderWhere(context, (one) => one.id === number);
    return order ? context.views.order(order) : null;
  },

  orders(args: Search & { sortKey: string; reverse: boolean }, context: Context) {
    need(context, 'read_orders');
    if (args.reverse) throw refusal('This fake does not sort in reverse.', 'BAD_REQUEST');
    const fits = searchFor(args.query);
    const entries = [...context.world.orders.values()].flatMap((order) => {
      const { id, createdAt, indexedAt, name } = order;
      // The search finds by what it has indexed, and shows what is there now.
      if (indexedAt === undefined || !isShown(context, order)) return [];
      if (!fits({ updated_at: indexedAt, created_at: createdAt, id, name })) return [];
      const value = args.sortKey === 'UPDATED_AT' ? indexedAt : args.sortKey === 'ID' ? 0 : createdAt;
      return [{ id, value, node: context.views.order(order) }];
    });
    return pageOf(entries, args);
  },

  inventoryItems(args: Search, context: Context) {
    need(context, 'read_inventory');
    const fits = searchFor(args.query);
    const found = context.world.variants.filter(({ inventoryItemId: id, sku }) => fits({ id, sku }));
    return pageById(found, (variant) => context.views.item(variant), args);
  },

  productVariants(args: Search, context: Context) {
    need(context, 'read_products');
    const fits = searchFor(args.query);
    const found = context.world.variants.filter(({ id, sku, barcode }) => fits({ id, sku, barcode }));
    return pageById(found, (variant) => context.views.variant(variant), args);
  },

  fulfillment({ id }: Id, context: Context) {
    need(context, 'read_orders', ...FULFILMENT_SCOPES);
    const number = numberOf(id, 'Fulfillment');
    const order = orderWhere(context, ({ fulfillments }) => fulfillments.some((one) => one.id === number));
    const found = order?.fulfillments.find((one) => one.id === number);
    return order && found ? context.views.fulfillment(order, found) : null;
  },

  fulfillmentOrder({ id }: Id, context: Context) {
    need(context, ...FULFILMENT_SCOPES);
    const number = numberOf(id, 'FulfillmentOrder');
    const order = orderWhere(context, ({ fulfillmentOrderId }) => fulfillmentOrderId === number);
    return order ? context.views.fulfillmentOrder(order) : null;
  },

  return({ id }: Id, context: Context) {
    need(context, 'read_returns');
    const number = numberOf(id, 'Return');
    const order = orderWhere(context, ({ returns }) => returns.some((one) => one.id === number));
    const found = order?.returns.find((one) => one.id === number);
    return order && found ? context.views.return(order, found) : null;
  },

  job({ id }: Id, { world }: Context) {
    const job = world.jobs.get(numberOf(id, 'Job'));
    return job ? { id, done: job.done } : null;
  },

  webhookSubscriptions(args: PageArguments & { topics?: string[] | null }, { world, views }: Context) {
    const found = [...world.subscriptions.values()].filter(
      ({ topic }) => !args.topics || args.topics.includes(topic.toUpperCase().replace('/', '_')),
    );
    return pageById(found, (one) => views.subscription(one), args);
  },
};
