import { Controller } from '@nestjs/common';
import {
  type Event,
  PurchaseOrderAccepted,
  PurchaseOrderAmended,
  PurchaseOrderCancelled,
  PurchaseOrderCancelRefused,
  PurchaseOrderCancelRequested,
  PurchaseOrderClosed,
  PurchaseOrderPlaced,
  PurchaseOrderReceived,
  PurchaseOrderRefused,
  PurchaseOrderStatusChanged,
  ReturnAccepted,
  ReturnAnnounced,
  ReturnCancelled,
  ReturnCancelRefused,
  ReturnRefused,
  ReturnWithdrawn,
} from '@samlast/contracts';
import { Consumes } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import { tellLive } from '../live/changes.ts';
import { InboundBook } from './inbound-book.ts';
import type { InboundMessage } from './say-inbound.ts';

/** Writes down what is announced to come in and what came; publishes nothing. */
@Controller()
export class FollowInbound {
  @Consumes(PurchaseOrderPlaced, PurchaseOrderAmended, PurchaseOrderCancelRequested)
  async onChannels(messages: InboundMessage[], tx: EntityManager): Promise<Event[]> {
    await this.write(messages, tx);
    return [];
  }

  @Consumes(
    PurchaseOrderAccepted,
    PurchaseOrderRefused,
    PurchaseOrderCancelled,
    PurchaseOrderCancelRefused,
    PurchaseOrderStatusChanged,
    PurchaseOrderReceived,
    PurchaseOrderClosed,
  )
  async onWarehouse(messages: InboundMessage[], tx: EntityManager): Promise<Event[]> {
    await this.write(messages, tx);
    return [];
  }

  @Consumes(ReturnAnnounced, ReturnWithdrawn)
  async onReturns(messages: InboundMessage[], tx: EntityManager): Promise<Event[]> {
    await this.write(messages, tx);
    return [];
  }

  @Consumes(ReturnAccepted, ReturnRefused, ReturnCancelled, ReturnCancelRefused)
  async onReturnAnswers(messages: InboundMessage[], tx: EntityManager): Promise<Event[]> {
    await this.write(messages, tx);
    return [];
  }

  private async write(messages: InboundMessage[], tx: EntityManager): Promise<void> {
    const inbound = await new InboundBook(tx).write(messages);
    await tellLive(tx, { orders: [], articles: [], inbound });
  }
}
