import { randomBytes, randomUUID } from 'node:crypto';
import { type Event, OrderPlaced } from '@samlast/contracts';
import type { Message } from 'kafkajs';

/**
 * One order of about 1 kB with two lines, as a channel publishes it. Made anew for each message, none is a
 * repeat.
 */
export function orderMessages(count: number, first = 0): Message[] {
  const time = new Date().toISOString();
  return Array.from({ length: count }, (_, at) => {
    const event = OrderPlaced.of(orderOf(first + at, time, twoLines(first + at)));
    return {
      key: event.key,
      value: JSON.stringify(event.data),
      headers: headersOf(event, 'samlast/channel-se', time),
    };
  });
}

/** The headers with which the event travels, under a new id. */
export function headersOf(event: Event, source: string, time: string): Record<string, string> {
  return {
    ce_specversion: '1.0',
    ce_id: messageId(),
    ce_type: event.type,
    ce_source: source,
    ce_time: time,
    ce_subject: event.key,
    'content-type': 'application/json',
    traceparent: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`,
    ...(event.channel && { samlast_channel: event.channel }),
  };
}

const twoLines = (at: number) => [
  { row: '1', article: `A-${at % 500}`, quantity: '1', name: 'T-shirt, black, M', unitPrice: '249.00' },
  {
    row: '2',
    article: `A-${(at + 7) % 500}`,
    quantity: '2',
    name: 'Rope 8 mm, by the metre',
    unitPrice: '39.50',
  },
];

export type OrderLines = ReturnType<typeof twoLines>;

/** The same order again and again but for its number and its lines. */
export function orderOf(at: number, placedAt: string, lines: OrderLines) {
  const shopNumber = String(100_000 + at);
  return {
    number: `${shopNumber}-SE`,
    channel: 'SE',
    shopNumber,
    shopOrderId: `order_01JD4Q7ZKX3T8M2V9R5N${shopNumber}`,
    revision: 1,
    type: { code: 'B2C', name: 'Web shop' },
    placedAt,
    currency: 'SEK',
    shippingMethod: { code: 'PN-MYPACK', name: 'PostNord MyPack Collect' },
    consignee: {
      name: 'Åsa Öberg',
      address1: 'Järnvägsgatan 4',
      address2: 'Hus B',
      postCode: '413 05',
      city: 'Göteborg',
      countryCode: 'SE',
      email: 'asa.oberg@example.test',
      phone: '+46 31 555 01 23',
    },
    lines,
  };
}

/**
 * A UUID of version 7, as messages carry it: random ones would make the inbox's index slower for everybody.
 */
export function messageId(): string {
  const time = Date.now().toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
}
