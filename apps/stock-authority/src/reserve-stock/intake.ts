import { hash } from 'node:crypto';
import {
  type Order,
  OrderAmended,
  OrderCancelRequested,
  OrderPlaced,
  StockOrders,
  toMilli,
} from '@samlast/contracts';
import { type MessageOf, Unprocessable } from '@samlast/messaging';
import { refuseOtherWarehouse } from '../one-warehouse/other-warehouse.ts';
import type { Terms } from '../publish-levels/terms.ts';
import type { Content } from '../tables/orders.ts';
import type { Needs } from './decide.ts';

export type OrderMessage = MessageOf<typeof OrderPlaced | typeof OrderAmended | typeof OrderCancelRequested>;

export interface Placed {
  /** `amended` is the whole order again under a higher revision. */
  readonly kind: 'placed' | 'amended';
  readonly number: string;
  readonly order: Order;
  readonly body: Content;
  readonly needs: Needs;
  /** Of the order's text: the same one tells the same order, another one asks for a closer look. */
  readonly digest: string;
}

export interface CancelRequested {
  readonly kind: 'cancel';
  readonly number: string;
  readonly channel: string;
  readonly revision: number;
  readonly reason?: string;
  /** False where the shop has not put the pieces back on its own number. */
  readonly restocked?: boolean;
}

/** Sums of many orders still fit a quantity on the wire, which takes twelve digits. */
export const PIECES_MAX = 1_000_000_000n;

/** What a message asks for, or Unprocessable with the reason why nobody can do that. */
export function read(
  message: OrderMessage,
  terms: Pick<Terms, 'policyOf'> & { readonly warehouse?: string | undefined },
): Placed | CancelRequested {
  const { number, channel } = message.data;
  if (!terms.policyOf(channel)) {
    throw new Unprocessable(
      'channel.unknown',
      `Order ${number} is of channel ${channel}, which channels.json does not have. Add the channel there, restart, then retry this message.`,
    );
  }
  // The contract has looked at the number itself, and no code has a hyphen in it.
  if (!number.endsWith(`-${channel}`)) {
    throw new Unprocessable(
      'order.number-of-another-channel',
      `Order ${number} was sent by channel ${channel}, but its number belongs to another one. Correct the channel that sent it, then discard this message.`,
    );
  }
  switch (message.type) {
    case 'order.placed':
      return placed('placed', message.data, message.text, terms.warehouse);
    case 'order.cancel-requested':
      return { kind: 'cancel', ...message.data };
    default:
      return placed('amended', message.data, message.text, terms.warehouse);
  }
}

function placed(kind: Placed['kind'], order: Order, text: string, warehouse: string | undefined): Placed {
  for (const line of order.lines)
    refuseOtherWarehouse(`Order ${order.number}, row ${line.row},`, line, warehouse);
  const needs = sumNeeds(order);
  for (const [article, quantity] of needs) {
    if (quantity <= PIECES_MAX * 1000n) continue;
    throw new Unprocessable(
      'order.quantity-too-large',
      `Order ${order.number} wants more than ${PIECES_MAX} pieces of ${article}. Correct it in the shop, then discard this message.`,
    );
  }
  refuseTooLarge(order, needs, text);
  const { number } = order;
  return { kind, number, order, body: { order, text }, needs, digest: hash('sha256', text, 'base64url') };
}

/** Pieces by article over all picked lines; freight and fees reserve nothing. */
export function sumNeeds(order: Order): Needs {
  const needs = new Map<string, bigint>();
  for (const { article, quantity, picked } of order.lines) {
    if (picked) needs.set(article, (needs.get(article) ?? 0n) + toMilli(quantity));
  }
  return needs;
}

/** What an event needs beside the order, for its envelope and for each article as counted or as short. */
const ENVELOPE_BYTES = 2_000;
const COUNTED_BYTES = 45;
const SHORT_BYTES = 120;

/**
 * An order that was taken on must be able to leave again, reserved or short: the broker refuses larger
 * messages.
 */
function refuseTooLarge(order: Order, needs: Needs, text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes < StockOrders.maxMessageBytes / 8) return;
  const numbers = [...needs.keys()].reduce((sum, article) => sum + Buffer.byteLength(article), 0);
  const reserved = bytes + numbers + needs.size * COUNTED_BYTES;
  const short = numbers + needs.size * SHORT_BYTES;
  if (Math.max(reserved, short) + ENVELOPE_BYTES <= StockOrders.maxMessageBytes) return;
  throw new Unprocessable(
    'order.too-large',
    `Order ${order.number} with ${order.lines.length} lines is larger than a message may be (${StockOrders.maxMessageBytes} bytes). Divide it into several orders in the shop, then discard this message.`,
  );
}

/** Whether two texts tell the same order, in whatever order its members were written. */
export const isSameOrder = (one: Order, other: Order) => canonical(one) === canonical(other);

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
