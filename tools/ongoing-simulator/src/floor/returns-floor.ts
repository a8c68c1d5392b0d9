import { toMilli, type Milli } from '../warehouse/milli.ts';
import type { LineStock, Order, OrderLine, PickedItem } from '../warehouse/model.ts';
import { Refusal } from '../warehouse/refusal.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

export interface ReturnedRow {
  /** Of the order, or of the return order where there is one. */
  row: string;
  quantity: number;
  /** Code of the cause. One whose pieces are scrapped never restocks. */
  cause?: string | undefined;
}

export interface ReturnInput {
  order: string | number;
  lines: ReturnedRow[];
  /** Returned pieces that are fit to be sold go back on a shelf. */
  restock?: boolean | undefined;
  location?: string | undefined;
}

export interface ReturnOrderInput {
  returnOrder: string | number;
  /** Left out, all that is still missing. */
  lines?: ReturnedRow[] | undefined;
  location?: string | undefined;
}

interface Back {
  line: OrderLine;
  quantity: Milli;
  cause: string | undefined;
  restock: boolean;
}

/** What comes back, announced or not. */
export class ReturnsFloor {
  constructor(private readonly warehouse: Warehouse) {}

  /** Pieces come back, without a return order. */
  takeBack({ order: named, lines, restock = true, location = 'RETURNS' }: ReturnInput): void {
    const order = this.warehouse.orders.named(named);
    const back = lines.map(({ row, quantity, cause }) => ({
      line: lineOf(order, ({ row: own }) => own === row, row),
      quantity: toMilli(quantity),
      cause,
      restock: restock && !this.isScrapped(cause),
    }));
    this.carryOut(order, back, location);
  }

  /** Pieces of an announced return come back: in parts, or all that is missing. */
  receive({ returnOrder: named, lines, location = 'RETURNS' }: ReturnOrderInput): void {
    const { returnOrders, orders, ground } = this.warehouse;
    const { arrived, returned, cancelled } = ground.knobs.returnSteps;
    const found = returnOrders.named(named);
    if (found.status === cancelled) throw new Refusal(400, `${found.number} is cancelled.`);
    const order = orders.get(found.orderId);
    const rows =
      lines ??
      found.lines
        .filter((line) => line.toBeReturned > line.returned)
        .map((line) => ({
          row: line.row,
          quantity: (line.toBeReturned - line.returned) / 1000,
          cause: undefined,
        }));
    const back = rows.map(({ row, quantity, cause }) => {
      const own = found.lines.find((line) => line.row === row);
      if (!own) throw new Refusal(400, `${found.number} has no row ${row}.`);
      const code = cause ?? (own.fields.returnCause as { code?: string } | null | undefined)?.code;
      const line = lineOf(order, ({ id }) => id === own.orderLineId, row);
      return { own, line, quantity: toMilli(quantity), cause: code, restock: !this.isScrapped(code) };
    });
    this.carryOut(order, back, location);
    for (const { own, quantity, restock, cause } of back) {
      own.returned += quantity;
      if (!restock) own.removed += quantity;
      if (cause !== undefined) own.fields.returnCause = { code: cause };
    }
    found.arrivedAt ??= ground.clock.now();
    found.lastReturnedAt = ground.clock.now();
    found.status = found.lines.every((line) => line.returned >= line.toBeReturned) ? returned : arrived;
    ground.changed();
  }

  /** Pieces of an announced return, on a shelf by now, turn out to be unfit. */
  scrap({
    returnOrder: named,
    lines,
    location = 'RETURNS',
  }: Required<Pick<ReturnOrderInput, 'lines'>> & ReturnOrderInput): void {
    const { returnOrders, orders, articles, ground } = this.warehouse;
    const found = returnOrders.named(named);
    const order = orders.get(found.orderId);
    const planned = lines.map(({ row, quantity }) => {
      const own = found.lines.find((line) => line.row === row);
      const pieces = toMilli(quantity);
      if (!own || own.returned - own.removed < pieces)
        throw new Refusal(
          400,
          `${found.number} has not that many pieces of row ${row} that are not scrapped.`,
        );
      const article = articles.get(lineOf(order, ({ id }) => id === own.orderLineId, row).articleId);
      const item = article.items.find((one) => one.location === location && one.quantity >= pieces);
      if (!item) throw new Refusal(400, `There are not that many pieces of row ${row} at ${location}.`);
      return { own, pieces, article, item };
    });
    for (const { own, pieces, article, item } of planned) {
      own.removed += pieces;
      articles.take(article, item, pieces);
    }
    found.lastReturnedAt = ground.clock.now();
    orders.change(order, () => {
      order.lastReturnedAt = ground.clock.now();
    });
  }

  private isScrapped(cause: string | undefined): boolean {
    return cause !== undefined && (this.warehouse.returnOrders.causes.get(cause)?.isRemoveCause ?? false);
  }

  private carryOut(order: Order, back: Back[], location: string): void {
    const { orders, ground } = this.warehouse;
    const { sent, cancelled, returned } = ground.knobs.steps;
    if (order.status < sent || order.status === cancelled)
      throw new Refusal(400, `${order.number} is not sent.`);
    const planned = back.flatMap(({ line, quantity, ...how }) =>
      line.stock.map((stock) => {
        const pieces = Math.round((quantity * stock.perPiece) / 1000);
        if (stock.picked - stock.returned < pieces)
          throw new Refusal(400, `Row ${line.row} was not sent that often.`);
        return { stock, pieces, ...how };
      }),
    );
    orders.change(order, () => {
      for (const one of planned) this.putBack(order, one, location);
      order.lastReturnedAt = ground.clock.now();
      order.status = returned;
    });
  }

  private putBack(
    order: Order,
    {
      stock,
      pieces,
      restock,
      cause,
    }: { stock: LineStock; pieces: Milli; restock: boolean; cause: string | undefined },
    location: string,
  ): void {
    const { articles, ground, adjustments } = this.warehouse;
    stock.returned += pieces;
    const article = articles.get(stock.articleId);
    if (restock) articles.receive(article, pieces, location);
    else if (ground.knobs.scrapIsAdjustment) {
      // In and out again: an integration that books corrections as well counts these pieces twice.
      const item = articles.receive(article, pieces, location);
      articles.take(article, item, pieces);
      adjustments.push({
        id: ground.ids.next('adjustment'),
        articleId: article.id,
        quantity: -pieces,
        at: ground.clock.now(),
        location,
        comment: 'Scrapped on return',
        reported: false,
        returnOf: order.id,
        cause,
      });
    }
    this.markItems(stock.pickedItems, pieces, cause);
    articles.happenings.tell({ kind: 'pieces-returned', article, quantity: pieces, location, order });
  }

  private markItems(items: PickedItem[], pieces: Milli, returnCause: string | undefined): void {
    const { ids, clock } = this.warehouse.ground;
    let left = pieces;
    for (const item of items) {
      if (item.returnedAt !== null || left <= 0) continue;
      if (item.quantity > left) {
        // The rest of these pieces is still with the buyer.
        items.push({ ...item, id: ids.next('pickedItem'), quantity: item.quantity - left });
        item.quantity = left;
      }
      Object.assign(item, { returnedAt: clock.now(), returnCause });
      left -= item.quantity;
    }
  }
}

function lineOf(order: Order, isIt: (line: OrderLine) => boolean, row: string): OrderLine {
  const line = order.lines.find(isIt);
  if (!line) throw new Refusal(400, `There is no row ${row}.`);
  return line;
}
