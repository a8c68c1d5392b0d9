import type { Claim } from '../claim-stock/claim.ts';
import {
  confirm,
  emptyLease,
  guarded,
  guardedIn,
  hurry,
  type Lease,
  type Report,
  sell,
  slowDown,
  takeBack,
} from '../lease-stock/lease.ts';
import type { Terms } from '../publish-levels/terms.ts';
import type { Needs } from '../reserve-stock/decide.ts';
import { type ArticleStock, highOf, lowOf } from './articles.ts';
import type { OrderRecord } from './orders.ts';

/** What a book holds of articles beside orders: what shops may sell by themselves, and what buyers have claimed. */
export class ArticleBook {
  readonly touched = new Set<ArticleStock>();
  readonly changedClaims = new Set<Claim>();
  /** What orders of this transaction have set aside, until they are decided. */
  protected readonly brought = new Map<string, Map<string, bigint>>();

  constructor(
    readonly terms: Terms,
    readonly articles: Map<string, ArticleStock>,
    readonly claims: Map<string, Claim>,
  ) {}

  article(number: string): ArticleStock {
    const article = this.articles.get(number);
    if (!article) throw new Error(`article ${number} was not locked by this transaction`);
    return article;
  }

  /** Its level is looked at when this transaction closes, though nothing of it was decided. */
  touch(article: ArticleStock): void {
    this.touched.add(article);
  }

  leaseOf(article: ArticleStock, channel: string): Lease {
    return article.leases.get(channel) ?? emptyLease(channel);
  }

  private changeLease(article: ArticleStock, lease: Lease): void {
    const before = article.leases.get(lease.channel);
    if (before === lease) return;
    article.leases.set(lease.channel, lease);
    this.touched.add(article);
    // Fewer promised pieces are more for the queue.
    if (before && guarded(lease) < guarded(before)) article.moved = true;
  }

  /**
   * An order of the channel was read: its shop can sell so many pieces less without asking. What it was promised of
   * these, and what its claim holds, is set aside for this order until it is decided.
   */
  sell(order: OrderRecord, needs: Needs): void {
    const own = new Map(this.brought.get(order.number));
    for (const [number, quantity] of needs) {
      const article = this.article(number);
      const { moved } = article;
      const before = this.leaseOf(article, order.channel);
      const after = sell(before, quantity);
      this.changeLease(article, after);
      if (this.terms.leasing) this.pace(article, order.channel, quantity);
      const brought = this.brought.get(order.number)?.get(number) ?? 0n;
      own.set(number, brought + guarded(before) - guarded(after));
      Object.assign(article, { moved });
    }
    this.brought.set(order.number, own);
  }

  private pace(article: ArticleStock, seller: string, quantity: bigint): void {
    for (const lease of article.leases.values()) {
      const slower = slowDown(lease);
      this.changeLease(article, lease.channel === seller ? hurry(slower, quantity) : slower);
    }
  }

  /**
   * Pieces of a claim become the order's own. Where goods have vanished the order has its place in the queue from now
   * on, so that older ones come before it.
   */
  bring(order: OrderRecord, claim: Claim): void {
    const own = this.brought.get(order.number) ?? new Map<string, bigint>();
    for (const [number, quantity] of claim.needs) {
      const article = this.article(number);
      if (lowOf(article) < promisedOf(article)) article.moved = true;
      hold(article, claim.channel, -quantity);
      this.touched.add(article);
      own.set(number, (own.get(number) ?? 0n) + quantity);
    }
    this.brought.set(order.number, own);
  }

  /** An order of the channel is none any more; its shop puts the pieces back by itself. */
  takeBack(order: OrderRecord, needs: Needs): void {
    for (const [number, quantity] of needs) {
      const article = this.article(number);
      const lease = article.leases.get(order.channel);
      if (!lease || quantity <= 0n) continue;
      this.changeLease(article, takeBack(lease, quantity));
      // What was in flight was counted with these pieces: only a version that is confirmed after this settles it.
      if (lease.flights.length > 0) article.promised = true;
    }
  }

  confirmShelf(
    article: ArticleStock,
    channel: string,
    report: Pick<Report, 'version' | 'allowance' | 'shows'>,
  ): void {
    const granted = report.version >= article.leasedFrom === article.leased;
    const newest = report.version === article.version;
    const { method = 'none' } = this.terms.shopOf(channel);
    this.changeLease(
      article,
      confirm(this.leaseOf(article, channel), { ...report, granted, newest, method }),
    );
    this.touched.add(article);
  }

  setLease(article: ArticleStock, lease: Lease): void {
    this.changeLease(article, lease);
  }

  /** Remembers a claim, so that the same request gets the same answer. */
  keepClaim(claim: Claim): void {
    this.claims.set(claimName(claim), claim);
    this.changedClaims.add(claim);
  }

  addClaim(claim: Claim): void {
    this.keepClaim(claim);
    this.holdAgain(claim);
  }

  holdAgain(claim: Claim): void {
    for (const [number, quantity] of claim.needs) this.setAside(number, claim.channel, quantity);
  }

  /** The claim holds no pieces any more, unless an order took them along. */
  endClaim(claim: Claim, state: Claim['state']): void {
    const held = claim.state === 'open' || claim.state === 'confirmed';
    Object.assign(claim, { state, version: claim.version + 1 });
    this.changedClaims.add(claim);
    if (!held || state === 'ordered') return;
    for (const [number, quantity] of claim.needs) {
      this.setAside(number, claim.channel, -quantity);
      this.article(number).moved = true;
    }
  }

  private setAside(number: string, channel: string, quantity: bigint): void {
    const article = this.article(number);
    hold(article, channel, quantity);
    // In doubt only what is promised is told to the shops.
    if (quantity > 0n && article.doubt !== undefined) article.promised = true;
    this.touched.add(article);
  }

  /** What an order of this transaction had set aside is nobody's any more. */
  giveUpOwn(order: OrderRecord): void {
    for (const [number, own] of this.brought.get(order.number) ?? [])
      if (own > 0n) this.article(number).moved = true;
    this.brought.delete(order.number);
  }
}

/** So many more pieces of the article are claimed by buyers of this channel. */
export function hold(
  article: { claimed: bigint; readonly claimedBy: Map<string, bigint> },
  channel: string,
  quantity: bigint,
): void {
  article.claimed += quantity;
  article.claimedBy.set(channel, (article.claimedBy.get(channel) ?? 0n) + quantity);
}

export const claimName = ({ channel, key }: { channel: string; key: string }) => `${channel}/${key}`;

/** Pieces that are promised to somebody and in no order: leases, claims, what queued orders have set aside. */
export function promisedOf(article: ArticleStock): bigint {
  return article.claimed + guardedIn(article.leases);
}

/** More was promised than there can be, so goods have vanished and somebody goes without. */
export const isOverPromised = (article: ArticleStock) => highOf(article) < promisedOf(article);
