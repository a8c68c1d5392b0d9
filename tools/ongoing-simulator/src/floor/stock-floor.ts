import { toMilli } from '../warehouse/milli.ts';
import type { Adjustment, Article, ArticleItem } from '../warehouse/model.ts';
import { Refusal } from '../warehouse/refusal.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

const DEFAULT_LOCATION = 'A-1';

export interface StockMove {
  article: string;
  quantity: number;
  location?: string | undefined;
}

/** What happens to goods on the shelves at any time, without asking an order. */
export class StockFloor {
  constructor(private readonly warehouse: Warehouse) {}

  receive({ article: number, quantity, location = DEFAULT_LOCATION }: StockMove): void {
    const { articles } = this.warehouse;
    const milli = above0(quantity);
    const article = articles.named(number);
    articles.receive(article, milli, location);
    articles.happenings.tell({
      kind: 'goods-received',
      article,
      quantity: milli,
      location,
    });
  }

  /** A stock count found more or fewer pieces. */
  adjust({
    article: number,
    quantity,
    location,
    comment = 'Stock count',
  }: StockMove & { comment?: string }): void {
    const { articles, ground, adjustments } = this.warehouse;
    const article = articles.named(number);
    const milli = toMilli(quantity);
    const item = location === undefined ? fullest(article) : shelf(article, location);
    if (milli < 0) {
      if (!item) throw new Refusal(400, `Nothing of ${number} lies there.`);
      articles.take(article, item, -milli);
      // Pieces that are gone cannot be locked any longer.
      item.lockedForSale = Math.min(item.lockedForSale, item.quantity);
      item.locked = Math.min(item.locked, item.quantity - item.lockedForSale);
      articles.touched(article);
    } else articles.receive(article, milli, item?.location ?? location ?? DEFAULT_LOCATION);
    const adjustment: Adjustment = {
      id: ground.ids.next('adjustment'),
      articleId: article.id,
      quantity: milli,
      at: ground.clock.now(),
      location: item?.location ?? location ?? DEFAULT_LOCATION,
      comment,
      reported: false,
    };
    adjustments.push(adjustment);
    articles.happenings.tell({
      kind: 'stock-adjusted',
      article,
      quantity: milli,
      location: adjustment.location,
    });
  }

  /** What lies there of it goes with it; whatever names it would hang in the air, and keeps it. */
  remove(number: string): void {
    const { articles, orders, purchaseOrders } = this.warehouse;
    const article = articles.named(number);
    const { id } = article;
    const kit = [...articles.all()].find(({ parts }) => parts.some(({ articleId }) => articleId === id));
    const order = [...orders.byId.values(), ...purchaseOrders.byId.values()].find(({ lines }) =>
      lines.some((line) =>
        [line, ...('stock' in line ? line.stock : [])].some(({ articleId }) => articleId === id),
      ),
    );
    if (kit) throw new Refusal(400, `${number} is part of ${kit.number}.`);
    if (order) throw new Refusal(400, `${number} is on order ${order.number}.`);
    this.warehouse.adjustments = this.warehouse.adjustments.filter(({ articleId }) => articleId !== id);
    articles.remove(article);
  }

  /** Locks pieces, by default against being sold; sellable falls at once. */
  lock({ article: number, quantity, location, forSale = true }: StockMove & { forSale?: boolean }): void {
    const article = this.warehouse.articles.named(number);
    this.spread(article, above0(quantity), location, (item, left) => {
      const free = Math.min(left, item.quantity - item.locked - item.lockedForSale);
      if (forSale) item.lockedForSale += free;
      else item.locked += free;
      return free;
    });
  }

  unlock({ article: number, quantity, location }: StockMove): void {
    const article = this.warehouse.articles.named(number);
    this.spread(article, above0(quantity), location, (item, left) => {
      const forSale = Math.min(left, item.lockedForSale);
      const other = Math.min(left - forSale, item.locked);
      item.lockedForSale -= forSale;
      item.locked -= other;
      return forSale + other;
    });
  }

  /** All or nothing over the shelves of the article. */
  private spread(
    article: Article,
    quantity: number,
    location: string | undefined,
    step: (item: ArticleItem, left: number) => number,
  ): void {
    const before = article.items.map((item) => ({ ...item }));
    let left = quantity;
    for (const item of article.items) {
      if (location === undefined || item.location === location) left -= step(item, left);
    }
    if (left > 0) {
      article.items = before;
      throw new Refusal(
        400,
        `Only ${(quantity - left) / 1000} pieces of ${article.number} are there for that.`,
      );
    }
    const { articles } = this.warehouse;
    articles.touched(article);
    articles.happenings.tell({ kind: 'item-status-changed', article, quantity });
  }
}

function above0(quantity: number): number {
  const milli = toMilli(quantity);
  if (!(milli > 0)) throw new Refusal(400, 'The quantity must be above 0.');
  return milli;
}

const shelf = (article: Article, location: string) =>
  article.items.find((item) => item.location === location);
const fullest = (article: Article) => article.items.toSorted((a, b) => b.quantity - a.quantity)[0];
