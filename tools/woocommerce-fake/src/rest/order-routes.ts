import { z } from 'zod';
import { type Order, type OrderStatus, STATUSES } from '../selling/order.ts';
import type { WooShop } from '../woo-shop.ts';
import { parsed } from './body.ts';
import type { Call, Route } from './call.ts';
import { pageOf, texts } from './lists.ts';
import { invalidParam, Refusal } from './refusal.ts';
import { renderNote, renderRefund } from './render.ts';

const UNLISTED = new Set<OrderStatus>(['trash', 'checkout-draft']);

/** What of an order an integration changes here. The rest is refused, so that nothing is taken for done. */
const OrderChange = z.strictObject({
  status: z.string().optional(),
  meta_data: z
    .array(z.strictObject({ id: z.int().optional(), key: z.string(), value: z.unknown() }))
    .optional(),
});
const NewNote = z.strictObject({
  note: z.string(),
  customer_note: z.boolean().default(false),
  added_by_user: z.boolean().default(false),
});
const NewTracking = z.strictObject({
  tracking_provider: z.string().optional(),
  custom_tracking_provider: z.string().optional(),
  custom_tracking_link: z.string().optional(),
  tracking_number: z.string(),
  date_shipped: z.string().optional(),
});

export const orderRoutes: Route[] = [
  {
    method: 'GET',
    path: 'wc/v3/orders',
    answer: ({ shop, query, url }) => {
      const { entries, headers } = pageOf(listed(shop, query), query, shop.clock, url);
      return { body: entries, headers };
    },
  },
  {
    method: 'GET',
    path: 'wc/v3/orders/#',
    answer: ({ shop, ids }) => ({ body: shop.renderOrder(orderOf(shop, ids[0], 404)) }),
  },
  {
    method: 'PUT',
    path: 'wc/v3/orders/#',
    answer: ({ shop, ids, body }) => {
      const order = orderOf(shop, ids[0], 400);
      change(shop, order, parsed(OrderChange, body));
      return { body: shop.renderOrder(order) };
    },
  },
  {
    method: 'GET',
    path: 'wc/v3/orders/#/notes',
    answer: ({ shop, ids, query }) => {
      const type = query.get('type') ?? 'any';
      const notes = orderOf(shop, ids[0], 404).notes.filter(
        ({ toCustomer }) => type === 'any' || toCustomer === (type === 'customer'),
      );
      return { body: notes.toReversed().map((note) => renderNote(shop.clock, note)) };
    },
  },
  {
    method: 'POST',
    path: 'wc/v3/orders/#/notes',
    answer: ({ shop, ids, body }) => {
      const order = orderOf(shop, ids[0], 404);
      const given = parsed(NewNote, body);
      if (given.note === '') throw invalidParam('note', 'note must not be empty.');
      const note = shop.orders.note(order, given.note, {
        toCustomer: given.customer_note,
        author: given.added_by_user ? 'integration' : 'WooCommerce',
      });
      return { status: 201, body: renderNote(shop.clock, note) };
    },
  },
  {
    method: 'GET',
    path: 'wc/v3/orders/#/refunds',
    answer: ({ shop, ids, query, url }) => {
      const refunds = orderOf(shop, ids[0], 404).refunds.map((refund) => ({
        id: refund.id,
        created: refund.at,
        modified: refund.at,
        json: renderRefund(shop.clock, refund, (line) => shop.orders.productOf(line)),
      }));
      const { entries, headers } = pageOf(refunds, query, shop.clock, url);
      return { body: entries, headers };
    },
  },
  {
    method: 'GET',
    path: 'wc-shipment-tracking/v3/orders/#/shipment-trackings',
    answer: (call) => ({ body: trackedOrder(call).trackings }),
  },
  {
    method: 'POST',
    path: 'wc-shipment-tracking/v3/orders/#/shipment-trackings',
    answer: (call) => {
      const given = parsed(NewTracking, call.body);
      const tracking = call.shop.orders.track(trackedOrder(call), {
        tracking_provider: given.tracking_provider ?? given.custom_tracking_provider ?? '',
        tracking_link: given.custom_tracking_link ?? '',
        tracking_number: given.tracking_number,
        date_shipped: given.date_shipped ?? call.shop.clock.local(Date.now()).slice(0, 10),
      });
      return { status: 201, body: tracking };
    },
  },
];

/** As a list shows them, which may be as they were a moment ago. */
function listed(shop: WooShop, query: URLSearchParams) {
  const asked = texts(query, 'status');
  const wrong = asked.find((one) => !['any', 'trash', ...STATUSES].includes(one));
  if (wrong) throw invalidParam('status', `status[0] is not one of any, trash, ${STATUSES.join(', ')}.`);
  const any = asked.length === 0 || asked.includes('any');
  const now = Date.now();
  return shop.orders.list().flatMap(({ id, created, versions }) => {
    const shown = versions.findLast(({ visibleAt }) => visibleAt <= now);
    if (!shown) return [];
    const fits = any ? !UNLISTED.has(shown.status) : asked.includes(shown.status);
    return fits ? [{ id, created, modified: shown.modified, json: shown.json }] : [];
  });
}

function change(
  shop: WooShop,
  order: Order,
  { status, meta_data: meta }: z.output<typeof OrderChange>,
): void {
  if (status !== undefined && !STATUSES.includes(status as (typeof STATUSES)[number]))
    throw invalidParam('status', `status is not one of ${STATUSES.join(', ')}.`);
  for (const { key, value } of meta ?? []) shop.orders.setMeta(order, key, value);
  if (status === undefined) shop.orders.save(order);
  else shop.orders.setStatus(order, status as OrderStatus);
}

function trackedOrder({ shop, ids }: Call): Order {
  if (!shop.hasTrackingExtension)
    throw new Refusal(404, 'rest_no_route', 'No route was found matching the URL and request method.');
  return orderOf(shop, ids[0], 404);
}

/** Reading one that is not there is a 404, changing it a 400. */
function orderOf(shop: WooShop, id: number | undefined, status: 400 | 404): Order {
  const order = id === undefined ? undefined : shop.orders.find(id);
  if (!order) throw new Refusal(status, 'woocommerce_rest_shop_order_invalid_id', 'Invalid ID.');
  return order;
}
