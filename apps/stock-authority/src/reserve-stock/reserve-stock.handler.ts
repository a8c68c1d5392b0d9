import { Controller } from '@nestjs/common';
import { type Event, OrderAmended, OrderCancelRequested, OrderPlaced } from '@samlast/contracts';
import { Consumes } from '@samlast/messaging';
import type { Book } from '../tables/book.ts';
import type { EntityManager } from 'typeorm';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { reviewQueue } from '../review-queue/review-queue.ts';
import { closeBook, openBook } from '../tables/open-book.ts';
import { type CancelRequested, type OrderMessage, type Placed, read } from './intake.ts';
import { amendOrder } from './amend-order.ts';
import { cancelOrder, needsCloserLook, placeOrder } from './place-order.ts';
import { loadBodies, type OrderRecord } from '../tables/orders.ts';

/**
 * Orders and cancels of shops become reservations, shortages and releases, in the order in which they came.
 */
@Controller()
export class ReserveStock {
  constructor(private readonly terms: StockTerms) {}

  @Consumes(OrderPlaced, OrderCancelRequested, OrderAmended)
  async onOrders(messages: OrderMessage[], tx: EntityManager): Promise<Event[]> {
    const wishes = messages.map((message) => read(message, this.terms));
    const placed = wishes.filter((wish) => wish.kind !== 'cancel');
    const amended = wishes.filter((wish) => wish.kind === 'amended').map((wish) => wish.number);
    // What was set aside for an order of these may go back to the queue with its decision.
    const givesBack = ({ order }: Placed) => {
      const policy = this.terms.policyOf(order.channel)?.kind;
      return policy === 'reject' || policy === 'partial';
    };
    const cancelled = new Set(wishes.filter((wish) => wish.kind === 'cancel').map((wish) => wish.number));
    const book = await openBook(tx, await this.terms.at(tx), {
      articles: articlesOf(placed),
      moving: articlesOf(
        placed.filter(
          (wish) => cancelled.has(wish.number) || amended.includes(wish.number) || givesBack(wish),
        ),
      ),
      orders: [...new Set(wishes.map((wish) => wish.number))],
      releasing: [...cancelled, ...amended],
      claims: placed.flatMap(({ order: { channel, claimKey: key } }) => (key ? [{ channel, key }] : [])),
    });
    await loadBodies(
      tx,
      wishes.flatMap((wish) => doubtful(book, wish)),
    );
    for (const wish of wishes) {
      if (wish.kind === 'cancel') cancelOrder(book, wish);
      else if (wish.kind === 'amended') amendOrder(book, wish);
      else placeOrder(book, wish);
    }
    reviewQueue(book);
    return closeBook(tx, book);
  }
}

function articlesOf(placed: readonly Placed[]): Set<string> {
  return new Set(placed.flatMap((wish) => [...wish.needs.keys()]));
}

function doubtful(book: Book, wish: Placed | CancelRequested): OrderRecord[] {
  const known = wish.kind === 'placed' ? book.orders.get(wish.number) : undefined;
  return known && wish.kind === 'placed' && needsCloserLook(known, wish) ? [known] : [];
}
