import { type Event, fromMilli } from '@samlast/contracts';
import { hasLevel, issueLevels } from '../publish-levels/levels.ts';
import { countedOn } from '../expect-goods/arrivals.ts';
import type { Terms } from '../publish-levels/terms.ts';
import type { Kits } from '../follow-kits/kits.ts';
import { issueKitLevels } from '../publish-levels/kit-levels.ts';
import { lessMissing, type Needs, type Supply, type Unshared } from '../reserve-stock/decide.ts';
import type { Claim } from '../claim-stock/claim.ts';
import { guardedIn, type Lease } from '../lease-stock/lease.ts';
import { keptForOthers } from '../set-rules/rules.ts';
import { type ArticleStock, highOf, lowOf, mayBeWaitedFor } from './articles.ts';
import type { Expectation } from './expectations.ts';
import type { Entry } from './ledger.ts';
import { LineBook } from './line-book.ts';
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
  /** Articles of which everything is here that their queued orders want; all, when left out. */
  readonly reviewed?: ReadonlySet<string>;
  /** What purchase orders announce of these articles. */
  readonly expectations?: Map<string, Expectation>;
  /** Drawn for the new orders of this transaction. */
  readonly ids?: readonly string[];
}

/**
 * What one transaction decides on, in memory and in order, and what is to be written of it. It knows no database:
 * `open-book.ts` fills it and writes it back, the simulation keeps everything in one for ever.
 */
export class Book extends LineBook {
  readonly orders: Map<string, OrderRecord>;
  readonly kits: Kits;
  private readonly reviewed?: ReadonlySet<string>;
  readonly ids: readonly string[];
  readonly wishes: Map<string, Map<string, Wish>>;
  readonly expectations: Map<string, Expectation>;
  /** Orders that left and joined the queue. */
  readonly left = new Set<OrderRecord>();
  readonly joined = new Set<OrderRecord>();
  /** Orders that go on to the warehouse, whole. */
  readonly leaving = new Set<OrderRecord>();
  readonly entries: Entry[] = [];
  private readonly told: (() => Event)[] = [];

  constructor(terms: Terms, contents: Contents) {
    super(terms, contents.articles, contents.claims);
    this.orders = contents.orders;
    this.wishes = contents.wishes;
    this.kits = contents.kits ?? new Map();
    this.reviewed = contents.reviewed;
    this.expectations = contents.expectations ?? new Map();
    this.ids = contents.ids ?? [];
    for (const line of contents.lines) this.addLine(line);
  }

  /** Pieces that this channel may still be promised, for certain and at most; what queued orders want is in them. */
  figuresOf(number: string, channel: string): Unshared {
    const article = this.article(number);
    const { status } = article;
    // Of a kit only its parts are counted; it must be known and sold.
    if (article.isKit) return { status, low: WITHOUT_END, high: WITHOUT_END, later: 0n };
    const later = guardedIn(article.leases) + keptForOthers(article.rules, article.leases, channel);
    const promised = article.claimed + later;
    const figures = { low: lowOf(article) - promised, high: highOf(article) - promised };
    return { status, ...figures, later, ...this.waitedFor(article) };
  }

  /** What decides whether pieces that are not there may be waited for. */
  private waitedFor({ number, rules: { backorderMost } }: ArticleStock) {
    const expectation = this.expectations.get(number);
    const arrivals = expectation && countedOn(expectation.announced, expectation);
    return { ...(arrivals && { arrivals }), ...(backorderMost !== undefined && { backorderMost }) };
  }

  /** What a new order is decided on. */
  supplyFor({ number: order, channel }: OrderRecord, number: string): Supply {
    const { queued: all, queuedFirm: firm } = this.article(number);
    const own = this.brought.get(order)?.get(number) ?? 0n;
    const { low, high, later, ...rest } = this.figuresOf(number, channel);
    const left = lessMissing({ low: low - own, high: high - own }, later);
    return { ...rest, ...left, own, ahead: { all, firm } };
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

  /** What its shop has taken off its shelf for it, as far as was heard; a kit is a kit. */
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

  /** What an order has been promised as it stands: what was dropped from it, or refused, it has no more. */
  promisedTo(order: OrderRecord): Needs {
    return new Map(
      this.linesOf(order).flatMap(({ article, revisions }) => {
        const { quantity = 0n } = revisions.findLast((one) => !one.refused) ?? {};
        return quantity > 0n ? [[article.number, quantity] as const] : [];
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

  /**
   * Articles whose queue is to be decided again, once. Of one that was not loaded for that, queued orders may want
   * articles that are not here: nobody may be promised a part of what he wants.
   */
  takeMoved(): Set<string> {
    const moved = new Set<string>();
    for (const article of this.articles.values()) {
      const isReviewed = this.reviewed?.has(article.number) !== false;
      if (article.moved && isReviewed && mayBeWaitedFor(article)) moved.add(article.number);
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

/** More than anybody can want: what is not counted never runs out. */
const WITHOUT_END = 10n ** 18n;

const smaller = (one: bigint, other: bigint) => (one < other ? one : other);

/** What was decided of a lease, as the ledger holds it; what it is made of is in other entries. */
export function leaseTexts({ target, ungranted, flights }: Lease): Record<string, unknown> {
  return {
    ...(target !== undefined && { target: fromMilli(target) }),
    ungranted: fromMilli(ungranted),
    flights: flights.map(({ version, allowance }) => [version, fromMilli(allowance)]),
  };
}
