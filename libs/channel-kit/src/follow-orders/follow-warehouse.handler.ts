import { Controller } from '@nestjs/common';
import {
  type Event,
  OrderAccepted,
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
import { cancelDone } from './cancel-done.ts';
import { flagOrder } from './decisions.ts';
import {
  cancelRefusedText,
  CHANGE_DONE,
  editedText,
  refusedChangeText,
  returnedText,
  splitText,
} from './texts.ts';

type FromWarehouse = MessageOf<
  | typeof OrderAccepted
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
    OrderAccepted,
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
  if (message.type === 'order.accepted') {
    const { revision } = message.data;
    // The first revision is the order as it was placed: nobody waits to hear that the warehouse has it.
    if (revision === 1) return [];
    const answers = { revision, outcome: 'done' } as const;
    return [{ number, key: `change-${revision}`, kind: 'note', payload: { text: CHANGE_DONE }, answers }];
  }
  if (message.type === 'order.cancelled' && message.data.by === 'channel') return [cancelDone(number)];
  const text = attentionOf(message);
  if (!text) return [];
  const once = 'at' in message.data ? message.data.at : message.data.revision;
  const key = `${message.type}-${once}`;
  return [{ number, key, kind: 'note', payload: { text }, ...answersOf(message) }];
}

function answersOf({ type, data }: FromWarehouse): Pick<NewJob, 'answers'> {
  if (type !== 'order.refused') return {};
  const { revision, reason, changed = [] } = data;
  const late = changed.length > 0 ? 'in-part' : 'too-late';
  return { answers: { revision, outcome: reason === 'too-late' ? late : 'refused' } };
}

function attentionOf({ type, data }: FromWarehouse): string | undefined {
  const words = 'text' in data && data.text ? ` (${data.text})` : '';
  switch (type) {
    case 'order.cancel-refused':
      return cancelRefusedText(data.reason, data.text);
    case 'order.refused':
      return data.revision > 1
        ? refusedChangeText(data)
        : `The warehouse refused the order: ${data.reason}${words}. See Samlast's console.`;
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
