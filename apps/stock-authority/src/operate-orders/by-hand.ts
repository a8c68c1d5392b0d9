import { OrderRejected, OrderReleased } from '@samlast/contracts';
import { reserve } from '../review-queue/apply-verdict.ts';
import { reviewQueue } from '../review-queue/review-queue.ts';
import type { Book } from '../tables/book.ts';
import { isQueued, type OrderRecord } from '../tables/orders.ts';
import { withNothingTaken } from '../watermark/line.ts';

/** Who did it, and why. */
export interface Authored {
  readonly author: string;
  readonly reason: string;
}

/** Why a person's command cannot be carried out now, in words for that person. */
export class CommandRefused extends Error {
  override readonly name = 'CommandRefused';

  constructor(
    readonly code: 'order.unknown' | 'order.state',
    message: string,
  ) {
    super(message);
  }
}

/**
 * Sends a held order all the same. A person who looked at the shelf knows better than the figures, so the
 * whole order is reserved whatever is free; free may go below zero, and is shown so. Throws CommandRefused.
 */
export function releaseByHand(book: Book, number: string, { author, reason }: Authored): OrderRecord {
  const order = known(book, number);
  if (!isQueued(order)) {
    throw new CommandRefused(
      'order.state',
      `Order ${number} is ${order.state}: only an order that is held, back-ordered or waiting can be released. Look at it again.`,
    );
  }
  const needs = book.needsOf(order);
  book.note('order.released-by-hand', { number }, { author, reason });
  book.dequeue(order);
  Object.assign(order, { state: 'reserved', shortages: [], changed: true });
  reserve(book, order, needs);
  reviewQueue(book);
  return order;
}

/**
 * Ends an order that is held, waiting, or refused by the WMS; its channel cancels it in its shop. Throws
 * CommandRefused.
 */
export function rejectByHand(book: Book, number: string, { author, reason }: Authored): OrderRecord {
  const order = known(book, number);
  if (!isQueued(order) && order.state !== 'refused') {
    throw new CommandRefused(
      'order.state',
      `Order ${number} is ${order.state}: only an order that is held, back-ordered, waiting or refused can be rejected. ` +
        'One that is on its way to the warehouse is cancelled in its shop.',
    );
  }
  book.note('order.rejected-by-hand', { number }, { author, reason });
  const needs = book.needsOf(order);
  if (isQueued(order)) {
    book.dequeue(order);
    book.remember(order, needs);
  }
  // The WMS never took it, so nothing of it can be in any read.
  for (const line of book.linesOf(order)) book.change(line, withNothingTaken(line.revisions));
  Object.assign(order, { state: 'rejected', cancelling: undefined, changed: true });
  const ref = { number, channel: order.channel, revision: order.revision };
  book.publish(OrderRejected.of({ ...ref, by: author, reason, counted: book.counted(needs.keys()) }));
  book.publish(OrderReleased.of({ ...ref, cause: 'rejected' }));
  reviewQueue(book);
  return order;
}

function known(book: Book, number: string): OrderRecord {
  const order = book.orders.get(number);
  if (order?.digest) return order;
  throw new CommandRefused('order.unknown', `No order ${number} is known here. Numbers read like 5178-SE.`);
}
