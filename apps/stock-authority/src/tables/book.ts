import { type Event, fromMilli } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';
import { raiseLevel, type Terms } from '../publish-levels/levels.ts';
import type { Needs, Supply } from '../reserve-stock/decide.ts';
import { type Revision, share } from '../watermark/watermark.ts';
import { type ArticleStock, highOf, lockArticles, lowOf, Overtaken, saveArticles } from './articles.ts';
import { appendToLedger, type Entry } from './ledger.ts';
import { type Line, type LinesWanted, loadLines, saveLines } from './lines.ts';
import { articlesOfOrders, lockOrders, type OrderRecord, saveOrders } from './orders.ts';
import { loadDemands, saveQueue } from './queue.ts';

/** What a transaction wants to have locked and loaded. */
export interface Wanted {
  /** Articles that new orders want. */
  readonly articles?: Iterable<string>;
  /** Articles whose figures may move, so that their queue is decided again. */
  readonly moving?: Iterable<string>;
  /**
   * Orders that are decided in this transaction; those that are known come with all their articles and
   * lines.
   */
  readonly orders?: readonly string[];
  /** Of these, the ones that may free pieces, which moves their articles. */
  readonly releasing?: readonly string[];
  readonly lines?: Omit<LinesWanted, 'orders'>;
}

interface Wish {
  readonly quantity: bigint;
  readonly firm: boolean;
}

/**
 * Everything that one transaction has locked, decides on in memory, in order, and writes back set by set:
 * the number of statements does not grow with the number of orders.
 */
export class Book {
  private readonly byArticle = new Map<string, Line[]>();
  private readonly byOrder = new Map<string, Line[]>();
  private readonly left = new Set<OrderRecord>();
  private readonly joined = new Set<OrderRecord>();
  private readonly touched = new Set<ArticleStock>();
  private entries: Entry[] = [];
  private readonly events: Event[] = [];

  private constructor(
    readonly tx: EntityManager,
    readonly terms: Terms,
    readonly articles: Map<string, ArticleStock>,
    readonly orders: Map<string, OrderRecord>,
    /** What orders in the queue want, by order number and article. */
    private readonly wishes: Map<string, Map<string, Wish>>,
  ) {}

  static async open(tx: EntityManager, terms: Terms, wanted: Wanted): Promise<Book> {
    const { orders: numbers = [], releasing = [], lines = {} } = wanted;
    const known = await articlesOfOrders(tx, [...numbers]);
    const moving = new Set(wanted.moving);
    for (const number of releasing) for (const article of known.get(number) ?? []) moving.add(article);
    const all = [...(wanted.articles ?? []), ...[...known.values()].flat()];
    const articles = await lockArticles(tx, all, moving);
    const orders = await lockOrders(tx, [...numbers]);
    if ([...orders.keys()].some((number) => !known.has(number))) {
      throw new Overtaken(
        'an order was placed while its articles were being locked; the batch is tried again',
      );
    }
    const queued = [...orders.values()].filter(
      (order) => order.state === 'held' || order.state === 'waiting',
    );
    const wishes = await loadDemands(
      tx,
      queued.map((order) => order.number),
    );
    const book = new Book(tx, terms, articles, orders, wishes);
    const withLines = [...orders.values()].filter((order) => !queued.includes(order) && order.digest);
    const loaded = { ...lines, orders: withLines.map((order) => order.number) };
    for (const line of await loadLines(tx, loaded, (number) => book.article(number).read)) book.addLine(line);
    return book;
  }

  article(number: string): ArticleStock {
    const article = this.articles.get(number);
    if (!article) throw new Error(`article ${number} was not locked by this transaction`);
    return article;
  }

  supplyOf(number: string): Supply {
    const article = this.article(number);
    const { queued: all, queuedFirm: firm } = article;
    return { status: article.status, low: lowOf(article), high: highOf(article), ahead: { all, firm } };
  }

  note(kind: string, of: { number?: string; article?: string }, data: Record<string, unknown>): void {
    this.entries.push({ kind, ...of, data });
  }

  publish(event: Event): void {
    this.events.push(event);
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

  private addLine(line: Line): void {
    append(this.byArticle, line.article.number, line);
    append(this.byOrder, line.order.number, line);
  }

  /** The pieces are promised from now on. Articles without stock of their own are not counted. */
  promise(order: OrderRecord, needs: Needs): void {
    for (const [number, quantity] of needs) {
      const article = this.article(number);
      if (article.status === 'not-stocked') continue;
      const { moved } = article;
      const line = {
        order,
        article,
        revisions: [],
        share: { low: 0n, high: 0n, settled: true },
        changed: false,
      };
      this.addLine(line);
      this.change(line, [{ revision: order.revision, quantity }]);
      // Nobody in the queue can want these pieces, so nothing is to be decided again.
      Object.assign(article, { moved, promised: true });
    }
  }

  /** Its level is looked at when this transaction closes, though nothing of it was decided. */
  touch(article: ArticleStock): void {
    this.touched.add(article);
  }

  /** From which level on an order's pieces are not contained: the one that this transaction publishes. */
  counted(order: OrderRecord): { article: string; version: number }[] {
    return this.linesOf(order).map((line) => {
      const article = this.article(line.article.number);
      return { article: article.number, version: article.version + 1 };
    });
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
    for (const line of this.byArticle.get(article.number) ?? []) this.change(line, revise(line));
  }

  /** Whether a new read would settle a doubt; where an answer is still to come it would not. */
  readHelps(article: string): boolean {
    return (this.byArticle.get(article) ?? []).some(
      ({ share, revisions }) =>
        share.low !== share.high && !revisions.some((one) => one.inFlight && one.accepted === undefined),
    );
  }

  wishesOf(order: OrderRecord): Needs {
    return new Map(
      [...(this.wishes.get(order.number) ?? [])].map(([article, { quantity }]) => [article, quantity]),
    );
  }

  /** The order wants pieces that it does not get yet, and stands in the queue by its age. */
  enqueue(order: OrderRecord, needs: Needs, firm: boolean): void {
    const wishes = new Map<string, Wish>();
    for (const [number, quantity] of needs) {
      const article = this.article(number);
      article.queued += quantity;
      if (firm) article.queuedFirm += quantity;
      this.touched.add(article);
      wishes.set(number, { quantity, firm });
    }
    this.wishes.set(order.number, wishes);
    this.joined.add(order);
  }

  dequeue(order: OrderRecord): void {
    for (const [number, { quantity, firm }] of this.wishes.get(order.number) ?? []) {
      const article = this.article(number);
      article.queued -= quantity;
      if (firm) article.queuedFirm -= quantity;
      article.moved = true;
      this.touched.add(article);
    }
    this.wishes.delete(order.number);
    this.joined.delete(order);
    this.left.add(order);
  }

  /** Articles whose queue is to be decided again, once. */
  takeMoved(): ArticleStock[] {
    const moved = [...this.articles.values()].filter((article) => article.moved);
    for (const article of moved) article.moved = false;
    return moved.filter((article) => article.queued > 0n);
  }

  /** Orders of the queue that this transaction did not load at first. */
  adopt(orders: Map<string, OrderRecord>, wishes: Map<string, Map<string, Wish>>): void {
    for (const [number, order] of orders) if (!this.orders.has(number)) this.orders.set(number, order);
    for (const [number, wish] of wishes) if (!this.wishes.has(number)) this.wishes.set(number, wish);
  }

  /** Writes orders, lines and the queue, so that the queue can be read back as a whole. */
  async save(): Promise<void> {
    await saveOrders(this.tx, [...this.orders.values()]);
    await saveLines(this.tx, [...this.byOrder.values()].flat());
    const joined = [...this.joined].flatMap((order) =>
      [...(this.wishes.get(order.number) ?? [])].map(([number, wish]) => ({
        order,
        articleId: this.article(number).id,
        ...wish,
      })),
    );
    await saveQueue(
      this.tx,
      [...this.left].filter((order) => order.id),
      joined,
    );
    this.left.clear();
    this.joined.clear();
  }

  /**
   * Publishes what became of the articles, once per article, writes everything and gives back all events.
   */
  async close(): Promise<Event[]> {
    const at = new Date().toISOString();
    for (const article of this.touched) {
      const level = raiseLevel(article, this.terms, at);
      if (!level) continue;
      this.events.push(level);
      const { version, queued, queuedFirm } = article;
      const figures = { low: lowOf(article), high: highOf(article), queued, queuedFirm };
      this.note('level', { article: article.number }, { version, ...texts(figures) });
    }
    await this.save();
    await saveArticles(this.tx, [...this.touched]);
    await appendToLedger(this.tx, this.entries);
    this.entries = [];
    return this.events;
  }
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

const texts = (figures: Record<string, bigint>) =>
  Object.fromEntries(Object.entries(figures).map(([name, figure]) => [name, fromMilli(figure)]));
