import type { Order } from '../warehouse/model.ts';
import { toMilli } from '../warehouse/milli.ts';
import { Refusal } from '../warehouse/refusal.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { Picking, type RowQuantity } from './picking.ts';
import { Splitting } from './splitting.ts';

export interface LineByHand {
  row?: string | undefined;
  article: string;
  quantity: number;
}

export interface EditByHand {
  order: string | number;
  /** New quantities of rows. */
  lines?: RowQuantity[] | undefined;
  remove?: string[] | undefined;
  add?: LineByHand[] | undefined;
}

export interface PickInput {
  order: string | number;
  /** Only so much of these rows; left out, all that is left. */
  lines?: RowQuantity[] | undefined;
  /** Pick what is there where it is not enough. */
  short?: boolean | undefined;
  /** The order is picked now, whatever is missing. Default: when nothing is missing, or with `short`. */
  finish?: boolean | undefined;
  /** What is missing moves to a new order. */
  backOrder?: boolean | undefined;
}

/** What the people of the warehouse do with orders, up to the packed parcel. */
export class OrderFloor {
  private readonly picking: Picking;

  constructor(private readonly warehouse: Warehouse) {
    this.picking = new Picking(warehouse);
  }

  release(numberOrId: string | number): void {
    const { orders, ground } = this.warehouse;
    const order = orders.named(numberOrId);
    if (order.status >= ground.knobs.steps.released)
      throw new Refusal(400, `${order.number} is released already.`);
    orders.change(order, () => {
      order.status = ground.knobs.steps.released;
    });
  }

  /** Reserves pieces on the shelves for the order, as many as there are. */
  allocate({ order: named, lines }: Pick<PickInput, 'order' | 'lines'>): void {
    const { orders, ground } = this.warehouse;
    const order = this.open(named);
    const allocated = this.picking.allocation(order, lines);
    if (allocated.length === 0) throw new Refusal(400, `Nothing can be allocated to ${order.number}.`);
    orders.change(order, () => {
      for (const { article, stock, quantity } of allocated) {
        stock.allocated += quantity;
        this.warehouse.articles.happenings.tell({ kind: 'pieces-allocated', article, quantity, order });
      }
      order.status = Math.max(order.status, ground.knobs.steps.allocated);
    });
  }

  /**
   * Takes pieces from the shelves, with or without an allocation before. Refused as a whole where pieces are
   * missing and `short` is not said.
   */
  pick({ order: named, lines, short = false, finish, backOrder = false }: PickInput): { backOrder?: string } {
    const { orders, ground } = this.warehouse;
    const order = this.open(named);
    const picks = this.picking.plan(order, lines, short);
    orders.change(order, () => {
      this.picking.carryOut(order, picks);
      order.lastPickedAt = ground.clock.now();
      const complete = order.lines.every((line) =>
        line.stock.every((stock) => stock.picked >= stock.ordered),
      );
      if (complete || (finish ?? (short || backOrder))) {
        for (const line of order.lines) for (const stock of line.stock) stock.allocated = stock.picked;
        order.status = ground.knobs.steps.picked;
      } else order.status = Math.max(order.status, ground.knobs.steps.allocated);
    });
    const rest = backOrder ? new Splitting(this.warehouse).backOrder(order) : undefined;
    return rest ? { backOrder: rest.number } : {};
  }

  /** Lays what is picked into parcels that have no label yet; Ongoing has no status of its own for it. */
  pack(numberOrId: string | number): void {
    const { orders, ground } = this.warehouse;
    const order = orders.named(numberOrId);
    if (order.status < ground.knobs.steps.picked)
      throw new Refusal(400, `${order.number} is not picked yet.`);
    orders.change(order, () => {
      for (const line of order.lines)
        for (const stock of line.stock)
          for (const item of stock.pickedItems) item.packedAt ??= ground.clock.now();
    });
  }

  /** Sets a status by hand, with the one rule that Ongoing has for it. */
  setStatus(numberOrId: string | number, status: number): void {
    const { orders, ground } = this.warehouse;
    const order = orders.named(numberOrId);
    const allocated = order.lines.some((line) => line.stock.some((stock) => stock.allocated > stock.picked));
    if (status >= ground.knobs.steps.picked && allocated) {
      throw new Refusal(
        400,
        `Order ${order.number} has allocated goods that are not picked; its status stays.`,
      );
    }
    if (!ground.knobs.statusSet.some(({ number }) => number === status)) {
      throw new Refusal(400, `There is no order status ${status}.`);
    }
    orders.change(order, () => {
      order.status = status;
    });
  }

  /**
   * At the warehouse an order can be cancelled as long as it has not left; what was picked goes back to its
   * shelf.
   */
  cancel(numberOrId: string | number): void {
    const { orders, ground, articles } = this.warehouse;
    const order = orders.named(numberOrId);
    if (order.status >= ground.knobs.steps.sent)
      throw new Refusal(400, `${order.number} has left, or is cancelled.`);
    orders.change(order, () => {
      order.status = ground.knobs.steps.cancelled;
      for (const line of order.lines) {
        for (const stock of line.stock) {
          for (const item of stock.pickedItems) {
            articles.receive(articles.get(stock.articleId), item.quantity, item.location);
          }
          Object.assign(stock, { allocated: 0, picked: 0, pickedItems: [] });
        }
      }
    });
  }

  /** An order that no system sent: no prefix, no order type. */
  typeIn(input: {
    number: string;
    lines: LineByHand[];
    status?: number | undefined;
    name?: string | undefined;
  }): Order {
    const { orders, ground } = this.warehouse;
    if (orders.find(input.number)) throw new Refusal(400, `There is an order ${input.number} already.`);
    const fields = {
      deliveryDate: new Date(ground.clock.now()).toISOString().slice(0, 10),
      consignee: { name: input.name ?? 'Counter sale' },
    };
    const lines = input.lines.map((line, index) => lineWrite(line, String(index + 1)));
    return orders.create(input.number, { fields, lines }, 'hand', input.status ?? ground.knobs.steps.open);
  }

  /** Staff may change an order whatever its status, but not below what is picked. */
  edit({ order: named, lines = [], remove = [], add = [] }: EditByHand): void {
    const { orders } = this.warehouse;
    const order = orders.named(named);
    const gone = new Set(remove);
    const quantities = new Map(lines.map(({ row, quantity }) => [row, toMilli(quantity)]));
    const kept = order.lines
      .filter(({ row }) => !gone.has(row))
      .map((line) => ({
        row: line.row,
        articleNumber: this.warehouse.articles.get(line.articleId).number,
        ordered: quantities.get(line.row) ?? line.ordered,
        fields: {},
      }));
    const added = add.map((line, index) => lineWrite(line, `H${index + 1}`));
    const next = orders.lines.replaced(order.lines, [...kept, ...added]);
    orders.change(order, () => {
      order.lines = next;
    });
  }

  private open(numberOrId: string | number): Order {
    const { orders, ground } = this.warehouse;
    const order = orders.named(numberOrId);
    const { released, picked } = ground.knobs.steps;
    if (order.status < released) throw new Refusal(400, `${order.number} is not released yet.`);
    if (order.status >= picked) throw new Refusal(400, `${order.number} is picked already, or cancelled.`);
    return order;
  }
}

function lineWrite({ row, article, quantity }: LineByHand, rowIfNone: string) {
  return { row: row ?? rowIfNone, articleNumber: article, ordered: toMilli(quantity), fields: {} };
}
