import {
  type Event,
  OrderAccepted,
  OrderPlaced,
  OrderReserved,
  OrderShipped,
  OrderShort,
  OrderStatusChanged,
} from '@samlast/contracts';
import type { Message } from '@samlast/messaging';

/** Stands in every field that may hold personal data; nothing of it may ever be found in the console. */
export const CANARY = 'Kanariefågel Åkesson';
const offsets = new Map<string, number>();

/** An event as a handler gets it: offsets grow within a topic, as on the bus. */
export function messageOf(event: Event, time: string, id?: string): Message {
  const position = (offsets.get(event.topic) ?? 0) + 1;
  offsets.set(event.topic, position);
  return {
    ...event,
    text: JSON.stringify(event.data),
    id: id ?? `${event.topic}/${position}`,
    time,
    source: `samlast/${event.topic.split('.')[0]}`,
    partition: 0,
    offset: String(position),
  } as Message;
}

export function orderOf(number: string, lines = [{ row: '1', article: 'KETTLE', quantity: '2' }]) {
  const at = number.lastIndexOf('-');
  return {
    number,
    channel: number.slice(at + 1),
    shopNumber: number.slice(0, at),
    shopOrderId: `id-${number}`,
    revision: 1,
    type: { code: 'B2C', name: 'Consumer' },
    placedAt: '2026-11-24T09:00:00.000Z',
    note: CANARY,
    consignee: { name: CANARY, address1: CANARY, city: CANARY, email: 'canary@example.test' },
    lines: lines.map((line) => ({ ...line, comment: CANARY })),
  };
}

/** An order from its placing to its parcel, with what each service would say of it. */
export function shippedStory(number: string): Message[] {
  const order = orderOf(number);
  const ref = { number, channel: order.channel };
  return [
    messageOf(OrderPlaced.of(order), '2026-11-24T09:00:01.000Z'),
    messageOf(OrderReserved.of({ ...ref, revision: 1, order, counted: [] }), '2026-11-24T09:00:01.000Z'),
    messageOf(
      OrderAccepted.of({ ...ref, revision: 1, sent: 1, accepted: 2, wmsOrderId: 61007, lines: [] }),
      '2026-11-24T09:00:02.000Z',
    ),
    messageOf(
      OrderStatusChanged.of({
        ...ref,
        state: 'picking',
        status: { number: 300, text: 'Picking' },
        at: '2026-11-24T10:00:00.000Z',
      }),
      '2026-11-24T10:00:01.000Z',
    ),
    messageOf(
      OrderShipped.of({
        ...ref,
        parcel: 'P1',
        lines: [{ row: '1', article: 'KETTLE', quantity: '1' }],
        carrier: 'PostNord',
        trackingNumber: 'SE123',
        shippedAt: '2026-11-24T11:00:00.000Z',
      }),
      '2026-11-24T11:00:01.000Z',
    ),
  ];
}

/** An order that waits for what purchase orders announce, and was told another day since. */
export function backOrderStory(
  number: string,
  days: { expectedOn?: string; expectedBefore?: string }[],
): Message[] {
  const order = orderOf(number);
  const shortages = [{ article: 'KETTLE', reason: 'stock' as const, wanted: '2', missing: '1' }];
  const ref = { number, channel: order.channel, revision: 1, outcome: 'backordered' as const, shortages };
  return [
    messageOf(OrderPlaced.of(order), '2026-11-24T09:06:00.000Z'),
    ...days.map((day, at) =>
      messageOf(OrderShort.of({ ...ref, ...day }), `2026-11-24T09:06:0${at + 1}.000Z`),
    ),
  ];
}

/** An order that the stock does not cover. */
export function heldStory(number: string): Message[] {
  const order = orderOf(number);
  return [
    messageOf(OrderPlaced.of(order), '2026-11-24T09:05:00.000Z'),
    messageOf(
      OrderShort.of({
        number,
        channel: order.channel,
        revision: 1,
        outcome: 'held',
        shortages: [{ article: 'KETTLE', reason: 'stock', wanted: '2', missing: '1' }],
      }),
      '2026-11-24T09:05:01.000Z',
    ),
  ];
}
