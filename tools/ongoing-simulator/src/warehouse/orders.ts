import type { Articles } from './articles.ts';
import { ChangeIndex } from './change-index.ts';
import { demandOf } from './demand.ts';
import type { Ground } from './ground.ts';
import { Happenings } from './happenings.ts';
import { Lines, type LineWrite } from './lines.ts';
import type { Fields, Order, OrderEvent } from './model.ts';
import { Refusal } from './refusal.ts';

export interface OrderWrite {
  fields: Fields;
  /** Left out, the lines stay as they are. */
  lines?: LineWrite[] | undefined;
}

const PICKED = 400;

/** The orders of the goods owner, found by id, by number, and by when they changed. */
export class Orders {
  readonly byId = new Map<number, Order>();
  readonly statusChanges = new ChangeIndex();
  readonly updates = new ChangeIndex();
  readonly lines: Lines;
  private readonly byKey = new Map<string, Order[]>();
  readonly happenings = new Happenings<OrderEvent>();

  constructor(
    private readonly ground: Ground,
    private readonly articles: Articles,
  ) {
    this.lines = new Lines(ground, articles);
  }

  /** All under this number: changing a number by PATCH is not checked for uniqueness. */
  numbered(number: string): Order[] {
    return this.byKey.get(this.ground.key(number)) ?? [];
  }

  /** The newest under this number. */
  find(number: string): Order | undefined {
    return this.numbered(number).at(-1);
  }

  get(id: number): Order {
    const order = this.byId.get(id);
    if (!order) throw new Refusal(404, `There is no order with id ${id}.`);
    return order;
  }

  /** By number, or by id where it is a number: for the floor and for control. */
  named(numberOrId: string | number): Order {
    const order = typeof numberOrId === 'number' ? this.byId.get(numberOrId) : this.find(numberOrId);
    if (!order) throw new Refusal(404, `There is no order ${numberOrId}.`);
    return order;
  }

  /** Creates or updates by number, as the API does. */
  put(number: string, write: OrderWrite): { order: Order; created: boolean } {
    const before = this.find(number);
    const cancelled = before?.status === this.ground.knobs.steps.cancelled;
    if (!before || (cancelled && this.ground.knobs.putAfterCancel === 'new')) {
      return { order: this.create(number, write, 'api', this.ground.knobs.initialStatus), created: true };
    }
    this.update(before, write);
    return { order: before, created: false };
  }

  create(number: string, write: OrderWrite, origin: Order['origin'], status: number): Order {
    const lines = this.lines.replaced([], write.lines ?? []);
    const now = this.ground.clock.now();
    const order: Order = {
      id: this.ground.ids.next('order'),
      number,
      fields: write.fields,
      origin,
      status,
      lines,
      parcels: [],
      tracking: [],
      returnTracking: [],
      waybill: null,
      returnWaybill: null,
      carrier: null,
      shipmentId: null,
      backOrderFor: null,
      createdAt: now,
      updatedAt: now,
      statusChangedAt: now,
      shippedAt: null,
      lastPickedAt: null,
      lastReturnedAt: null,
      toldPicked: false,
    };
    this.byId.set(order.id, order);
    this.file(order);
    this.articles.rebook(new Map(), demandOf(order));
    this.noteChange(order, this.ground.knobs.statusFeedHasNew);
    this.happenings.tell({ kind: 'created', order });
    return order;
  }

  update(order: Order, write: OrderWrite): void {
    const { knobs } = this.ground;
    const revive = order.status === knobs.steps.cancelled && knobs.putAfterCancel === 'revive';
    if (!revive) this.refuseLocked(order, 'changed');
    const lines = write.lines && this.lines.replaced(order.lines, write.lines);
    this.change(order, () => {
      Object.assign(order.fields, write.fields);
      if (lines) order.lines = lines;
      if (revive) order.status = knobs.initialStatus;
    });
  }

  cancel(order: Order): void {
    this.refuseLocked(order, 'cancelled');
    this.change(order, () => {
      order.status = this.ground.knobs.steps.cancelled;
      for (const line of order.lines) for (const stock of line.stock) stock.allocated = stock.picked;
    });
  }

  /** Whether the warehouse works on the order already, by the tenant's rule. */
  isLocked(order: Order): boolean {
    const { lockFromStatus, lockOnWork } = this.ground.knobs;
    const worked = order.lines.some((line) =>
      line.stock.some((stock) => stock.allocated > 0 || stock.picked > 0),
    );
    return order.status >= lockFromStatus || (lockOnWork && worked);
  }

  /** The only way to change an order: keeps sums, indexes and events in step with it. */
  change(order: Order, work: () => void): void {
    const before = demandOf(order);
    const status = order.status;
    try {
      work();
    } finally {
      // Also after a fault within the work, so that the sums never leave the orders.
      this.articles.rebook(before, demandOf(order));
    }
    this.noteChange(order, order.status !== status);
    if (order.status !== status) this.happenings.tell({ kind: 'status-changed', order });
    const picked = order.lines.some((line) => line.stock.some((stock) => stock.picked > 0));
    if (
      !order.toldPicked &&
      picked &&
      order.status >= PICKED &&
      order.status !== this.ground.knobs.steps.cancelled
    ) {
      order.toldPicked = true;
      this.happenings.tell({ kind: 'picked', order });
    }
  }

  renumber(order: Order, number: string): void {
    const left = this.numbered(order.number).filter((other) => other !== order);
    this.byKey.set(this.ground.key(order.number), left);
    this.change(order, () => {
      order.number = number;
      this.file(order);
    });
  }

  load(orders: Order[]): void {
    this.byId.clear();
    this.byKey.clear();
    this.statusChanges.clear();
    this.updates.clear();
    for (const order of orders.toSorted((a, b) => a.id - b.id)) {
      this.byId.set(order.id, order);
      this.file(order);
    }
    for (const order of orders.toSorted((a, b) => a.statusChangedAt - b.statusChangedAt)) {
      this.statusChanges.note(order.id, order.statusChangedAt);
    }
    for (const order of orders.toSorted((a, b) => a.updatedAt - b.updatedAt)) {
      this.updates.note(order.id, order.updatedAt);
    }
  }

  private file(order: Order): void {
    const key = this.ground.key(order.number);
    this.byKey.set(
      key,
      [...(this.byKey.get(key) ?? []), order].toSorted((a, b) => a.id - b.id),
    );
  }

  private refuseLocked(order: Order, what: string): void {
    if (order.status === this.ground.knobs.steps.cancelled) {
      throw new Refusal(400, `Order ${order.number} cannot be ${what}: it is cancelled already.`);
    }
    if (this.isLocked(order)) {
      throw new Refusal(
        400,
        `Order ${order.number} cannot be ${what}: the warehouse has started to work on it.`,
      );
    }
  }

  private noteChange(order: Order, statusChanged: boolean): void {
    const now = this.ground.clock.now();
    order.updatedAt = now;
    this.updates.note(order.id, now);
    if (statusChanged) {
      order.statusChangedAt = now;
      this.statusChanges.note(order.id, now);
    }
    this.ground.changed();
  }
}
