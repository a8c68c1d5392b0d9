import { OrderReserved, OrderShort, StockOrders } from '@samlast/contracts';
import type { Client } from 'pg';
import { headersOf, messageId } from '../../order-messages.ts';
import type { PlacedOrder, Want } from '../workloads.ts';

/** An order as a rival has it in its hands: read, parsed, and known to be in order. */
export interface Wish {
  /** Of the message, for the inbox. */
  readonly id: string;
  readonly order: PlacedOrder;
  readonly wants: readonly Want[];
}

/** Decides one order on a connection that it has for itself, and commits. */
export type Decide = (client: Client, wish: Wish, events: boolean) => Promise<void>;

export const articlesOf = ({ wants }: Wish) => wants.map(({ article }) => article);
export const quantitiesOf = ({ wants }: Wish) => wants.map(({ quantity }) => quantity);

/** Columns of the outbox but for headers and data, which depend on the verdict. */
export function addressOf({ order }: Wish): unknown[] {
  return [StockOrders.name, Number(order.shopNumber) % StockOrders.partitions, messageId(), order.number];
}

/** Headers and data of `order.reserved`, the whole order in it. No schema is checked, which ours does. */
export function reservedOf({ order, wants }: Wish): [string, string] {
  const { number, channel, revision } = order;
  const counted = wants.map(({ article }) => ({ article, version: 1 }));
  return textsOf(OrderReserved.type, number, channel, { number, channel, revision, order, counted });
}

/** Headers and data of `order.short`: one event, where ours says with a second one that the order is rejected. */
export function shortOf({ order, wants }: Wish): [string, string] {
  const { number, channel, revision } = order;
  const shortages = wants.map(({ article, quantity }) => {
    const wanted = String(quantity);
    return { article, reason: 'stock', wanted, missing: wanted };
  });
  return textsOf(OrderShort.type, number, channel, {
    number,
    channel,
    revision,
    outcome: 'rejected',
    shortages,
  });
}

function textsOf(type: string, key: string, channel: string, data: object): [string, string] {
  const event = { type, topic: StockOrders.name, key, channel, data };
  return [JSON.stringify(headersOf(event, 'rival', new Date().toISOString())), JSON.stringify(data)];
}
