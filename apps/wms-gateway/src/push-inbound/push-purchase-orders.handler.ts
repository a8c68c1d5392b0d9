import { Controller, Inject } from '@nestjs/common';
import {
  PurchaseOrderAmended,
  PurchaseOrderCancelled,
  PurchaseOrderCancelRefused,
  PurchaseOrderCancelRequested,
  PurchaseOrderPlaced,
  PurchaseOrderRefused,
  type Event,
  type PurchaseOrder,
} from '@samlast/contracts';
import { Consumes, type MessageOf } from '@samlast/messaging';
import { CONFIG } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import type { Config } from '../config.ts';
import { originOf } from '../push-orders/order-mapping.ts';
import { QueueInbound } from './queue-inbound.ts';

type Message = MessageOf<
  typeof PurchaseOrderPlaced | typeof PurchaseOrderAmended | typeof PurchaseOrderCancelRequested
>;

/** What ERPs order from suppliers becomes work for the one queue to Ongoing. No stock is decided on. */
@Controller()
export class PushPurchaseOrders {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly inbound: QueueInbound,
  ) {}

  /** One after the other: a cancel may follow its order in the same batch. */
  @Consumes(PurchaseOrderPlaced, PurchaseOrderAmended, PurchaseOrderCancelRequested)
  async onPurchaseOrders(messages: Message[], tx: EntityManager): Promise<Event[]> {
    const events: Event[] = [];
    for (const { type, data } of messages) {
      const event =
        type === 'purchase-order.cancel-requested' ? await this.cancel(data, tx) : await this.put(data, tx);
      if (event) events.push(event);
    }
    return events;
  }

  private async put(order: PurchaseOrder, tx: EntityManager): Promise<Event | undefined> {
    const { number, channel, revision } = order;
    const origin = originOf(this.config.INSTALLATION, channel, order.shopOrderId);
    const announced = { number, channel, revision, origin, body: order };
    const articles = order.lines.map((line) => line.article);
    const text = await this.inbound.put(tx, 'purchase-order', announced, articles);
    return text === undefined
      ? undefined
      : PurchaseOrderRefused.of({ number, channel, revision, reason: 'foreign', text });
  }

  private async cancel(
    { number, channel, revision }: { number: string; channel: string; revision: number },
    tx: EntityManager,
  ): Promise<Event | undefined> {
    const ref = { number, channel, revision };
    const outcome = await this.inbound.cancel(tx, 'purchase-order', ref);
    if (outcome === 'cancelled') return PurchaseOrderCancelled.of({ ...ref, by: 'channel' });
    if (outcome === 'queued') return undefined;
    const text = 'The gateway has no such purchase order. Ask the warehouse to cancel it by hand.';
    return PurchaseOrderCancelRefused.of({ ...ref, reason: 'unknown', text });
  }
}
