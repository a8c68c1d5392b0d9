import { Controller } from '@nestjs/common';
import {
  type Event,
  OrderCancelled,
  OrderCancelRefused,
  OrderRefused,
  OrderShipped,
} from '@samlast/contracts';
import { Consumes, type MessageOf } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import { addJobs, type NewJob } from '../tell-shop/job-book.ts';
import { ShopCaller } from '../tell-shop/shop-caller.ts';
import { flagOrder } from './decisions.ts';

type FromWarehouse = MessageOf<
  typeof OrderShipped | typeof OrderCancelled | typeof OrderCancelRefused | typeof OrderRefused
>;

/** What the warehouse did with this channel's orders: parcels go to the shop, the rest to the people who must know. */
@Controller()
export class FollowWarehouse {
  constructor(private readonly caller: ShopCaller) {}

  @Consumes(OrderShipped, OrderCancelled, OrderCancelRefused, OrderRefused)
  async onWarehouse(messages: FromWarehouse[], tx: EntityManager): Promise<Event[]> {
    await addJobs(tx, messages.flatMap(jobsOf));
    for (const message of messages) {
      const text = attentionOf(message);
      if (text) await flagOrder(tx, message.data.number, text);
    }
    this.caller.wakeAfterCommit();
    return [];
  }
}

function jobsOf(message: FromWarehouse): NewJob[] {
  const { number } = message.data;
  if (message.type === 'order.shipped') {
    const { parcel, lines, carrier, trackingNumber, trackingUrl, shippedAt } = message.data;
    const payload = { parcel, lines, carrier, trackingNumber, trackingUrl, shippedAt };
    return [{ number, key: `parcel-${parcel}`, kind: 'fulfil', payload }];
  }
  const text = attentionOf(message);
  if (!text) return [];
  return [{ number, key: `${message.type}-${message.data.revision}`, kind: 'note', payload: { text } }];
}

function attentionOf({ type, data }: FromWarehouse): string | undefined {
  const words = 'text' in data && data.text ? ` (${data.text})` : '';
  switch (type) {
    case 'order.cancel-refused':
      return `Cancelled in the shop, but the warehouse ships it: it was too late to stop${words}. Ask the buyer to send it back.`;
    case 'order.refused':
      return `The warehouse refused the order: ${data.reason}${words}. See Samlast's console.`;
    case 'order.cancelled':
      return data.by === 'warehouse'
        ? 'Cancelled in the warehouse, not by the shop. Cancel it in the shop or place it anew.'
        : undefined;
    default:
      return undefined;
  }
}
