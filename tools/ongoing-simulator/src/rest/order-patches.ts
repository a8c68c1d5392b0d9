import { z } from 'zod';
import { OrderFloor } from '../floor/order-floor.ts';
import { Shipping } from '../floor/shipping.ts';
import { linePicked, lineReturned, type Order, type OrderLine } from '../warehouse/model.ts';
import { toMilli } from '../warehouse/milli.ts';
import { Refusal } from '../warehouse/refusal.ts';
import { checkBody, date, decimal } from './body.ts';
import { ok, type Answer, type Call, type Route } from './route.ts';

type Change = (order: Order, call: Call) => void;

const short = z.string().min(1).max(50);
const long = z.string().max(500).nullable();
const text = z.string().nullable();

/** Fields that can still be changed late, one by one: up to which status is a knob. */
export const orderPatches: Route[] = [
  field('deliveryDate', 'deliveryDate', date),
  field('freeText1', 'freeText1', text),
  field('freeText2', 'freeText2', text),
  field('freeText3', 'freeText3', text),
  field('orderRemark', 'orderRemark', long),
  field('warehouseInstruction', 'warehouseInstruction', long),
  field('servicePointCode', 'servicePointCode', short),
  patch('/waybill', (order, call) => {
    order.waybill = checkBody(call, z.looseObject({ waybill: short }), [], ['waybill']).waybill;
  }),
  patch('/returnWaybill', (order, call) => {
    order.returnWaybill = checkBody(
      call,
      z.looseObject({ returnWaybill: short }),
      [],
      ['returnWaybill'],
    ).returnWaybill;
  }),
  {
    method: 'PATCH',
    path: '/orders/{orderId}/orderStatus',
    handle: (call) => {
      const body = checkBody(call, z.looseObject({ orderStatusNumber: z.int() }), [], ['orderStatusNumber']);
      const order = orderOf(call);
      new OrderFloor(call.warehouse).setStatus(order.id, body.orderStatusNumber);
      return done(order);
    },
  },
  {
    method: 'PATCH',
    path: '/orders/{orderId}/orderNumber',
    handle: (call) => {
      const { orderNumber } = checkBody(call, z.looseObject({ orderNumber: short }), [], ['orderNumber']);
      const order = orderOf(call);
      call.warehouse.orders.renumber(order, orderNumber);
      return done(order);
    },
  },
  lineField('comment', text, (line, value) => {
    line.fields.comment = value;
  }),
  ...['linePrice', 'customerLinePrice'].map((price) =>
    lineField(price, decimal, (line, value) => {
      line.fields.prices = { ...(line.fields.prices as object | null), [price]: value };
    }),
  ),
  reported('reportedNumberOfItems', (line, quantity) => {
    line.reported = quantity;
  }),
  reported('reportedReturnedNumberOfItems', (line, quantity) => {
    line.reportedReturned = quantity;
  }),
  patch('/setReportedNumberOfItemsToPickedNumberOfItems', (order) => {
    for (const line of order.lines) line.reported = linePicked(line);
  }),
  patch('/setReportedReturnedNumberOfItemsToReturnedNumberOfItems', (order) => {
    for (const line of order.lines) line.reportedReturned = lineReturned(line);
  }),
  put('/orderTracking', (order, call) => {
    const schema = z.looseObject({
      waybill: z.string().min(1),
      trackingUrl: z.string().nullish(),
      isReturnTracking: z.boolean().nullish(),
    });
    const { waybill, trackingUrl, isReturnTracking } = checkBody(call, schema, [], Object.keys(schema.shape));
    new Shipping(call.warehouse).track(order, waybill, trackingUrl ?? undefined, isReturnTracking ?? false);
  }),
  put('/parcels', (order, call) => {
    const schema = z.looseObject({
      parcelNumber: z.string().min(1),
      transportAdministrationType: z.string().nullish(),
      advanced: z.unknown().optional(),
      tracking: z.looseObject({ trackingUrl: z.string().nullish(), waybill: z.string().nullish() }).nullish(),
    });
    const { parcelNumber, transportAdministrationType, tracking } = checkBody(
      call,
      schema,
      [],
      Object.keys(schema.shape),
    );
    new Shipping(call.warehouse).lay(order, {
      number: parcelNumber,
      waybill: tracking?.waybill ?? undefined,
      trackingUrl: tracking?.trackingUrl ?? undefined,
      isReturn: transportAdministrationType?.toLowerCase() === 'return',
    });
  }),
];

/** A member of one line, found by Ongoing's own id. */
function lineField(member: string, schema: z.ZodType, set: (line: OrderLine, value: unknown) => void): Route {
  return patch(`/lines/{orderLineId}/${member}`, (order, call) => {
    const body = checkBody(call, z.looseObject({ [member]: schema }), [], [member]);
    refuseLate(call, order);
    set(lineOf(order, call), body[member]);
  });
}

function lineOf(order: Order, call: Call): OrderLine {
  const line = order.lines.find(({ id }) => id === call.ids[1]);
  if (!line) throw new Refusal(404, `Order ${order.number} has no line with id ${call.ids[1]}.`);
  return line;
}

function refuseLate(call: Call, order: Order): void {
  if (order.status >= call.warehouse.ground.knobs.fieldsLockFromStatus)
    throw new Refusal(
      400,
      `Order ${order.number} cannot be changed any more: its status is ${order.status}.`,
    );
}

const orderOf = (call: Call) => call.warehouse.orders.get(call.ids[0] ?? 0);
const done = (order: Order): Answer => ok({ orderId: order.id, message: `Order ${order.number} updated.` });

function route(method: string, path: string, change: Change): Route {
  return {
    method,
    path: `/orders/{orderId}${path}`,
    handle: (call) => {
      const order = orderOf(call);
      call.warehouse.orders.change(order, () => change(order, call));
      return done(order);
    },
  };
}

function patch(path: string, change: Change): Route {
  return route('PATCH', path, change);
}

function put(path: string, change: Change): Route {
  return route('PUT', path, change);
}

function field(path: string, member: string, schema: z.ZodType): Route {
  return patch(`/${path}`, (order, call) => {
    const body = checkBody(call, z.looseObject({ [member]: schema }), [], [member]);
    refuseLate(call, order);
    order.fields[member] = body[member];
  });
}

function reported(member: string, set: (line: OrderLine, quantity: number) => void): Route {
  return patch(`/lines/{orderLineId}/${member}`, (order, call) => {
    const body = checkBody(call, z.looseObject({ [member]: decimal }), [], [member]);
    set(lineOf(order, call), toMilli(Number(body[member])));
  });
}
