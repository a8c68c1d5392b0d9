import { Controller, Inject } from '@nestjs/common';
import {
  type Event,
  OrderAmendmentRefused,
  OrderEndangered,
  OrderRejected,
  OrderReleased,
  OrderReserved,
  OrderShort,
  OrderWaiting,
} from '@samlast/contracts';
import { Consumes, type MessageOf } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import type { Shop } from '../shop.ts';
import { addJobs, type NewJob } from '../tell-shop/job-book.ts';
import { ShopCaller } from '../tell-shop/shop-caller.ts';
import { SHOP } from '../tokens.ts';
import { ShelfWriter } from '../write-shelves/shelf-writer.ts';
import { cancelDone } from './cancel-done.ts';
import { keepVerdicts, type Verdict } from './decisions.ts';
import { amendmentText, atRiskText, shortText } from './texts.ts';

type Decided = MessageOf<
  | typeof OrderReserved
  | typeof OrderAmendmentRefused
  | typeof OrderEndangered
  | typeof OrderShort
  | typeof OrderWaiting
  | typeof OrderRejected
  | typeof OrderReleased
>;

/** What the stock authority decided about this channel's orders: kept for the shelf, and told to the shop. */
@Controller()
export class FollowDecisions {
  constructor(
    @Inject(SHOP) private readonly shop: Shop,
    private readonly writer: ShelfWriter,
    private readonly caller: ShopCaller,
  ) {}

  @Consumes(
    OrderReserved,
    OrderShort,
    OrderWaiting,
    OrderRejected,
    OrderReleased,
    OrderAmendmentRefused,
    OrderEndangered,
  )
  async onDecisions(messages: Decided[], tx: EntityManager): Promise<Event[]> {
    await keepVerdicts(
      tx,
      messages.flatMap((message) => verdictOf(message) ?? []),
      this.shop.features.restocksCancelled,
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
  const { number, revision } = data;
  const ref = { number, revision };
  switch (type) {
    case 'order.reserved':
      return { ...ref, decision: 'reserved', counted: data.counted };
    case 'order.short':
      return isWaiting(data.outcome) ? { ...ref, decision: 'held', counted: data.counted } : undefined;
    case 'order.waiting':
      return { ...ref, decision: 'open', counted: data.counted };
    case 'order.rejected':
      return { ...ref, decision: 'rejected', counted: data.counted };
    case 'order.released':
      // Whose order was rejected stays rejected until its shop has cancelled it.
      return data.cause === 'rejected' ? undefined : { ...ref, decision: 'released' };
    case 'order.amendment-refused':
      // Its shop has sold what the change wants, and keeps it until staff has changed it back.
      return { ...ref, counted: data.counted };
    case 'order.endangered':
      return undefined;
  }
}

/** It stays in the queue, so its pieces are offered to nobody. */
const isWaiting = (outcome: string) => outcome === 'held' || outcome === 'backordered';

function jobOf({ id, type, data }: Decided): NewJob | undefined {
  const { number } = data;
  if (type === 'order.rejected')
    return { number, key: 'cancel', kind: 'cancel', payload: { reason: data.reason } };
  if (type === 'order.released' && data.cause === 'cancelled-before-wms') return cancelDone(number);
  if (type === 'order.short' && data.outcome !== 'rejected') {
    // A back-ordered order is told again when another day is expected, and that may be one that was told before.
    const key = `${data.outcome}-${data.outcome === 'backordered' ? id : data.revision}`;
    const text = shortText(data.outcome, data.shortages, data);
    const answers = {
      revision: data.revision,
      outcome: isWaiting(data.outcome) ? 'waits' : 'in-part',
    } as const;
    return { number, key, kind: 'note', payload: { text }, answers };
  }
  if (type === 'order.endangered') {
    // What is missing may be found, and be missing again.
    const key = `at-risk-${id}`;
    return { number, key, kind: 'note', payload: { text: atRiskText(data.shortages) } };
  }
  if (type === 'order.amendment-refused') {
    const key = `amendment-${data.revision}`;
    const text = amendmentText(data.reason, data.shortages);
    const outcome = data.reason === 'stock' ? 'short' : 'too-late';
    return { number, key, kind: 'note', payload: { text }, answers: { revision: data.revision, outcome } };
  }
  return undefined;
}
