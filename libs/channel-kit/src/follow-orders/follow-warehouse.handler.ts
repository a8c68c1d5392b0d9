import { Controller } from '@nestjs/common';
import {
  type Event,
  OrderCancelled,
  OrderCancelRefused,
  OrderEdited,
  OrderRefused,
  OrderReturned,
  OrderShipped,
  OrderSplit,
} from '@samlast/contracts';
import { Consumes, type MessageOf } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import { addJobs, type NewJob } from '../tell-shop/job-book.ts';
import { ShopCaller } from '../tell-shop/shop-caller.ts';
import { flagOrder } from './decisions.ts';
import { editedText, returnedText, splitText } from './texts.ts';

type FromWarehouse = MessageOf<
  | typeof OrderShipped
  | typeof OrderCancelled
  | typeof OrderCancelRefused
  | typeof OrderRefused
  | typeof OrderEdited
  | typeof OrderSplit
  | typeof OrderReturned
>;

/** What the warehouse did with this channel's orders: parcels go to the shop, the rest to the people who must know. */
@Controller()
export class FollowWarehouse {
  constructor(private readonly caller: ShopCaller) {}

  @Consumes(
    OrderShipped,
    OrderCancelled,
    OrderCancelRefused,
    OrderRefused,
    OrderEdited,
    OrderSplit,
    OrderReturned,
  )
  async onWarehouse(messages: FromWarehouse[], tx: EntityManager): Promise<Event[]> {
    await addJobs(tx, messages.flatMap(jobsOf));
    for (const message of messages) {
      const isToldOnly = message.type === 'order.split' && message.data.lines.length > 0;
      const text = isToldOnly ? undefined : attentionOf(message);
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
  if (message.type === 'order.returned') {
    const { receipt, return: of, returnedAt } = message.data;
    const lines = message.data.lines.map(({ row, ...line }) => ({ id: row, ...line }));
    const payload = { receipt, return: of, lines, returnedAt, text: returnedText(lines, of) };
    return [{ number, key: `returned-${receipt}`, kind: 'return', payload }];
  }
  const text = attentionOf(message);
  if (!text) return [];
  const once = 'at' in message.data ? message.data.at : message.data.revision;
  return [{ number, key: `${message.type}-${once}`, kind: 'note', payload: { text } }];
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
    case 'order.edited':
      return editedText(data.before, data.lines);
    case 'order.split':
      return splitText(data.into, data.lines);
    default:
      return undefined;
  }
}
