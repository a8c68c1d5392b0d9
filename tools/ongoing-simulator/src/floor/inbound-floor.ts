import { toMilli } from '../warehouse/milli.ts';
import { received, type PurchaseLine, type PurchaseOrder } from '../warehouse/model.ts';
import { Refusal } from '../warehouse/refusal.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';

export interface ReceivedRow {
  row: string;
  quantity: number;
  batch?: string | undefined;
  /** One piece each. */
  serials?: string[] | undefined;
  expiryDate?: string | undefined;
}

export interface ReceiptInput {
  purchaseOrder: string | number;
  /** Left out, all that is still missing. */
  lines?: ReceivedRow[] | undefined;
  location?: string | undefined;
}

/** What the people at the gate do with announced deliveries. */
export class InboundFloor {
  constructor(private readonly warehouse: Warehouse) {}

  /** The lorry is there, nobody has counted yet. */
  arrive(named: string | number): void {
    const { purchaseOrders, ground } = this.warehouse;
    const { arrived } = ground.knobs.purchaseSteps;
    const order = purchaseOrders.named(named);
    if (order.status >= arrived)
      throw new Refusal(400, `${order.number} has arrived already, or is cancelled.`);
    purchaseOrders.change(order, () => {
      order.status = arrived;
    });
  }

  /** Goods are counted and put on a shelf, in parts, too few or too many. In full, the order is done. */
  receive({ purchaseOrder: named, lines, location = 'A-1' }: ReceiptInput): void {
    const { purchaseOrders, ground } = this.warehouse;
    const { inbound, received: done } = ground.knobs.purchaseSteps;
    const order = this.open(named);
    const rows = lines ?? missing(order);
    if (rows.length === 0) throw new Refusal(400, `Nothing is missing of ${order.number}: say what came.`);
    const planned = rows.map((row) => ({ ...row, line: lineOf(order, row.row), milli: piecesOf(row) }));
    purchaseOrders.change(order, () => {
      for (const { line, milli, batch, serials, expiryDate } of planned) {
        const traits = { batch, expiryDate };
        for (const serial of serials ?? [])
          purchaseOrders.receive(order, line, 1000, location, { ...traits, serial });
        if (!serials) purchaseOrders.receive(order, line, milli, location, traits);
      }
      const full = order.lines.every((line) => received(line) === line.advised);
      order.status = full ? done : Math.max(order.status, inbound);
    });
  }

  /** Nothing more will be counted: in full, or with a deviation. */
  finish(named: string | number): void {
    const { purchaseOrders, ground } = this.warehouse;
    const { deviation, received: done } = ground.knobs.purchaseSteps;
    const order = this.open(named);
    purchaseOrders.change(order, () => {
      order.status = order.lines.every((line) => received(line) === line.advised) ? done : deviation;
    });
  }

  /** People of the warehouse may cancel it as long as nothing has come. */
  cancel(named: string | number): void {
    this.warehouse.purchaseOrders.cancel(this.warehouse.purchaseOrders.named(named));
  }

  private open(named: string | number): PurchaseOrder {
    const { purchaseOrders, ground } = this.warehouse;
    const order = purchaseOrders.named(named);
    if (order.status >= ground.knobs.purchaseSteps.received)
      throw new Refusal(400, `${order.number} is received already, or cancelled.`);
    return order;
  }
}

const missing = (order: PurchaseOrder): ReceivedRow[] =>
  order.lines
    .filter((line) => line.advised > received(line))
    .map((line) => ({ row: line.row, quantity: (line.advised - received(line)) / 1000 }));

function lineOf(order: PurchaseOrder, row: string): PurchaseLine {
  const line = order.lines.find((other) => other.row === row);
  if (!line) throw new Refusal(400, `There is no row ${row}.`);
  return line;
}

function piecesOf({ row, quantity, serials }: ReceivedRow): number {
  const milli = toMilli(quantity);
  if (!(milli > 0)) throw new Refusal(400, `Row ${row}: the quantity must be above 0.`);
  if (serials && serials.length * 1000 !== milli)
    throw new Refusal(
      400,
      `Row ${row}: ${quantity} pieces need as many serial numbers, not ${serials.length}.`,
    );
  return milli;
}
