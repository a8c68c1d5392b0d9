import { type Event, fromMilli } from '@samlast/contracts';
import { hasLevel, issueLevels, type Terms } from '../publish-levels/levels.ts';
import type { Kits } from '../follow-kits/kits.ts';
import { issueKitLevels } from '../publish-levels/kit-levels.ts';
import type { Needs, Supply } from '../reserve-stock/decide.ts';
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
import { withRevision } from '../watermark/line.ts';
import { keptForOthers } from '../set-rules/rules.ts';
import { type Revision, share } from '../watermark/watermark.ts';
import { type ArticleStock, highOf, lowOf, mayBeWaitedFor } from './articles.ts';
import type { Entry } from './ledger.ts';
import type { Line } from './lines.ts';
import type { OrderRecord } from './orders.ts';

/** What one queued order wants of one article, and what of it is set aside for it already. */
export interface Wish {
  readonly quantity: bigint;
  readonly own: bigint;
  readonly firm: boolean;
}

/** Everything that is needed to decide, whose articles nobody else changes meanwhile. */
export interface Contents {
  readonly articles: Map<string, ArticleStock>;
  readonly orders: Map<string, OrderRecord>;
  readonly lines: Iterable<Line>;
  /** Of orders in the queue, by order number and article. */
  readonly wishes: Map<string, Map<string, Wish>>;
  /** By channel and key, see `claimName`. */
  readonly claims: Map<string, Claim>;
  /** All that have to do with these articles. */
  readonly kits?: Kits;
}

/**
 * What one transaction decides on, in memory and in order, and what is to be written of it. It knows no database:
 * `open-book.ts` fills it and writes it back, the simulation keeps everything in one for ever.
 */
export class Book {
  readonly articles: Map<string, ArticleStock>;
  readonly orders: Map<string, OrderRecord>;
  readonly claims: Map<string, Claim>;
  readonly kits: Kits;
  readonly wishes: Map<string, Map<string, Wish>>;
  /** Orders that left and joined the queue, and articles and claims that are to be written. */
  readonly left = new Set<OrderRecord>();
  readonly joined = new Set<OrderRecord>();
  readonly touched = new Set<ArticleStock>();
  readonly changedClaims = new Set<Claim>();
  /** Orders that go on to the warehouse, whole. */
  readonly leaving = new Set<OrderRecord>();
  readonly entries: Entry[] = [];
  private readonly byArticle = new Map<string, Line[]>();
  private readonly byOrder = new Map<string, Line[]>();
  /** What orders of this transaction have set aside, until they are decided. */
  private readonly brought = new Map<string, Map<string, bigint>>();
  private readonly told: (() => Event)[] = [];

  constructor(
    readonly terms: Terms,
    contents: Contents,
  ) {
    this.articles = contents.articles;
    this.orders = contents.orders;
    this.wishes = contents.wishes;
    this.claims = contents.claims;
    this.kits = contents.kits ?? new Map();
    for (const line of contents.lines) this.addLine(line);
  }

  article(number: string): ArticleStock {
    const article = this.articles.get(number);
    if (!article) throw new Error(`article ${number} was not locked by this transaction`);
    return article;
  }

  /** Pieces that this channel may still be promised, for certain and at most; what queued orders want is in them. */
  figuresOf(number: string, channel: string): Omit<Supply, 'ahead' | 'own'> {
    const article = this.article(number);
    // Of a kit only its parts are counted; it must be known and sold.
    if (article.isKit) return { status: article.status, low: WITHOUT_END, high: WITHOUT_END };
    const promised = promisedOf(article) + keptForOthers(article.rules, article.leases, channel);
    return { status: article.status, low: lowOf(article) - promised, high: highOf(article) - promised };
  }

  /** What a new order is decided on. */
  supplyFor({ number: order, channel }: OrderRecord, number: string): Supply {
    const { queued: all, queuedFirm: firm } = this.article(number);
    const own = this.brought.get(order)?.get(number) ?? 0n;
    const { status, low, high } = this.figuresOf(number, channel);
    return { status, low: low - own, high: high - own, own, ahead: { all, firm } };
  }

  note(kind: string, of: { number?: string; article?: string }, data: Record<string, unknown>): void {
    this.entries.push({ kind, ...of, data });
  }

  publish(event: Event): void {
    this.told.push(() => event);
  }

  /** An event that is made when the whole order has been loaded and versions are known. */
  publishLater(event: () => Event): void {
    this.told.push(event);
  }

  addOrder(order: OrderRecord): void {
    this.orders.set(order.number, order);
  }

  linesOf(order: Pick<OrderRecord, 'number'>): readonly Line[] {
    return this.byOrder.get(order.number) ?? [];
  }

  line(number: string, article: string): Line | undefined {
    return this.byOrder.get(number)?.find((line) => line.article.number === article);
  }

  linesOn(article: string): readonly Line[] {
    return this.byArticle.get(article) ?? [];
  }

  get lines(): Line[] {
    return [...this.byOrder.values()].flat();
  }

  private addLine(line: Line): void {
    append(this.byArticle, line.article.number, line);
    append(this.byOrder, line.order.number, line);
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

  /** Pieces of a claim become the order's own. */
  bring(order: OrderRecord, claim: Claim): void {
    const own = this.brought.get(order.number) ?? new Map<string, bigint>();
    for (const [number, quantity] of claim.needs) {
      this.article(number).claimed -= quantity;
      this.touched.add(this.article(number));
      own.set(number, (own.get(number) ?? 0n) + quantity);
    }
    this.brought.set(order.number, own);
  }

  /** An order of the channel is none any more; its shop puts the pieces back by itself. */
  takeBack(order: OrderRecord, needs: Needs): void {
    for (const [number, quantity] of needs) {
      const article = this.article(number);
      const lease = article.leases.get(order.channel);
      if (lease && quantity > 0n) this.changeLease(article, takeBack(lease, quantity));
    }
  }

  confirmShelf(article: ArticleStock, channel: string, report: Pick<Report, 'version' | 'allowance'>): void {
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
    for (const [number, quantity] of claim.needs) this.setAside(number, quantity);
  }

  /** The claim holds no pieces any more, unless an order took them along. */
  endClaim(claim: Claim, state: Claim['state']): void {
    const held = claim.state === 'open' || claim.state === 'confirmed';
    Object.assign(claim, { state, version: claim.version + 1 });
    this.changedClaims.add(claim);
    if (!held || state === 'ordered') return;
    for (const [number, quantity] of claim.needs) {
      this.setAside(number, -quantity);
      this.article(number).moved = true;
    }
  }

  private setAside(number: string, quantity: bigint): void {
    const article = this.article(number);
    article.claimed += quantity;
    // In doubt only what is promised is told to the shops.
    if (quantity > 0n && article.doubt !== undefined) article.promised = true;
    this.touched.add(article);
  }

  /** The pieces are promised from now on. Articles without stock of their own are not counted. */
  promise(order: OrderRecord, needs: Needs): void {
    this.brought.delete(order.number);
    for (const [number, quantity] of needs) {
      const article = this.article(number);
      if (article.status === 'not-stocked' || article.isKit) continue;
      const { moved } = article;
      const line = this.line(order.number, number) ?? this.newLine(order, article);
      this.change(line, withRevision(line.revisions, order.revision, quantity));
      // Nobody in the queue can want these pieces, so nothing is to be decided again.
      Object.assign(article, { moved, promised: true });
    }
  }

  private newLine(order: OrderRecord, article: ArticleStock): Line {
    const share = { low: 0n, high: 0n, settled: true };
    const line = { order, article, revisions: [], share, changed: false };
    this.addLine(line);
    return line;
  }

  /** What an order of this transaction had set aside is nobody's any more. */
  giveUpOwn(order: OrderRecord): void {
    this.brought.delete(order.number);
  }

  /** Of an order that gets nothing it is still known what was sold: its shop puts that back when it cancels it. */
  remember(order: OrderRecord, needs: Needs): void {
    this.brought.delete(order.number);
    for (const [number, quantity] of needs) {
      const article = this.article(number);
      const revisions = [{ revision: order.revision, quantity, refused: true }];
      this.addLine({ order, article, revisions, share: { low: 0n, high: 0n, settled: true }, changed: true });
    }
  }

  /** Its level is looked at when this transaction closes, though nothing of it was decided. */
  touch(article: ArticleStock): void {
    this.touched.add(article);
  }

  /**
   * From which level on pieces of a queued or reserved order are not contained: the one that this transaction
   * publishes. What the warehouse has never told of has no level.
   */
  counted(needs: Iterable<string>): { article: string; version: number }[] {
    const articles = [...needs].map((number) => this.article(number));
    return articles.filter(hasLevel).map((article) => {
      const { number } = article;
      article.promised = true;
      this.touched.add(article);
      return { article: number, version: article.version + 1 };
    });
  }

  /** Held and waiting orders, oldest first; those of this transaction are the youngest. */
  queue(): { order: OrderRecord; wishes: ReadonlyMap<string, Wish> }[] {
    const age = ({ id }: OrderRecord) => (id === undefined ? Number.POSITIVE_INFINITY : Number(id));
    return [...this.wishes]
      .flatMap(([number, wishes]) => {
        const order = this.orders.get(number);
        return order ? [{ order, wishes }] : [];
      })
      .toSorted((a, b) => (age(a.order) === age(b.order) ? 0 : age(a.order) - age(b.order)));
  }

  /** Gives a line new revisions, and the article the difference that this makes. */
  change(line: Line, revisions: readonly Revision[]): void {
    const article = this.article(line.article.number);
    const { low, high, settled } = line.share;
    const same = line.revisions === revisions;
    line.revisions = revisions;
    line.share = share(article.read, revisions);
    if (same && line.share.settled && settled) return;
    line.changed ||= !same || line.share.settled !== settled;
    article.takenLow += line.share.low - low;
    article.takenHigh += line.share.high - high;
    if (!same || line.share.low !== low || line.share.high !== high) article.moved = true;
    this.touched.add(article);
  }

  /** After a new read: all open lines of the article are counted anew. */
  recount(article: ArticleStock, revise: (line: Line) => readonly Revision[]): void {
    article.moved = true;
    this.touched.add(article);
    for (const line of this.linesOn(article.number)) this.change(line, revise(line));
  }

  /** Whether a new read would settle a doubt; where an answer is still to come it would not. */
  readHelps(article: string): boolean {
    return this.linesOn(article).some(
      ({ share, revisions }) =>
        share.low !== share.high && !revisions.some((one) => one.inFlight && one.accepted === undefined),
    );
  }

  /** What its lines want: what its shop has taken off its shelf, where a kit is a kit. */
  wantsOf(order: OrderRecord): Needs {
    return order.wants ?? this.needsOf(order);
  }

  /** What an order wants that stands in the queue, or has been promised. */
  needsOf(order: OrderRecord): Needs {
    const wishes = this.wishes.get(order.number);
    if (wishes) return new Map([...wishes].map(([article, { quantity }]) => [article, quantity]));
    return new Map(
      this.linesOf(order).flatMap(({ article, revisions }) => {
        const wanted = revisions.findLast((one) => one.quantity > 0n);
        return wanted ? [[article.number, wanted.quantity] as const] : [];
      }),
    );
  }

  /** The order wants pieces that it does not get yet, and stands in the queue by its age. */
  enqueue(order: OrderRecord, needs: Needs, firm: boolean): void {
    const wishes = new Map<string, Wish>();
    const brought = this.brought.get(order.number);
    for (const [number, quantity] of needs) {
      const own = smaller(quantity, brought?.get(number) ?? 0n);
      const wish = { quantity, own, firm };
      this.count(number, wish, 1n);
      wishes.set(number, wish);
    }
    this.brought.delete(order.number);
    this.wishes.set(order.number, wishes);
    this.joined.add(order);
  }

  /** Takes an order out of the queue; what it had set aside is its own again, to be promised or given up. */
  dequeue(order: OrderRecord): void {
    const own = new Map<string, bigint>();
    for (const [number, wish] of this.wishes.get(order.number) ?? []) {
      this.count(number, wish, -1n);
      this.article(number).moved = true;
      own.set(number, wish.own);
    }
    this.brought.set(order.number, own);
    this.wishes.delete(order.number);
    this.joined.delete(order);
    this.left.add(order);
  }

  private count(number: string, { quantity, own, firm }: Wish, sign: bigint): void {
    const article = this.article(number);
    article.queued += sign * (quantity - own);
    article.claimed += sign * own;
    if (firm) article.queuedFirm += sign * (quantity - own);
    this.touched.add(article);
  }

  /** Articles whose queue is to be decided again, once. */
  takeMoved(): Set<string> {
    const moved = new Set<string>();
    for (const article of this.articles.values()) {
      if (article.moved && mayBeWaitedFor(article)) moved.add(article.number);
      article.moved = false;
    }
    return moved;
  }

  /** Publishes what became of the articles, once per article, and notes what is promised to whom from now on. */
  close(at: string): void {
    for (const article of this.touched) {
      if (this.kits.has(article.number)) continue;
      const before = new Map(article.leases);
      const level = issueLevels(article, this.terms, at);
      const changed = [...article.leases.values()].filter((lease) => lease !== before.get(lease.channel));
      const leases = Object.fromEntries(changed.map((lease) => [lease.channel, leaseTexts(lease)]));
      if (level) {
        this.publish(level.event);
        this.note('level', { article: article.number }, { ...level.noted, leases });
      } else if (changed.length > 0) this.note('lease.granted', { article: article.number }, { leases });
    }
    this.closeKits(at);
  }

  /** Kits after their parts, each of which something may have changed. */
  private closeKits(at: string): void {
    for (const [number, parts] of this.kits) {
      const kit = this.article(number);
      if (!this.touched.has(kit) && ![...parts.keys()].some((part) => this.touched.has(this.article(part))))
        continue;
      const level = issueKitLevels(kit, parts, (part) => this.article(part), this.terms, at);
      if (!level) continue;
      this.touched.add(kit);
      this.publish(level.event);
      this.note('level', { article: number }, { ...level.noted, leases: {} });
    }
  }

  /** All events in order; the orders that leave for the warehouse must have been loaded. */
  events(): Event[] {
    return this.told.splice(0).map((event) => event());
  }
}

/** More was promised than there can be, so goods have vanished and somebody goes without. */
export const isOverPromised = (article: ArticleStock) => highOf(article) < promisedOf(article);

/** More than anybody can want: what is not counted never runs out. */
const WITHOUT_END = 10n ** 18n;

export const claimName = ({ channel, key }: { channel: string; key: string }) => `${channel}/${key}`;

/** Pieces that are promised to somebody and in no order: leases, claims, what queued orders have set aside. */
export function promisedOf(article: ArticleStock): bigint {
  return article.claimed + guardedIn(article.leases);
}

const smaller = (one: bigint, other: bigint) => (one < other ? one : other);

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/** What was decided of a lease, as the ledger holds it; what it is made of is in other entries. */
function leaseTexts({ target, ungranted, flights }: Lease): Record<string, unknown> {
  return {
    ...(target !== undefined && { target: fromMilli(target) }),
    ungranted: fromMilli(ungranted),
    flights: flights.map(({ version, allowance }) => [version, fromMilli(allowance)]),
  };
}
