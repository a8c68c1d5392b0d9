import { commit } from './checkout.ts';
import {
  type Fulfillment,
  fulfilledOf,
  type Job,
  type LineItem,
  type Order,
  type RestockType,
  type Tracking,
  unfulfilledOf,
} from './model.ts';
import { ShopRefusal, type World } from './world.ts';

const STAFF_NOTE_MOST = 255;

/** Takes unfulfilled pieces out of an order, and puts them back on offer or not. */
function remove(world: World, order: Order, line: LineItem, pieces: number, restock: boolean): void {
  line.removed += pieces;
  if (restock) commit(world, order.locationId, line, -pieces);
  else {
    const level = world.level(line.variant, order.locationId);
    if (level) level.committed -= pieces;
  }
}

export interface Cancel {
  readonly reason: string;
  readonly restock: boolean;
  readonly staffNote?: string | null;
}

/** Begins the cancel of an order; it is done by a job a moment later. */
export function beginCancel(world: World, order: Order, cancel: Cancel): Job {
  if ((cancel.staffNote ?? '').length > STAFF_NOTE_MOST)
    throw new ShopRefusal('Staff note is too long (maximum is 255 characters)', 'INVALID', ['staffNote']);
  if (order.cancelledAt !== undefined)
    throw new ShopRefusal('Order has already been cancelled', 'INVALID', ['orderId']);
  if (order.fulfillments.some(({ status }) => status === 'SUCCESS'))
    throw new ShopRefusal('Cannot cancel an order that has been fulfilled', 'INVALID', ['orderId']);
  if (order.returns.some(({ status }) => status === 'OPEN' || status === 'REQUESTED'))
    throw new ShopRefusal('Cannot cancel an order with a return in progress', 'INVALID', ['orderId']);
  const job = { id: world.id(), done: false };
  world.jobs.set(job.id, job);
  world.later(world.jobMs, () => {
    // What was fulfilled meanwhile cannot be cancelled any more; the job ends without an effect.
    if (order.cancelledAt === undefined && order.fulfillments.every(({ status }) => status !== 'SUCCESS'))
      cancelNow(world, order, cancel);
    job.done = true;
  });
  return job;
}

function cancelNow(world: World, order: Order, { reason, restock, staffNote }: Cancel): void {
  for (const line of order.lines) remove(world, order, line, unfulfilledOf(order, line), restock);
  order.cancelledAt = world.now();
  order.cancelReason = reason;
  order.staffNote = staffNote ?? '';
  order.financialStatus = order.financialStatus === 'AUTHORIZED' ? 'VOIDED' : 'REFUNDED';
  world.changed(order, 'orders/cancelled');
}

/** An order edit of one line, committed. */
export function editQuantity(
  world: World,
  order: Order,
  line: LineItem,
  quantity: number,
  restock: boolean,
): void {
  if (order.cancelledAt !== undefined)
    throw new ShopRefusal('The order cannot be edited: it is cancelled.', 'INVALID', ['id']);
  const now = line.quantity - line.removed;
  if (quantity < fulfilledOf(order, line))
    throw new ShopRefusal('Fulfilled pieces cannot be taken out.', 'INVALID', ['quantity']);
  if (quantity < now) remove(world, order, line, now - quantity, restock);
  else {
    line.quantity += quantity - now;
    commit(world, order.locationId, line, quantity - now);
  }
  world.changed(order, 'orders/edited');
}

export interface FulfillmentWish {
  readonly fulfillmentOrderId: number;
  /** All that is left of the fulfillment order, where there are none. */
  readonly lines?: readonly { readonly id: number; readonly quantity: number }[];
}

/** One parcel of an order. */
export function fulfil(
  world: World,
  wishes: readonly FulfillmentWish[],
  tracking: Tracking,
): { order: Order; fulfillment: Fulfillment } {
  const orders = wishes.map(({ fulfillmentOrderId }) =>
    [...world.orders.values()].find((one) => one.fulfillmentOrderId === fulfillmentOrderId),
  );
  const [order] = orders;
  if (!order || orders.includes(undefined))
    throw new ShopRefusal('Fulfillment order does not exist.', 'INVALID', ['fulfillment']);
  if (orders.some((one) => one !== order))
    throw new ShopRefusal('Fulfillment orders must belong to one order.', 'INVALID', ['fulfillment']);
  if (order.cancelledAt !== undefined)
    throw new ShopRefusal('Fulfillment order has an unfulfillable status= cancelled.', 'INVALID', [
      'fulfillment',
    ]);
  if (order.held)
    throw new ShopRefusal('Fulfillment order has an unfulfillable status= on_hold.', 'INVALID', [
      'fulfillment',
    ]);
  const wanted = wishes.flatMap(({ lines }) => lines ?? allLeft(order));
  const lines = wanted.map(({ id, quantity }) => {
    const line = order.lines.find((one) => one.fulfillmentOrderLineItemId === id);
    if (!line)
      throw new ShopRefusal('Fulfillment order line item does not exist.', 'INVALID', ['fulfillment']);
    if (quantity < 1 || quantity > unfulfilledOf(order, line))
      throw new ShopRefusal('Invalid fulfillment order line item quantity requested.', 'INVALID', [
        'fulfillment',
      ]);
    return { id: world.id(), line, quantity };
  });
  if (lines.length === 0)
    throw new ShopRefusal('Fulfillment order has an unfulfillable status= closed.', 'INVALID', [
      'fulfillment',
    ]);
  const fulfillment: Fulfillment = {
    id: world.id(),
    name: `${order.name}-F${order.fulfillments.length + 1}`,
    createdAt: world.now(),
    status: 'SUCCESS',
    tracking,
    lines,
  };
  for (const { line, quantity } of lines) {
    const level = world.level(line.variant, order.locationId);
    if (level) level.committed -= quantity;
  }
  order.fulfillments.push(fulfillment);
  world.changed(order, 'orders/fulfilled');
  return { order, fulfillment };
}

const allLeft = (order: Order) =>
  order.lines
    .map((line) => ({ id: line.fulfillmentOrderLineItemId, quantity: unfulfilledOf(order, line) }))
    .filter(({ quantity }) => quantity > 0);

export function cancelFulfillment(world: World, order: Order, fulfillment: Fulfillment): void {
  if (fulfillment.status === 'CANCELLED')
    throw new ShopRefusal('The fulfillment is already cancelled.', 'INVALID', ['id']);
  fulfillment.status = 'CANCELLED';
  for (const { line, quantity } of fulfillment.lines) {
    const level = world.level(line.variant, order.locationId);
    if (level) level.committed += quantity;
  }
  world.changed(order);
}

/** Money back for pieces; what happens to them is told by the restock type. */
export function refund(
  world: World,
  order: Order,
  wishes: readonly { line: LineItem; quantity: number; restockType: RestockType }[],
): number {
  for (const { line, quantity, restockType } of wishes) {
    const most = restockType === 'CANCEL' ? unfulfilledOf(order, line) : line.quantity - line.removed;
    if (quantity < 1 || quantity > most - line.returned)
      throw new ShopRefusal('Quantity cannot refund more items than were purchased', 'INVALID', [
        'refundLineItems',
      ]);
  }
  for (const { line, quantity, restockType } of wishes) {
    const open = restockType === 'RETURN' ? 0 : Math.min(quantity, unfulfilledOf(order, line));
    if (open > 0) remove(world, order, line, open, restockType === 'CANCEL');
    line.returned += quantity - open;
    const level = world.level(line.variant, order.locationId);
    if (level && restockType === 'RETURN') level.available += quantity;
  }
  const id = world.id();
  order.refunds.push({ id, lines: [...wishes] });
  world.changed(order, 'refunds/create');
  return id;
}
