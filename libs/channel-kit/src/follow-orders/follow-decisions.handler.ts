import { Controller } from '@nestjs/common';
import {
  type Event,
  OrderRejected,
  OrderReleased,
  OrderReserved,
  OrderShort,
  OrderWaiting,
} from '@samlast/contracts';
import { Consumes, type MessageOf } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import { addJobs, type NewJob } from '../tell-shop/job-book.ts';
import { ShopCaller } from '../tell-shop/shop-caller.ts';
import { ShelfWriter } from '../write-shelves/shelf-writer.ts';
import { keepVerdicts, type Verdict } from './decisions.ts';
import { heldText } from './texts.ts';

type Decided = MessageOf<
  typeof OrderReserved | typeof OrderShort | typeof OrderWaiting | typeof OrderRejected | typeof OrderReleased
>;

/** What the stock authority decided about this channel's orders: kept for the shelf, and told to the shop. */
@Controller()
export class FollowDecisions {
  constructor(
    private readonly writer: ShelfWriter,
    private readonly caller: ShopCaller,
  ) {}

  @Consumes(OrderReserved, OrderShort, OrderWaiting, OrderRejected, OrderReleased)
  async onDecisions(messages: Decided[], tx: EntityManager): Promise<Event[]> {
    await keepVerdicts(
      tx,
      messages.flatMap((message) => verdictOf(message) ?? []),
    );
    await addJobs(
      tx,
      messages.flatMap((message) => jobOf(message) ?? []),
    );
    this.writer.wakeAfterCommit();
    this.caller.wakeAfterCommit();
    return [];
  }
}

function verdictOf({ type, data }: Decided): Verdict | undefined {
  const { number } = data;
  switch (type) {
    case 'order.reserved':
      return { number, decision: 'reserved', counted: data.counted };
    case 'order.short':
      return data.outcome === 'held' ? { number, decision: 'held', counted: data.counted } : undefined;
    case 'order.waiting':
      return { number, decision: 'open', counted: data.counted };
    case 'order.rejected':
      return { number, decision: 'rejected' };
    case 'order.released':
      // Whose order was rejected stays rejected until its shop has cancelled it.
      return data.cause === 'rejected' ? undefined : { number, decision: 'released' };
  }
}

function jobOf({ type, data }: Decided): NewJob | undefined {
  const { number } = data;
  if (type === 'order.rejected')
    return { number, key: 'cancel', kind: 'cancel', payload: { reason: data.reason } };
  if (type === 'order.short' && data.outcome === 'held') {
    const key = `held-${data.revision}`;
    return { number, key, kind: 'note', payload: { text: heldText(data.shortages) } };
  }
  return undefined;
}
