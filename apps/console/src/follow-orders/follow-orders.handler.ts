import { Controller } from '@nestjs/common';
import {
  type Event,
  OrderAccepted,
  OrderAmended,
  OrderCancelForwarded,
  OrderCancelled,
  OrderCancelRefused,
  OrderCancelRequested,
  OrderEdited,
  OrderPlaced,
  OrderRefused,
  OrderRejected,
  OrderReleased,
  OrderReserved,
  OrderReturned,
  OrderShipped,
  OrderAmendmentRefused,
  OrderEndangered,
  OrderShort,
  OrderSplit,
  OrderStatusChanged,
  OrderWaiting,
} from '@samlast/contracts';
import { Consumes, type MessageOf } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import { tellLive } from '../live/changes.ts';
import { notice } from '../follow-channels/signs.ts';
import type { FromAuthority, FromShop, FromWarehouse, OrderMessage } from './keep.ts';
import { OrderBook } from './order-book.ts';

/** Writes down what happens to orders; publishes nothing. */
@Controller()
export class FollowOrders {
  @Consumes(OrderPlaced, OrderAmended, OrderCancelRequested)
  async onShops(messages: MessageOf<FromShop>[], tx: EntityManager): Promise<Event[]> {
    await this.write(messages, tx);
    await notice(messages, tx);
    return [];
  }

  @Consumes(
    OrderReserved,
    OrderShort,
    OrderWaiting,
    OrderAmendmentRefused,
    OrderEndangered,
    OrderRejected,
    OrderReleased,
    OrderCancelForwarded,
  )
  async onAuthority(messages: MessageOf<FromAuthority>[], tx: EntityManager): Promise<Event[]> {
    await this.write(messages, tx);
    return [];
  }

  @Consumes(
    OrderAccepted,
    OrderRefused,
    OrderCancelled,
    OrderCancelRefused,
    OrderStatusChanged,
    OrderEdited,
    OrderSplit,
    OrderReturned,
    OrderShipped,
  )
  async onWarehouse(messages: MessageOf<FromWarehouse>[], tx: EntityManager): Promise<Event[]> {
    await this.write(messages, tx);
    return [];
  }

  private async write(messages: OrderMessage[], tx: EntityManager): Promise<void> {
    const orders = await new OrderBook(tx).write(messages);
    await tellLive(tx, { orders, articles: [] });
  }
}
