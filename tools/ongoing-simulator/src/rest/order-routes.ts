import type { Order, OrderLine } from '../warehouse/model.ts';
import { linePicked, lineReturned } from '../warehouse/model.ts';
import { Refusal } from '../warehouse/refusal.ts';
import { orderWriteOf } from './order-body.ts';
import { renderOrder } from './render-order.ts';
import { invalid, ok, type Answer, type Call, type Route } from './route.ts';

const UPDATED_CURSOR_AGE_MAX_MS = 2 * 24 * 3_600_000;

export const orderRoutes: Route[] = [
  { method: 'PUT', path: '/orders', handle: putOrder },
  { method: 'GET', path: '/orders', handle: listOrders },
  { method: 'DELETE', path: '/orders', handle: cancelByNumber },
  { method: 'GET', path: '/orders/{orderId}', handle: (call) => ok(render(call, byId(call))) },
  { method: 'PUT', path: '/orders/{orderId}', handle: putById },
  { method: 'DELETE', path: '/orders/{orderId}', handle: (call) => cancel(call, byId(call)) },
];

const render = (call: Call, order: Order) => renderOrder(call.warehouse, call.goodsOwner, order);
const byId = (call: Call) => call.warehouse.orders.get(call.ids[0] ?? 0);

function putOrder(call: Call): Answer {
  const { number, write } = orderWriteOf(call);
  const { order, created } = call.warehouse.orders.put(number, write);
  const told = call.warehouse.registers.learn(write.fields);
  const message = [...told, `Order number ${number} created/updated`].join(' <br/> <br/>');
  const status = created && !call.warehouse.ground.knobs.forceStatus200 ? 201 : 200;
  return { status, body: { orderId: order.id, message } };
}

function putById(call: Call): Answer {
  const order = byId(call);
  const { write } = orderWriteOf(call);
  call.warehouse.orders.update(order, write);
  call.warehouse.registers.learn(write.fields);
  return ok({ orderId: order.id, message: `Order number ${order.number} created/updated` });
}

function cancelByNumber(call: Call): Answer {
  const number = call.query.text('orderNumber');
  if (number === undefined) throw invalid('orderNumber', 'The orderNumber field is required.');
  const order = call.warehouse.orders.find(number);
  if (!order) throw new Refusal(400, `There is no order with number '${number}'.`);
  return cancel(call, order);
}

function cancel(call: Call, order: Order): Answer {
  call.warehouse.orders.cancel(order);
  return ok({ orderId: order.id, message: `Order ${order.number} cancelled.` });
}

function listOrders(call: Call): Answer {
  const { query } = call;
  const limit = query.int('maxOrdersToGet') ?? Infinity;
  const from = query.int('orderIdFrom') ?? -Infinity;
  const wanted = filterOf(call);
  const found: object[] = [];
  for (const order of candidates(call)) {
    if (found.length >= limit) break;
    if (order.id >= from && wanted(order)) found.push(render(call, order));
  }
  return ok(found);
}

/** The smallest set that an index gives, in ascending order of ids. */
function candidates({ query, warehouse }: Call): Iterable<Order> {
  const { orders, ground } = warehouse;
  const numbers = query.texts('orderNumber', 'orderNumbers');
  const statusFrom = query.time('orderStatusChangedTimeFrom');
  const updatedFrom = query.time('orderUpdatedTimeFrom');
  if (updatedFrom !== undefined && updatedFrom < ground.clock.now() - UPDATED_CURSOR_AGE_MAX_MS) {
    throw new Refusal(400, 'orderUpdatedTimeFrom must be within the last 2 days.');
  }
  const byIds = (ids: number[]) => ids.map((id) => orders.get(id));
  if (numbers) {
    const found = new Set(numbers.flatMap((number) => orders.numbered(number)));
    return [...found].toSorted((a, b) => a.id - b.id);
  }
  if (statusFrom !== undefined) return byIds(orders.statusChanges.since(statusFrom));
  if (updatedFrom !== undefined) return byIds(orders.updates.since(updatedFrom));
  return orders.byId.values();
}

function filterOf(call: Call): (order: Order) => boolean {
  const tests = [...timeTests(call), ...valueTests(call)];
  return (order) => tests.every((test) => test(order));
}

function timeTests({ query }: Call): ((order: Order) => boolean)[] {
  const tests: ((order: Order) => boolean)[] = [];
  const after = (name: string, of: (order: Order) => number | null) => {
    const from = query.time(name);
    if (from !== undefined) tests.push((order) => (of(order) ?? -Infinity) > from);
  };
  const before = (name: string, of: (order: Order) => number | null) => {
    const to = query.time(name);
    if (to !== undefined) tests.push((order) => (of(order) ?? Infinity) <= to);
  };
  after('orderStatusChangedTimeFrom', (order) => order.statusChangedAt);
  after('orderUpdatedTimeFrom', (order) => order.updatedAt);
  after('orderCreatedTimeFrom', (order) => order.createdAt);
  before('orderCreatedTimeTo', (order) => order.createdAt);
  after('shippedTimeFrom', (order) => order.shippedAt);
  before('shippedTimeTo', (order) => order.shippedAt);
  after('lastReturnedFrom', (order) => order.lastReturnedAt);
  after('lastPickingTimeFrom', (order) => order.lastPickedAt);
  return tests;
}

function valueTests({ query, warehouse }: Call): ((order: Order) => boolean)[] {
  const tests: ((order: Order) => boolean)[] = [];
  const statusFrom = query.int('orderStatusFrom') ?? -Infinity;
  const statusTo = query.int('orderStatusTo') ?? Infinity;
  tests.push(({ status }) => status >= statusFrom && status <= statusTo);
  const references = query.texts('referenceNumbers');
  if (references) tests.push(({ fields }) => references.includes(String(fields.referenceNumber)));
  const place = query.text('marketPlace');
  if (place !== undefined) {
    tests.push(
      ({ fields }) => (fields.marketPlace as { marketPlace?: unknown } | null)?.marketPlace === place,
    );
  }
  const articles = query.texts('articleNumbers');
  if (articles) {
    const ids = new Set(articles.map((number) => warehouse.articles.find(number)?.id));
    tests.push(({ lines }) => lines.some((line) => ids.has(line.articleId)));
  }
  const parcel = query.text('parcelNumber');
  if (parcel !== undefined) tests.push(({ parcels }) => parcels.some(({ number }) => number === parcel));
  const backOrderFor = query.int('backOrderForOrderId');
  if (backOrderFor !== undefined) tests.push((order) => order.backOrderFor === backOrderFor);
  const someLine = (open: (line: OrderLine) => boolean) => tests.push(({ lines }) => lines.some(open));
  if (query.flag('onlyOrdersWithOrderLinesToReport')) {
    someLine((line) => (line.reported ?? 0) < linePicked(line));
  }
  if (query.flag('onlyOrdersWithOrderLinesToReportReturned')) {
    someLine((line) => (line.reportedReturned ?? 0) < lineReturned(line));
  }
  return tests;
}
