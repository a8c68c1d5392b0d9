import type { Ground } from './ground.ts';
import type { Milli } from './milli.ts';
import type { Fields, Order, ReturnCause, ReturnLine, ReturnOrder } from './model.ts';
import type { Orders } from './orders.ts';
import { Refusal } from './refusal.ts';

export interface ReturnLineWrite {
  row: string;
  orderLineId: number;
  toBeReturned: Milli;
  fields: Fields;
}

/** Returns that were announced, each of one order. */
export class ReturnOrders {
  readonly byId = new Map<number, ReturnOrder>();
  readonly causes = new Map<string, ReturnCause>();

  constructor(
    private readonly ground: Ground,
    private readonly orders: Orders,
  ) {}

  find(number: string): ReturnOrder | undefined {
    const key = this.ground.key(number);
    return [...this.byId.values()].findLast((one) => this.ground.key(one.number) === key);
  }

  get(id: number): ReturnOrder {
    const found = this.byId.get(id);
    if (!found) throw new Refusal(404, `There is no return order with id ${id}.`);
    return found;
  }

  named(numberOrId: string | number): ReturnOrder {
    const found = typeof numberOrId === 'number' ? this.byId.get(numberOrId) : this.find(numberOrId);
    if (!found) throw new Refusal(404, `There is no return order ${numberOrId}.`);
    return found;
  }

  /** Creates or updates by number; refused once something has come, and for lines that the order does not have. */
  put(number: string, orderId: number, writes: ReturnLineWrite[], fields: Fields): ReturnOrder {
    const order = this.orders.byId.get(orderId);
    if (!order) throw new Refusal(400, `There is no order with id ${orderId} to return from.`);
    const before = this.find(number);
    if (before) this.refuseLocked(before, 'changed');
    const lines = writes.map((write) => this.lineOf(order, write));
    if (new Set(lines.map((line) => line.row)).size < lines.length)
      throw new Refusal(400, 'A returnOrderRowNumber stands on several lines.');
    for (const { fields: own } of lines) this.learn(own.returnCause);
    const now = this.ground.clock.now();
    const made: ReturnOrder = before ?? {
      id: this.ground.ids.next('returnOrder'),
      number,
      orderId,
      fields: {},
      status: this.ground.knobs.returnSteps.notified,
      lines,
      createdAt: now,
      arrivedAt: null,
      lastReturnedAt: null,
    };
    Object.assign(made, { orderId, lines });
    Object.assign(made.fields, fields);
    this.byId.set(made.id, made);
    this.ground.changed();
    return made;
  }

  cancel(found: ReturnOrder): void {
    this.refuseLocked(found, 'cancelled');
    found.status = this.ground.knobs.returnSteps.cancelled;
    this.ground.changed();
  }

  /** A cause that is named and not known is created, and restocks. */
  learn(value: unknown): ReturnCause | undefined {
    const { code, name } = (value ?? {}) as { code?: unknown; name?: unknown };
    if (typeof code !== 'string' || code === '') return undefined;
    return this.causes.get(code) ?? this.putCause(code, typeof name === 'string' ? name : code, false);
  }

  putCause(code: string, name: string, isRemoveCause: boolean): ReturnCause {
    const id = this.causes.get(code)?.id ?? this.ground.ids.next('returnCause');
    const cause = { id, code, name, isRemoveCause };
    this.causes.set(code, cause);
    return cause;
  }

  load(state: { orders: ReturnOrder[]; causes: ReturnCause[] } | undefined): void {
    this.byId.clear();
    this.causes.clear();
    for (const one of state?.orders ?? []) this.byId.set(one.id, one);
    for (const one of state?.causes ?? []) this.causes.set(one.code, one);
  }

  private lineOf(order: Order, { row, orderLineId, toBeReturned, fields }: ReturnLineWrite): ReturnLine {
    if (!order.lines.some(({ id }) => id === orderLineId))
      throw new Refusal(400, `Order ${order.number} has no line with id ${orderLineId}.`);
    const id = this.ground.ids.next('returnLine');
    return { id, row, orderLineId, toBeReturned, returned: 0, removed: 0, fields };
  }

  private refuseLocked({ number, status, lines }: ReturnOrder, what: string): void {
    if (status === this.ground.knobs.returnSteps.cancelled)
      throw new Refusal(400, `Return order ${number} cannot be ${what}: it is cancelled already.`);
    if (lines.some((line) => line.returned > 0))
      throw new Refusal(400, `Return order ${number} cannot be ${what}: goods have come back on it.`);
  }
}
