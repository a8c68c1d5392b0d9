import { Controller } from '@nestjs/common';
import {
  type Event,
  OrderAccepted,
  OrderCancelled,
  OrderCancelRefused,
  OrderRefused,
  OrderStatusChanged,
} from '@samlast/contracts';
import { Consumes, type MessageOf } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { reviewQueue } from '../review-queue/review-queue.ts';
import { endOrders } from '../tables/orders.ts';
import { closeBook, openBook } from '../tables/open-book.ts';
import { settle } from './settle.ts';

type Answer = MessageOf<
  typeof OrderAccepted | typeof OrderCancelled | typeof OrderRefused | typeof OrderCancelRefused
>;

type Status = MessageOf<typeof OrderStatusChanged>;

/** States of an order whose goods have left the warehouse. */
const LEFT: ReadonlySet<string> = new Set(['sent', 'collected', 'returned']);

/**
 * What the warehouse answered to whole orders. Their lines' numbers come on wms.stock.v1 too, and the first
 * one counts.
 */
@Controller()
export class SettleOrders {
  constructor(private readonly terms: StockTerms) {}

  @Consumes(OrderAccepted, OrderCancelled, OrderRefused, OrderCancelRefused, OrderStatusChanged)
  async onAnswers(all: (Answer | Status)[], tx: EntityManager): Promise<Event[]> {
    const statuses = all.filter((message) => message.type === 'order.status-changed');
    const left = statuses.filter(({ data }) => LEFT.has(data.state)).map(({ data }) => data.number);
    await endOrders(tx, left);
    const messages = all.filter((message) => message.type !== 'order.status-changed');
    if (messages.length === 0) return [];
    const numbers = [...new Set(messages.map((message) => message.data.number))];
    const book = await openBook(tx, await this.terms.at(tx), { orders: numbers, releasing: numbers });
    for (const message of messages) settle(book, message);
    reviewQueue(book);
    return closeBook(tx, book);
  }
}
