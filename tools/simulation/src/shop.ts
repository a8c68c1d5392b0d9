import type { ChannelPlan } from './scenario.ts';
import { add, type Pieces } from './pieces.ts';

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
  /** What left with its parcel. */
  shipped: Pieces;
}

/** An order as its feed shows it from a time on. */
export type Version = Readonly<ShopOrder>;

interface Sale {
  readonly claimKey?: string | undefined;
  readonly paid?: boolean;
}

/** One shop with buyers of its own: it lowers its own number when it sells, and asks nobody. */
export class Shop {
  /** For `stocked` before the shop's own reservations. */
  readonly numbers = new Map<string, number>();
  readonly reserved = new Map<string, number>();
  /** What buyers are about to pay for, taken off no number yet. */
  readonly atPayment = new Map<string, number>();
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

  /** For somebody who does not stand at the payment yet. */
  free(article: string): number {
    return this.offered(article) - (this.atPayment.get(article) ?? 0);
  }

  /** At most, by everybody who pays in the end. */
  canSell(article: string): number {
    return Math.max(this.offered(article), this.atPayment.get(article) ?? 0);
  }

  has(pieces: Pieces): boolean {
    for (const [article, count] of pieces) if (this.free(article) < count) return false;
    return true;
  }

  toPayment(pieces: Pieces): boolean {
    if (!this.has(pieces)) return false;
    for (const [article, count] of pieces) add(this.atPayment, article, count);
    return true;
  }

  leavesPayment(pieces: Pieces): void {
    for (const [article, count] of pieces) add(this.atPayment, article, -count);
  }

  /** Undefined when there is not enough left, by its own number; whoever has paid, or claimed, gets it anyway. */
  sell(pieces: Pieces, now: number, { claimKey, paid = false }: Sale = {}): ShopOrder | undefined {
    if (claimKey === undefined && !paid && !this.has(pieces)) return undefined;
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
      shipped: new Map(),
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
    if (order.state === 'cancelled' || order.fulfilled || count < 1 || this.free(article) < by) return false;
    order.pieces = new Map(order.pieces).set(article, count);
    if (by > 0 || this.plan.restocks) this.take(article, by);
    this.change(order, now);
    return true;
  }

  /** Of the pieces that its channel names; what staff has put into it unseen stays open. */
  fulfil(order: ShopOrder, named: (article: string) => number, now: number): void {
    if (order.fulfilled || order.state === 'cancelled') return;
    order.fulfilled = true;
    order.shipped = new Map(
      [...order.pieces].map(([article, count]) => [article, Math.min(count, named(article))]),
    );
    if (this.plan.method === 'stocked') {
      for (const [article, count] of order.shipped) {
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

  /** By a stock write. With compare-and-set what buyers at the payment hold is left on the number. */
  write(article: string, from: number, to: number): 'set' | 'changed' {
    const number = this.numbers.get(article) ?? 0;
    const { method, pays } = this.plan;
    if (method === 'compare-and-set' && number !== from) return 'changed';
    const kept = method === 'compare-and-set' && pays ? (this.atPayment.get(article) ?? 0) : 0;
    const next = method === 'relative' ? number + to - from : Math.max(to, kept);
    if (method === 'relative' && next < 0) return 'changed';
    this.numbers.set(article, next);
    return 'set';
  }
}
