import { z } from 'zod';
import { toMilli } from '../warehouse/milli.ts';
import { received, type PurchaseLine, type PurchaseOrder } from '../warehouse/model.ts';
import { Refusal } from '../warehouse/refusal.ts';
import { checkBody, decimal } from './body.ts';
import { purchaseWriteOf } from './purchase-body.ts';
import { renderPurchase } from './render-purchase.ts';
import { invalid, ok, type Answer, type Call, type Route } from './route.ts';

const BY_ID = '/purchaseOrders/{purchaseOrderId}';

export const purchaseRoutes: Route[] = [
  {
    method: 'GET',
    path: '/purchaseOrders/statuses',
    // The register is keyed as that of orders (reference, section 1.4).
    handle: ({ warehouse }) => ok({ orderStatuses: warehouse.ground.knobs.purchaseStatusSet }),
  },
  {
    method: 'GET',
    path: '/purchaseOrders/types',
    handle: ({ warehouse }) =>
      ok({ purchaseOrderTypes: [...warehouse.registers.codes.purchaseOrderTypes.values()] }),
  },
  { method: 'PUT', path: '/purchaseOrders', handle: put },
  { method: 'GET', path: '/purchaseOrders', handle: list },
  { method: 'DELETE', path: '/purchaseOrders', handle: cancelByNumber },
  { method: 'GET', path: BY_ID, handle: (call) => ok(render(call, byId(call))) },
  { method: 'PUT', path: BY_ID, handle: putById },
  { method: 'DELETE', path: BY_ID, handle: (call) => cancel(call, byId(call)) },
  patch('/purchaseOrderStatus', (order, call) => {
    const schema = z.looseObject({ purchaseOrderStatusNumber: z.int() });
    const { purchaseOrderStatusNumber: status } = checkBody(call, schema, [], Object.keys(schema.shape));
    if (!call.warehouse.ground.knobs.purchaseStatusSet.some(({ number }) => number === status))
      throw new Refusal(400, `There is no purchase order status ${status}.`);
    order.status = status;
  }),
  field('inDate', (order) => order.fields),
  field('freeText1', freeValues),
  field('freeText2', freeValues),
  field('freeText3', freeValues),
  field('advisedDate', (order) => (order.fields.advanced ??= {}) as Record<string, unknown>),
  {
    method: 'PATCH',
    path: `${BY_ID}/purchaseOrderNumber`,
    handle: (call) => {
      const schema = z.looseObject({ purchaseOrderNumber: z.string().min(1).max(50) });
      const { purchaseOrderNumber } = checkBody(call, schema, [], Object.keys(schema.shape));
      const order = byId(call);
      call.warehouse.purchaseOrders.renumber(order, purchaseOrderNumber);
      return done(order);
    },
  },
  patch('/lines/{lineId}/reportedNumberOfItems', (order, call) => {
    const schema = z.looseObject({ reportedNumberOfItems: decimal });
    const { reportedNumberOfItems } = checkBody(call, schema, [], Object.keys(schema.shape));
    const line = order.lines.find(({ id }) => id === call.ids[1]);
    if (!line) throw new Refusal(404, `${order.number} has no line with id ${call.ids[1]}.`);
    line.reported = toMilli(reportedNumberOfItems);
  }),
  patch('/setReportedNumberOfItemsToReceivedNumberOfItems', (order) => {
    for (const line of order.lines) line.reported = received(line);
  }),
];

const render = (call: Call, order: PurchaseOrder) => renderPurchase(call.warehouse, call.goodsOwner, order);
const byId = (call: Call) => call.warehouse.purchaseOrders.get(call.ids[0] ?? 0);
const done = (order: PurchaseOrder): Answer =>
  ok({ purchaseOrderId: order.id, message: `Purchase order ${order.number} updated.` });

function put(call: Call): Answer {
  const { number, write, status } = purchaseWriteOf(call);
  const order = call.warehouse.purchaseOrders.put(number, write, status);
  const told = call.warehouse.registers.learnPurchase(write.fields);
  const message = [...told, `Purchase order number ${number} created/updated`].join(' <br/> <br/>');
  return ok({ purchaseOrderId: order.id, message });
}

function putById(call: Call): Answer {
  const order = byId(call);
  const { write } = purchaseWriteOf(call);
  call.warehouse.purchaseOrders.update(order, write);
  call.warehouse.registers.learnPurchase(write.fields);
  return done(order);
}

function cancelByNumber(call: Call): Answer {
  const number = call.query.text('purchaseOrderNumber');
  if (number === undefined)
    throw invalid('purchaseOrderNumber', 'The purchaseOrderNumber field is required.');
  const order = call.warehouse.purchaseOrders.find(number);
  if (!order) throw new Refusal(400, `There is no purchase order with number '${number}'.`);
  return cancel(call, order);
}

function cancel(call: Call, order: PurchaseOrder): Answer {
  call.warehouse.purchaseOrders.cancel(order);
  return ok({ purchaseOrderId: order.id, message: `Purchase order ${order.number} cancelled.` });
}

function list(call: Call): Answer {
  const { query } = call;
  const limit = query.int('maxPurchaseOrdersToGet') ?? Infinity;
  const from = query.int('purchaseOrderIdFrom') ?? -Infinity;
  const tests = testsOf(call);
  const found: object[] = [];
  for (const order of candidates(call)) {
    if (found.length >= limit) break;
    if (order.id >= from && tests.every((test) => test(order))) found.push(render(call, order));
  }
  return ok(found);
}

function candidates({ query, warehouse }: Call): Iterable<PurchaseOrder> {
  const { purchaseOrders } = warehouse;
  const numbers = query.texts('purchaseOrderNumber', 'purchaseOrderNumbers');
  if (!numbers) return purchaseOrders.byId.values();
  const found = new Set(numbers.flatMap((number) => purchaseOrders.numbered(number)));
  return [...found].toSorted((a, b) => a.id - b.id);
}

function testsOf({ query, warehouse }: Call): ((order: PurchaseOrder) => boolean)[] {
  const tests: ((order: PurchaseOrder) => boolean)[] = [];
  const from = query.int('purchaseOrderStatusFrom') ?? -Infinity;
  const to = query.int('purchaseOrderStatusTo') ?? Infinity;
  tests.push(({ status }) => status >= from && status <= to);
  const after = (name: string, of: (order: PurchaseOrder) => number | null) => {
    const since = query.time(name);
    if (since !== undefined) tests.push((order) => (of(order) ?? -Infinity) > since);
  };
  after('purchaseOrderStatusChangedTimeFrom', (order) => order.statusChangedAt);
  after('lastReceiveTimeFrom', (order) => order.lastReceivedAt);
  const receivedTo = query.time('lastReceiveTimeTo');
  if (receivedTo !== undefined)
    tests.push(({ lastReceivedAt }) => lastReceivedAt !== null && lastReceivedAt <= receivedTo);
  const [inFrom, inTo] = [query.time('inDateFrom'), query.time('inDateTo')];
  const inDate = ({ fields }: PurchaseOrder) => Date.parse(String(fields.inDate ?? ''));
  if (inFrom !== undefined) tests.push((order) => inDate(order) >= inFrom);
  if (inTo !== undefined) tests.push((order) => inDate(order) <= inTo);
  const articles = query.texts('articleNumbers');
  if (articles) {
    const ids = new Set(articles.map((number) => warehouse.articles.find(number)?.id));
    tests.push(({ lines }) => lines.some((line) => ids.has(line.articleId)));
  }
  const toReport = (line: PurchaseLine) => (line.reported ?? 0) !== received(line);
  if (query.flag('onlyPurchaseOrdersWithOrderLinesToReport')) tests.push(({ lines }) => lines.some(toReport));
  return tests;
}

function patch(path: string, change: (order: PurchaseOrder, call: Call) => void): Route {
  return {
    method: 'PATCH',
    path: `${BY_ID}${path}`,
    handle: (call) => {
      const order = byId(call);
      call.warehouse.purchaseOrders.change(order, () => change(order, call));
      return done(order);
    },
  };
}

/** Fields that can be changed one by one, whatever the status. */
function field(name: string, of: (order: PurchaseOrder) => Record<string, unknown>): Route {
  return patch(`/${name}`, (order, call) => {
    const body = checkBody(call, z.looseObject({ [name]: z.string().nullable() }), [], [name]);
    of(order)[name] = body[name];
  });
}

function freeValues(order: PurchaseOrder): Record<string, unknown> {
  return (order.fields.freeValues ??= {}) as Record<string, unknown>;
}
