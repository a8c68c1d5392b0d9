import { toMilli, type Milli } from '../warehouse/milli.ts';
import type { Article, LineStock, Order } from '../warehouse/model.ts';
import { Refusal } from '../warehouse/refusal.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

export interface RowQuantity {
  row: string;
  quantity: number;
}

interface Planned {
  article: Article;
  stock: LineStock;
  quantity: Milli;
}

/** Which pieces are taken for an order, from which shelves. */
export class Picking {
  constructor(private readonly warehouse: Warehouse) {}

  /** What can be allocated now, at most what is wanted. */
  allocation(order: Order, rows: RowQuantity[] | undefined): Planned[] {
    const left = new Map<Article, Milli>();
    const planned: Planned[] = [];
    for (const { article, stock, wanted } of this.wanted(order, rows, (stock) => stock.allocated)) {
      const there = left.get(article) ?? Math.max(0, this.warehouse.articles.pickable(article));
      const quantity = Math.min(wanted, there);
      left.set(article, there - quantity);
      if (quantity > 0) planned.push({ article, stock, quantity });
    }
    return planned;
  }

  /** Own allocations first, then what is allocated to nobody. */
  plan(order: Order, rows: RowQuantity[] | undefined, short: boolean): Planned[] {
    const left = new Map<Article, Milli>();
    const planned: Planned[] = [];
    for (const { article, stock, wanted } of this.wanted(order, rows, (stock) => stock.picked)) {
      const own = Math.min(wanted, Math.max(0, stock.allocated - stock.picked));
      const there = left.get(article) ?? Math.max(0, this.warehouse.articles.pickable(article));
      const more = Math.min(wanted - own, there);
      left.set(article, there - more);
      const onShelves = article.items.reduce((sum, item) => sum + pickableOf(item), 0);
      const quantity = Math.min(own + more, onShelves);
      if (quantity < wanted && !short) {
        throw new Refusal(
          400,
          `${wanted / 1000} of ${article.number} are to be picked for ${order.number}, and ${quantity / 1000} are there.`,
        );
      }
      if (quantity > 0) planned.push({ article, stock, quantity });
    }
    return planned;
  }

  carryOut(order: Order, picks: Planned[]): void {
    const { ground, articles } = this.warehouse;
    for (const { article, stock, quantity } of picks) {
      let left = quantity;
      for (const item of article.items) {
        const taken = Math.min(left, pickableOf(item));
        if (taken === 0) continue;
        articles.take(article, item, taken);
        left -= taken;
        stock.pickedItems.push({
          id: ground.ids.next('pickedItem'),
          articleItemId: item.id,
          location: item.location,
          quantity: taken,
          pickedAt: ground.clock.now(),
          packedAt: null,
          parcelId: null,
          returnedAt: null,
          batch: item.batch,
          serial: item.serial,
          expiryDate: item.expiryDate,
        });
      }
      stock.picked += quantity - left;
      articles.happenings.tell({ kind: 'pieces-picked', article, quantity: quantity - left, order });
      stock.allocated = Math.max(stock.allocated, stock.picked);
    }
  }

  private *wanted(order: Order, rows: RowQuantity[] | undefined, done: (stock: LineStock) => Milli) {
    const asked = rows && new Map(rows.map(({ row, quantity }) => [row, toMilli(quantity)]));
    for (const row of asked?.keys() ?? []) {
      if (!order.lines.some((line) => line.row === row)) throw new Refusal(400, `There is no row ${row}.`);
    }
    for (const line of order.lines) {
      const limit = asked ? (asked.get(line.row) ?? 0) : line.ordered;
      for (const stock of line.stock) {
        const open = stock.ordered - done(stock);
        const wanted = Math.min(open, Math.round((limit * stock.perPiece) / 1000));
        if (asked && asked.has(line.row) && wanted < Math.round((limit * stock.perPiece) / 1000)) {
          throw new Refusal(400, `Row ${line.row} wants only ${open / 1000} more.`);
        }
        if (wanted > 0) yield { article: this.warehouse.articles.get(stock.articleId), stock, wanted };
      }
    }
  }
}

const pickableOf = (item: { quantity: Milli; locked: Milli; lockedForSale: Milli }): Milli =>
  Math.max(0, item.quantity - item.locked - item.lockedForSale);
