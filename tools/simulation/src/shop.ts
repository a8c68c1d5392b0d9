import type { ChannelPlan } from './scenario.ts';
import { add, type Pieces } from './warehouse.ts';

export interface ShopOrder {
  readonly id: string;
  readonly number: string;
  pieces: Pieces;
  readonly claimKey?: string;
  readonly placedAt: number;
  changedAt: number;
  visibleAt: number;
  state: 'placed' | 'cancelled';
  fulfilled: boolean;
}

/** An order as its feed shows it from a time on. */
export type Version = Readonly<ShopOrder>;

/** One shop with buyers of its own: it lowers its own number when it sells, and asks nobody. */
export class Shop {
  /** For `stocked` before the shop's own reservations. */
  readonly numbers = new Map<string, number>();
  readonly reserved = new Map<string, number>();
  readonly orders = new Map<string, ShopOrder>();
  readonly changes: Version[] = [];
  private lastChange = 0;

  constructor(
    readonly plan: ChannelPlan,
    private readonly feedDelay: (lag: number) => number,
  ) {}

  get code(): string {
    return this.plan.channel.code;
  }

  offered(article: string): number {
    const number = this.numbers.get(article) ?? 0;
    return this.plan.method === 'stocked' ? number - (this.reserved.get(article) ?? 0) : number;
  }

  /** Undefined when there is not enough left, by its own number. */
  sell(pieces: Pieces, now: number, claimKey?: string): ShopOrder | undefined {
    const asks = claimKey === undefined;
    if (asks) for (const [article, count] of pieces) if (this.offered(article) < count) return undefined;
    for (const [article, count] of pieces) this.take(article, count);
    const number = String(this.orders.size + 1);
    const order: ShopOrder = {
      id: `${this.code}-${number}`,
      number,
      pieces,
      ...(claimKey !== undefined && { claimKey }),
      placedAt: now,
      changedAt: now,
      visibleAt: now,
      state: 'placed',
      fulfilled: false,
    };
    this.orders.set(order.id, order);
    this.change(order, now);
    return order;
  }

  private take(article: string, count: number): void {
    if (this.plan.method === 'stocked') add(this.reserved, article, count);
    else add(this.numbers, article, -count);
  }

  /** True when it is cancelled by this call. */
  cancel(order: ShopOrder, now: number): boolean {
    if (order.state === 'cancelled' || order.fulfilled) return false;
    order.state = 'cancelled';
    if (this.plan.restocks) for (const [article, count] of order.pieces) this.take(article, -count);
    this.change(order, now);
    return true;
  }

  /** Staff changes how many of an article it has; false where it cannot be any more, or the shop has too few. */
  edit(order: ShopOrder, article: string, by: number, now: number): boolean {
    const count = (order.pieces.get(article) ?? 0) + by;
    if (order.state === 'cancelled' || order.fulfilled || count < 1 || this.offered(article) < by)
      return false;
    order.pieces = new Map(order.pieces).set(article, count);
    if (by > 0 || this.plan.restocks) this.take(article, by);
    this.change(order, now);
    return true;
  }

  fulfil(order: ShopOrder, now: number): void {
    if (order.fulfilled || order.state === 'cancelled') return;
    order.fulfilled = true;
    if (this.plan.method === 'stocked') {
      for (const [article, count] of order.pieces) {
        add(this.numbers, article, -count);
        add(this.reserved, article, -count);
      }
    }
    this.change(order, now);
  }

  private change(order: ShopOrder, now: number): void {
    this.lastChange = Math.max(now, this.lastChange + 1);
    order.changedAt = this.lastChange;
    order.visibleAt = this.lastChange + this.feedDelay(this.plan.feedLag);
    this.changes.push({ ...order });
  }

  /**
   * Orders changed from a time on, oldest change first. A change that the feed still hides leaves the order as it was
   * before: one that it showed never vanishes from it.
   */
  changed(from: number, now: number): Version[] {
    const found: Version[] = [];
    const seen = new Set<string>();
    for (let at = this.changes.length - 1; at >= 0; at--) {
      const version = this.changes[at];
      if (!version || version.changedAt < from) break;
      if (version.visibleAt > now || seen.has(version.id)) continue;
      seen.add(version.id);
      found.push(version);
    }
    return found.toReversed();
  }

  /** The shop's own number is set, as a stock write or a person does. */
  write(article: string, from: number, to: number): 'set' | 'changed' {
    const number = this.numbers.get(article) ?? 0;
    const { method } = this.plan;
    if (method === 'compare-and-set' && number !== from) return 'changed';
    const next = method === 'relative' ? number + to - from : to;
    if (method === 'relative' && next < 0) return 'changed';
    this.numbers.set(article, next);
    return 'set';
  }
}
