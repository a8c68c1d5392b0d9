import { randomUUID } from 'node:crypto';
import type { DemoArticle } from './catalogue.ts';
import type { Journal } from './journal.ts';
import { linesChanged } from './change-order.ts';
import type {
  DemoBuyer,
  DemoChange,
  DemoFulfilment,
  DemoNote,
  DemoOrder,
  DemoReturned,
  DemoWish,
} from './order.ts';
import { type DemoPurchase, DemoPurchases } from './purchases.ts';
import { DemoRefusal } from './refusal.ts';
import { type DemoReturn, DemoReturns } from './returns.ts';

export interface DemoModelOptions {
  readonly code: string;
  readonly kind: 'shop' | 'erp';
  readonly currency: string;
  readonly firstNumber: number;
  readonly articles: readonly DemoArticle[];
  readonly journal: Journal;
  readonly now: () => Date;
}

type Change =
  | { type: 'order.placed' | 'order.changed'; order: DemoOrder }
  | { type: 'articles.changed' | 'purchase-order.changed' | 'return.changed' };

const FIRST_PURCHASE = 900;
const FIRST_RETURN = 100;

const someone: DemoBuyer = {
  name: 'Kim Buyer',
  address1: 'Hamngatan 1',
  postCode: '11147',
  city: 'Stockholm',
  countryCode: 'SE',
};

/**
 * A small shop of its own: it lowers its own number in the step in which it sells, and knows nothing of other shops.
 * The ERP takes orders without looking at stock: what it sells is a demand.
 */
export class DemoModel {
  readonly articles = new Map<string, DemoArticle>();
  readonly orders = new Map<string, DemoOrder>();
  /** Used by the ERP alone. */
  readonly purchases: DemoPurchases;
  readonly returns: DemoReturns;
  private readonly numbers = new Map<string, number>();
  private readonly listeners: ((change: Change) => void)[] = [];
  private lastChange = 0;
  private nextNumber: number;

  constructor(private readonly options: DemoModelOptions) {
    this.nextNumber = options.firstNumber;
    this.purchases = new DemoPurchases({
      journal: options.journal,
      knows: (article) => this.articles.has(article),
      tick: () => this.tick(),
      firstNumber: FIRST_PURCHASE,
      onChange: () => this.tell({ type: 'purchase-order.changed' }),
    });
    this.returns = new DemoReturns({
      journal: options.journal,
      tick: () => this.tick(),
      firstNumber: FIRST_RETURN,
      onChange: () => this.tell({ type: 'return.changed' }),
    });
    for (const article of options.articles) this.articles.set(article.number, article);
    options.journal.replay((entry) => this.recall(entry));
  }

  onChange(listener: (change: Change) => void): void {
    this.listeners.push(listener);
  }

  stockOf(article: string): number {
    return this.numbers.get(article) ?? 0;
  }

  /** @throws DemoRefusal when an article is not sold here */
  check({ lines }: DemoWish): void {
    for (const { article } of lines)
      if (!this.articles.has(article)) throw new DemoRefusal(`There is no article ${article} here.`, 404);
  }

  /** @throws DemoRefusal when an article is not sold here, or a shop has too few of it */
  buy({ lines, note, buyer = someone, placedAt, claim }: DemoWish): DemoOrder {
    this.check({ lines });
    const wanted = new Map<string, number>();
    for (const { article, quantity } of lines) wanted.set(article, (wanted.get(article) ?? 0) + quantity);
    const asksNumber = this.options.kind === 'shop' && claim?.promised !== true;
    for (const [article, quantity] of wanted) {
      if (asksNumber && this.stockOf(article) < quantity)
        throw new DemoRefusal(`${article} is sold out.`, 409, { article, left: this.stockOf(article) });
    }
    for (const [article, quantity] of wanted) this.putStock(article, this.stockOf(article) - quantity);
    const at = this.tick();
    const order: DemoOrder = {
      id: randomUUID(),
      number: String(this.nextNumber++),
      placedAt: placedAt ?? at,
      changedAt: at,
      state: 'placed',
      currency: this.options.currency,
      buyer,
      ...(note !== undefined && { note }),
      ...(claim && { claimKey: claim.key }),
      lines: lines.map((line, index) => ({ id: String(index + 1), ...line, fulfilled: 0 })),
      fulfilments: [],
      notes: [],
    };
    this.orders.set(order.id, order);
    this.keep(order, 'order.placed');
    return order;
  }

  /** Puts the pieces back on the shelf. Cancelling again changes nothing. */
  cancel(id: string, reason?: string): DemoOrder {
    const order = this.find(id);
    if (order.state === 'cancelled') return order;
    if (order.lines.some((line) => line.fulfilled > 0))
      throw new DemoRefusal(`Order ${order.number} has been shipped already.`, 409);
    for (const line of order.lines) this.putStock(line.article, this.stockOf(line.article) + line.quantity);
    order.state = 'cancelled';
    order.cancelReason = reason;
    return this.touch(order);
  }

  fulfil(id: string, key: string, parcel: Omit<DemoFulfilment, 'id' | 'key' | 'at'>): DemoFulfilment {
    const order = this.find(id);
    const before = order.fulfilments.find((one) => one.key === key);
    if (before) return before;
    if (order.state === 'cancelled') throw new DemoRefusal(`Order ${order.number} is cancelled.`, 409);
    for (const { id: lineId, quantity } of parcel.lines) {
      const line = order.lines.find((one) => one.id === lineId);
      if (!line) throw new DemoRefusal(`Order ${order.number} has no line ${lineId}.`, 409);
      line.fulfilled += quantity;
    }
    const fulfilment = { ...parcel, id: randomUUID(), key, at: this.options.now().toISOString() };
    order.fulfilments.push(fulfilment);
    this.touch(order);
    return fulfilment;
  }

  note(id: string, { key, text, change }: Omit<DemoNote, 'at'>): void {
    const order = this.find(id);
    if (order.notes.some((note) => note.key === key)) return;
    order.notes.push({ key, text, at: this.options.now().toISOString(), ...(change && { change }) });
    this.touch(order);
  }

  /** Goods came back to the warehouse: written down once, and the shop's own number waits for the next level. */
  takeBack(id: string, returned: DemoReturned): void {
    const order = this.find(id);
    const before = order.returned ?? [];
    if (before.some((one) => one.key === returned.key)) return;
    order.returned = [...before, returned];
    this.touch(order);
  }

  /** The number becomes this one, if it still is the expected one, when one is given. */
  setStock(article: string, number: number, expected?: number): number {
    if (!this.articles.has(article)) throw new DemoRefusal(`There is no article ${article} here.`, 404);
    const now = this.stockOf(article);
    if (expected !== undefined && expected !== now)
      throw new DemoRefusal(`The number is ${now}, not ${expected}.`, 409, { number: String(now) });
    this.putStock(article, number);
    return number;
  }

  /**
   * Changes what staff can change, or nothing but the time of change. What is added is taken off the shelf, and what is
   * taken off is put back on it.
   * @throws DemoRefusal when a shop has too few of what is added, or a line has been shipped
   */
  edit(id: string, { lines = [], buyer, ...rest }: DemoChange = {}): DemoOrder {
    const order = this.find(id);
    if (order.state === 'cancelled') throw new DemoRefusal(`Order ${order.number} is cancelled.`, 409);
    const { after, taken } = linesChanged(order, lines);
    this.check({ lines: after });
    for (const [article, more] of taken) {
      if (this.options.kind === 'shop' && more > 0 && this.stockOf(article) < more)
        throw new DemoRefusal(`${article} is sold out.`, 409, { article, left: this.stockOf(article) });
    }
    for (const [article, more] of taken) this.putStock(article, this.stockOf(article) - more);
    order.lines.splice(0, order.lines.length, ...after);
    Object.assign(order, { ...rest, buyer: { ...order.buyer, ...buyer } });
    return this.touch(order);
  }

  putArticle(article: DemoArticle): void {
    this.articles.set(article.number, article);
    this.options.journal.append({ article });
    this.tell({ type: 'articles.changed' });
  }

  removeArticle(number: string): void {
    this.articles.delete(number);
    this.options.journal.append({ gone: number });
    this.tell({ type: 'articles.changed' });
  }

  /** The same article under another number, with the same id. */
  renameArticle(from: string, to: string): void {
    const article = this.articles.get(from);
    if (!article) throw new DemoRefusal(`There is no article ${from} here.`, 404);
    this.articles.delete(from);
    this.options.journal.append({ gone: from });
    this.putArticle({ ...article, id: article.id ?? from, number: to });
  }

  find(id: string): DemoOrder {
    const order = this.orders.get(id);
    if (!order) throw new DemoRefusal('There is no order with this id here.', 404);
    return order;
  }

  /** Orders after a place in the feed, oldest change first. */
  changedSince(changedAt: string, after: string, limit: number): DemoOrder[] {
    return [...this.orders.values()]
      .filter((one) => one.changedAt > changedAt || (one.changedAt === changedAt && one.id > after))
      .toSorted((one, other) =>
        one.changedAt === other.changedAt
          ? one.id.localeCompare(other.id)
          : one.changedAt.localeCompare(other.changedAt),
      )
      .slice(0, limit);
  }

  private touch(order: DemoOrder): DemoOrder {
    order.changedAt = this.tick();
    this.keep(order, 'order.changed');
    return order;
  }

  private keep(order: DemoOrder, type: 'order.placed' | 'order.changed'): void {
    this.options.journal.append({ order });
    this.tell({ type, order });
  }

  private putStock(article: string, number: number): void {
    this.numbers.set(article, number);
    this.options.journal.append({ stock: { article, number } });
  }

  private tell(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }

  /** Every change has a time of its own, even when the clock stands still. */
  private tick(): string {
    this.lastChange = Math.max(this.options.now().getTime(), this.lastChange + 1);
    return new Date(this.lastChange).toISOString();
  }

  private recall(entry: Record<string, unknown>): void {
    const order = entry.order as DemoOrder | undefined;
    if (order) {
      this.orders.set(order.id, order);
      this.nextNumber = Math.max(this.nextNumber, Number(order.number) + 1);
      this.lastChange = Math.max(this.lastChange, Date.parse(order.changedAt));
    }
    const purchase = entry.purchase as DemoPurchase | undefined;
    if (purchase) {
      this.purchases.recall(purchase);
      this.lastChange = Math.max(this.lastChange, Date.parse(purchase.changedAt));
    }
    const returned = entry.return as DemoReturn | undefined;
    if (returned) this.returns.recall(returned);
    const article = entry.article as DemoArticle | undefined;
    if (article) this.articles.set(article.number, article);
    if (typeof entry.gone === 'string') this.articles.delete(entry.gone);
    const stock = entry.stock as { article: string; number: number } | undefined;
    if (stock) this.numbers.set(stock.article, stock.number);
  }
}
