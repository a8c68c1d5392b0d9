import { EventEmitter } from 'node:events';
import { type Job, type Order, type Quantities, type Subscription, type Variant } from './model.ts';

/** Something happened in the shop that webhooks tell of. */
export interface Happening {
  readonly topic: string;
  readonly payload: Record<string, unknown>;
}

/** Why the shop does not do something; the message is Shopify's, or as near as its documentation says. */
export class ShopRefusal extends Error {
  override readonly name = 'ShopRefusal';

  constructor(
    message: string,
    readonly code = 'INVALID',
    readonly field: string[] | null = null,
  ) {
    super(message);
  }
}

/** Everything in the shop, in memory. */
export class World {
  readonly variants: Variant[] = [];
  readonly orders = new Map<number, Order>();
  readonly jobs = new Map<number, Job>();
  readonly subscriptions = new Map<number, Subscription>();
  readonly locations = [{ id: 101, name: 'Warehouse' }];
  readonly happenings = new EventEmitter<{ happened: [Happening] }>();
  readonly domain: string;
  /** How late the search shows a change, at most; every second change is that late. */
  searchLagMs = 0;
  /** How long a cancel takes. */
  jobMs = 20;
  nextOrderNumber = 1001;
  private lastId = 5_000_000_000_000;
  private changes = 0;
  private readonly timers = new Set<NodeJS.Timeout>();

  constructor(domain: string) {
    this.domain = domain;
  }

  id(): number {
    this.lastId += 32_768;
    return this.lastId;
  }

  /** Shopify keeps times of change by the second. */
  now(): number {
    return Math.floor(Date.now() / 1000) * 1000;
  }

  /** Marks an order as changed, for the search a little later, and tells of it. */
  changed(order: Order, topic = 'orders/updated'): void {
    order.updatedAt = this.now();
    const indexed = order.updatedAt;
    this.changes++;
    const late = this.changes % 2 === 0 ? this.searchLagMs * 0.9 : 0;
    if (late > 0) this.later(late, () => (order.indexedAt = Math.max(indexed, order.indexedAt ?? 0)));
    else order.indexedAt = indexed;
    this.tell(topic, orderPayload(order));
    if (topic !== 'orders/updated') this.tell('orders/updated', orderPayload(order));
  }

  tell(topic: string, payload: Record<string, unknown>): void {
    this.happenings.emit('happened', { topic, payload });
  }

  later(ms: number, what: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      what();
    }, ms);
    timer.unref();
    this.timers.add(timer);
  }

  order(id: number): Order {
    const order = this.orders.get(id);
    if (!order) throw new ShopRefusal('Order does not exist', 'NOT_FOUND', ['orderId']);
    return order;
  }

  variantOf(sku: string): Variant {
    const variant = this.variants.find((one) => one.sku === sku);
    if (!variant) throw new ShopRefusal(`There is no variant with the SKU ${sku}.`, 'NOT_FOUND');
    return variant;
  }

  level(variant: Variant | null, location: number): Quantities | undefined {
    return variant?.tracked ? variant.levels.get(location) : undefined;
  }

  stop(): void {
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
    this.happenings.removeAllListeners();
  }
}

export const gid = (type: string, id: number) => `gid://shopify/${type}/${id}`;

export const seconds = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;

/** Of what a webhook's body has as REST order, what a receiver may look at. */
function orderPayload(order: Order): Record<string, unknown> {
  return {
    id: order.id,
    admin_graphql_api_id: gid('Order', order.id),
    name: order.name,
    created_at: seconds(order.createdAt),
    updated_at: seconds(order.updatedAt),
    cancelled_at: order.cancelledAt === undefined ? null : seconds(order.cancelledAt),
    currency: order.currencyCode,
    line_items: order.lines.map(({ id, sku, quantity }) => ({ id, sku, quantity })),
  };
}
