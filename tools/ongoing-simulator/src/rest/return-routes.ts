import { z } from 'zod';
import { fromMilli, toMilli } from '../warehouse/milli.ts';
import type { ReturnOrder } from '../warehouse/model.ts';
import { Refusal } from '../warehouse/refusal.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { checkBody, decimal, known, text } from './body.ts';
import { renderRef } from './render-order.ts';
import { invalid, ok, time, type Answer, type Call, type GoodsOwner, type Route } from './route.ts';

const BY_ID = '/returnOrders/{returnOrderId}';
const MEMBERS = ['comment', 'inDate', 'warehouseId', 'tracking', 'returnOrderHandlingComment', 'freeValues'];
const LINE_MEMBERS = ['returnCause', 'returnOrderLineComment'];

const ReturnBody = z.looseObject({
  goodsOwnerId: z.int(),
  returnOrderNumber: text.pipe(z.string().max(50)),
  /** Ongoing's internal ids, not numbers (reference, section 6). */
  customerOrder: z.looseObject({ orderId: z.int() }),
  returnOrderLines: z
    .array(
      z.looseObject({
        returnOrderRowNumber: text,
        customerOrderLine: z.looseObject({ orderLineId: z.int() }),
        toBeReturnedNumberOfItems: decimal.pipe(z.number().positive()),
        returnCause: z.looseObject({}).nullish(),
      }),
    )
    .min(1),
});

export const returnRoutes: Route[] = [
  {
    method: 'GET',
    path: '/returnOrders/statuses',
    handle: ({ warehouse }) => ok({ returnOrderStatuses: warehouse.ground.knobs.returnStatusSet }),
  },
  {
    method: 'GET',
    path: '/returnOrders/returnCauses',
    handle: ({ warehouse }) =>
      ok({
        returnCauses: [...warehouse.returnOrders.causes.values()].map((cause) => ({
          ...cause,
          isChangeCause: false,
          isReturnCommentMandatory: false,
        })),
      }),
  },
  { method: 'PUT', path: '/returnOrders', handle: put },
  { method: 'GET', path: '/returnOrders', handle: list },
  {
    method: 'DELETE',
    path: '/returnOrders',
    handle: (call) => {
      const number = call.query.text('returnOrderNumber');
      if (number === undefined)
        throw invalid('returnOrderNumber', 'The returnOrderNumber field is required.');
      const found = call.warehouse.returnOrders.find(number);
      if (!found) throw new Refusal(400, `There is no return order with number '${number}'.`);
      return cancel(call, found);
    },
  },
  { method: 'GET', path: BY_ID, handle: (call) => ok(render(call.warehouse, call.goodsOwner, byId(call))) },
  { method: 'DELETE', path: BY_ID, handle: (call) => cancel(call, byId(call)) },
];

const byId = (call: Call) => call.warehouse.returnOrders.get(call.ids[0] ?? 0);

function put(call: Call): Answer {
  const keys = ['goodsOwnerId', 'returnOrderNumber', 'customerOrder', 'returnOrderLines'];
  const body = checkBody(call, ReturnBody, MEMBERS, keys);
  const lines = body.returnOrderLines.map((line) => ({
    row: line.returnOrderRowNumber,
    orderLineId: line.customerOrderLine.orderLineId,
    toBeReturned: toMilli(line.toBeReturnedNumberOfItems),
    fields: known(line, LINE_MEMBERS),
  }));
  const fields = known(body, MEMBERS);
  const made = call.warehouse.returnOrders.put(
    body.returnOrderNumber,
    body.customerOrder.orderId,
    lines,
    fields,
  );
  return ok({ returnOrderId: made.id, message: `Return order number ${made.number} created/updated` });
}

function cancel(call: Call, found: ReturnOrder): Answer {
  call.warehouse.returnOrders.cancel(found);
  return ok({ returnOrderId: found.id, message: `Return order ${found.number} cancelled.` });
}

/** There is no pagination (reference, section 1.6). */
function list({ warehouse, goodsOwner, query }: Call): Answer {
  const { returnOrders, orders, ground } = warehouse;
  const keysOf = (values: string[] | undefined) => values && new Set(values.map((one) => ground.key(one)));
  const numbers = keysOf(query.texts('returnOrderNumbers'));
  const customerOrders = keysOf(query.texts('customerOrderNumbers'));
  const returnedFrom = query.time('goodsReturnedFromDate');
  const from = query.int('returnOrderStatusFrom') ?? -Infinity;
  const to = query.int('returnOrderStatusTo') ?? Infinity;
  const found = [...returnOrders.byId.values()].filter(
    (one) =>
      one.status >= from &&
      one.status <= to &&
      (!numbers || numbers.has(ground.key(one.number))) &&
      (!customerOrders || customerOrders.has(ground.key(orders.get(one.orderId).number))) &&
      (returnedFrom === undefined || (one.lastReturnedAt ?? -Infinity) >= returnedFrom),
  );
  return ok(found.map((one) => render(warehouse, goodsOwner, one)));
}

function render(warehouse: Warehouse, goodsOwner: GoodsOwner, one: ReturnOrder): object {
  const { ground, orders, returnOrders } = warehouse;
  const order = orders.get(one.orderId);
  const status = ground.knobs.returnStatusSet.find(({ number }) => number === one.status);
  return {
    goodsOwner,
    returnOrderInfo: {
      returnOrderId: one.id,
      returnOrderNumber: one.number,
      comment: one.fields.comment ?? null,
      inDate: one.fields.inDate ?? null,
      createdDate: time(one.createdAt),
      returnOrderArrivalTime: time(one.arrivedAt),
      returnOrderStatus: { number: one.status, text: status?.text ?? '' },
      warehouse: { id: 1, code: 'MAIN', name: 'Main warehouse' },
    },
    customerOrderInfo: { orderId: order.id, orderNumber: order.number },
    returnOrderLines: one.lines.map((line) => {
      const own = order.lines.find(({ id }) => id === line.orderLineId);
      const { code } = (line.fields.returnCause ?? {}) as { code?: string };
      return {
        returnOrderLineId: line.id,
        returnOrderRowNumber: line.row,
        customerOrderLine: { orderLineId: line.orderLineId, customerOrderRowNumber: own?.row ?? null },
        article: own ? renderRef(warehouse, own.articleId) : null,
        returnCause: code === undefined ? null : (returnOrders.causes.get(code) ?? { code, name: code }),
        toBeReturnedNumberOfItems: fromMilli(line.toBeReturned),
        returnedNumberOfItems: fromMilli(line.returned),
        pickedNumberOfItems: 0,
        returnedRemovedByInventoryNumberOfItems: fromMilli(line.removed),
        returnedArticleItems: [],
      };
    }),
  };
}
