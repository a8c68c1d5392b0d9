import {
  type DataOf,
  type OrderAccepted,
  type OrderCancelled,
  type OrderCancelRefused,
  type OrderRefused,
  OrderReleased,
} from '@samlast/contracts';
import type { Book } from '../tables/book.ts';
import { isQueued, type OrderRecord } from '../tables/orders.ts';
import { withAnswer, withChangeRefused, withFlights, withNoneOlder, withRefusal } from '../watermark/line.ts';

/** What the warehouse said to an order or a cancel. */
export type Answer =
  | { readonly type: 'order.accepted'; readonly data: DataOf<typeof OrderAccepted> }
  | { readonly type: 'order.cancelled'; readonly data: DataOf<typeof OrderCancelled> }
  | { readonly type: 'order.refused'; readonly data: DataOf<typeof OrderRefused> }
  | { readonly type: 'order.cancel-refused'; readonly data: DataOf<typeof OrderCancelRefused> };

/** Books one answer about an order; one about an order that is not known here is only noted. */
export function settle(book: Book, message: Answer): void {
  const order = book.orders.get(message.data.number);
  if (!order?.digest || order.channel !== message.data.channel)
    return book.note('order.unknown', { number: message.data.number }, { type: message.type });
  order.changed = true;
  switch (message.type) {
    case 'order.accepted':
      return accepted(book, order, message.data);
    case 'order.cancelled':
      return cancelled(book, order, message.data);
    case 'order.refused':
      return refused(book, order, message.data);
    case 'order.cancel-refused':
      return cancelRefused(book, order, message.data);
  }
}

/** A write is the whole order, so it answers every line of that revision, also the parts of its kits. */
function accepted(book: Book, order: OrderRecord, data: DataOf<typeof OrderAccepted>): void {
  const { revision, sent, accepted: at } = data;
  book.note('order.accepted', { number: order.number }, { revision, sent, accepted: at });
  if (order.state === 'refused') order.state = 'reserved';
  for (const line of book.linesOf(order)) {
    const asked = line.revisions.find((one) => one.revision === revision);
    if (!asked) continue;
    const answer = { revision, nothing: asked.quantity === 0n, sent, accepted: at };
    book.change(line, withAnswer(line.revisions, answer));
  }
}

/**
 * By its channel or by the warehouse itself: the pieces come back with the next read, as the watermark
 * says.
 */
function cancelled(book: Book, order: OrderRecord, data: DataOf<typeof OrderCancelled>): void {
  const { number, channel } = order;
  const { revision, sent, by } = data;
  book.note('order.cancelled', { number }, { revision, sent, accepted: data.accepted, by });
  for (const line of book.linesOf(order)) {
    book.change(line, withAnswer(line.revisions, { revision, nothing: true, sent, accepted: data.accepted }));
  }
  if (isQueued(order)) book.dequeue(order);
  const ended = order.state === 'cancelled' || order.state === 'rejected';
  Object.assign(order, { cancelling: undefined, revision: Math.max(order.revision, revision) });
  if (ended) return;
  order.state = 'cancelled';
  book.publish(OrderReleased.of({ number, channel, revision, cause: 'cancelled-in-wms' }));
}

/**
 * A later revision that was refused leaves the accepted one standing. An order that the WMS never took
 * keeps its pieces until a person decides, because the shop's buyer has been told yes.
 */
function refused(book: Book, order: OrderRecord, data: DataOf<typeof OrderRefused>): void {
  const { number } = order;
  const { revision, reason } = data;
  const lines = book.linesOf(order);
  const standing = lines.some((line) => line.revisions.some((one) => one.accepted !== undefined));
  book.note('order.refused', { number }, { revision, reason, standing });
  if (!standing) {
    if (order.state === 'reserved') order.state = 'refused';
    // Nor did any read contain it: what was in flight has come to nothing.
    for (const line of lines)
      book.change(
        line,
        withNoneOlder(
          withFlights(line.revisions, () => false),
          revision,
        ),
      );
    return;
  }
  for (const line of lines) book.change(line, withChangeRefused(line.revisions, revision));
}

function cancelRefused(book: Book, order: OrderRecord, data: DataOf<typeof OrderCancelRefused>): void {
  const { revision, reason } = data;
  book.note('order.cancel-refused', { number: order.number }, { revision, reason });
  if (order.cancelling === revision) order.cancelling = undefined;
  for (const line of book.linesOf(order)) book.change(line, withRefusal(line.revisions, revision, true));
}
