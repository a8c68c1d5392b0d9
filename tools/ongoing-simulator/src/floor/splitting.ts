import type { Knobs } from '../knobs.ts';
import { toMilli, type Milli } from '../warehouse/milli.ts';
import { lineShare, type Order, type OrderLine } from '../warehouse/model.ts';
import { Refusal } from '../warehouse/refusal.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { RowQuantity } from './picking.ts';

export interface SplitInput {
  order: string | number;
  /** So much of these rows moves to the new order. */
  lines: RowQuantity[];
  /** Left out, the warehouse makes one, as the knob says. */
  number?: string | undefined;
}

interface Moving {
  line: OrderLine;
  quantity: Milli;
}

/**
 * One order becomes two: the first keeps its number with fewer pieces, the other has a number that the warehouse
 * makes. The pieces stay ordered all the time, so nothing becomes sellable by it.
 */
export class Splitting {
  constructor(private readonly warehouse: Warehouse) {}

  split({ order: named, lines, number }: SplitInput): Order {
    const { orders, ground } = this.warehouse;
    const order = orders.named(named);
    if (order.status >= ground.knobs.steps.sent)
      throw new Refusal(400, `${order.number} has left, or is cancelled: it cannot be split.`);
    const moving = this.movingOf(order, lines);
    const stays = order.lines.some((line) => line.ordered > (quantityIn(moving, line) ?? 0));
    if (!stays) throw new Refusal(400, `Something must stay in ${order.number}: this would move all of it.`);
    const next = number ?? this.freeNumber(order);
    if (orders.find(next)) throw new Refusal(400, `There is an order ${next} already.`);
    return this.move(order, moving, { ...ground.knobs.split, number: next });
  }

  /** What is not picked moves into an order of its own, which names the first as its origin. */
  backOrder(order: Order): Order | undefined {
    const rest = order.lines
      .filter((line) => line.stock.length > 0 && unpicked(line) > 0)
      .map((line) => ({ line, quantity: unpicked(line) }));
    if (rest.length === 0) return undefined;
    const number = `${order.number}/B`;
    return this.move(order, rest, { number, copiesFields: true, namesFirst: true, emptyLines: 'zero' });
  }

  private movingOf(order: Order, lines: RowQuantity[]): Moving[] {
    const moving = lines
      .filter(({ quantity }) => quantity > 0)
      .map(({ row, quantity }) => {
        const line = order.lines.find((other) => other.row === row);
        if (!line) throw new Refusal(400, `There is no row ${row}.`);
        const milli = toMilli(quantity);
        if (milli > unpicked(line)) {
          throw new Refusal(
            400,
            `Row ${row} has only ${unpicked(line) / 1000} that are not picked: no more can be moved.`,
          );
        }
        return { line, quantity: milli };
      });
    if (moving.length === 0) throw new Refusal(400, 'Say which rows move, and how many pieces of each.');
    return moving;
  }

  private move(
    order: Order,
    moving: Moving[],
    { number, copiesFields, namesFirst, emptyLines }: Omit<Knobs['split'], 'number'> & { number: string },
  ): Order {
    const { orders, articles, ground } = this.warehouse;
    const { open, released } = ground.knobs.steps;
    const lines = moving.map(({ line, quantity }) => ({
      row: line.row,
      articleNumber: articles.get(line.articleId).number,
      ordered: quantity,
      fields: structuredClone(line.fields),
    }));
    orders.change(order, () => {
      for (const { line, quantity } of moving) orders.lines.setOrdered(line, line.ordered - quantity);
      if (emptyLines === 'zero') return;
      order.lines = order.lines.filter((line) => line.ordered > 0 || quantityIn(moving, line) === undefined);
    });
    const { deliveryDate, consignee } = order.fields;
    const fields = structuredClone(copiesFields ? order.fields : { deliveryDate, consignee });
    const status = order.status < released ? open : released;
    const next = orders.create(number, { fields, lines }, 'hand', status);
    if (namesFirst) next.backOrderFor = order.id;
    return next;
  }

  private freeNumber(order: Order): string {
    const { orders, ground } = this.warehouse;
    if (ground.knobs.split.number === 'running') return `W${ground.ids.next('splitNumber')}`;
    let part = 1;
    while (orders.find(`${order.number}-${part}`)) part++;
    return `${order.number}-${part}`;
  }
}

const unpicked = (line: OrderLine) => line.ordered - lineShare(line, (stock) => stock.picked);

const quantityIn = (moving: Moving[], line: OrderLine) => moving.find((one) => one.line === line)?.quantity;
