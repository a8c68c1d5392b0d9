import { Controller, Inject } from '@nestjs/common';
import {
  ReturnAnnounced,
  ReturnCancelled,
  ReturnCancelRefused,
  ReturnRefused,
  ReturnWithdrawn,
  type Event,
} from '@samlast/contracts';
import { Consumes, type MessageOf } from '@samlast/messaging';
import { CONFIG } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import type { Config } from '../config.ts';
import { originOf } from '../push-orders/order-mapping.ts';
import { QueueInbound } from './queue-inbound.ts';

type Message = MessageOf<typeof ReturnAnnounced | typeof ReturnWithdrawn>;

/** Returns that shops announce become work for the one queue to Ongoing. */
@Controller()
export class PushReturns {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly inbound: QueueInbound,
  ) {}

  /** One after the other: what is withdrawn may have been announced in the same batch. */
  @Consumes(ReturnAnnounced, ReturnWithdrawn)
  async onReturns(messages: Message[], tx: EntityManager): Promise<Event[]> {
    const events: Event[] = [];
    for (const message of messages) {
      const { number, channel, revision } = message.data;
      const ref = { number, channel, revision };
      if (message.type === 'return.announced') {
        const { data: body } = message;
        const origin = originOf(this.config.INSTALLATION, channel, body.shopOrderId);
        const text = await this.inbound.put(tx, 'return', { ...ref, origin, body }, []);
        if (text !== undefined) events.push(ReturnRefused.of({ ...ref, reason: 'foreign', text }));
        continue;
      }
      const outcome = await this.inbound.cancel(tx, 'return', ref);
      if (outcome === 'cancelled') events.push(ReturnCancelled.of({ ...ref, by: 'channel' }));
      if (outcome !== 'unknown') continue;
      const text = 'The gateway has no such return. Ask the warehouse not to expect it.';
      events.push(ReturnCancelRefused.of({ ...ref, reason: 'unknown', text }));
    }
    return events;
  }
}
