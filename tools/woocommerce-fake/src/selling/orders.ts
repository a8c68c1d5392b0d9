import {
  type LineItem,
  type Meta,
  type Note,
  type Order,
  type OrderStatus,
  type Refund,
  type Tracking,
} from './order.ts';
import type { Product, Products } from './products.ts';

const TAKES = new Set<OrderStatus>(['processing', 'on-hold', 'completed']);
const GIVES_BACK = new Set<OrderStatus>(['cancelled', 'pending']);
const VERSIONS_KEPT = 20;

export interface OrdersOptions {
  readonly nextId: () => number;
  readonly products: Products;
  readonly onSaved: (order: Order, event: 'created' | 'updated' | 'deleted') => void;
  readonly render: (order: Order) => object;
  /** How late a list may show a change, decided anew for each. */
  readonly listDelayMs: () => number;
}

/** What happens to orders after their checkout, by staff, by payments and by integrations. */
export class Orders {
  private readonly all = new Map<number, Order>();

  constructor(private readonly options: OrdersOptions) {}

  find(id: number): Order | undefined {
    return this.all.get(id);
  }

  list(): Order[] {
    return [...this.all.values()];
  }

  /** Takes an order that a checkout or a person has made. */
  insert(order: Order): void {
    this.all.set(order.id, order);
    this.save(order, 'created');
  }

  /** Pieces of a product that unpaid checkouts hold. */
  held(productId: number, butOf = 0): number {
    const now = Date.now();
    return this.list()
      .filter(({ id, status, heldUntil }) => {
        return id !== butOf && heldUntil > now && (status === 'pending' || status === 'checkout-draft');
      })
      .flatMap(({ lines }) => lines)
      .filter((line) => stockedBy(line) === productId)
      .reduce((sum, line) => sum + line.quantity, 0);
  }

  /** The status and what it does to the stock; saving what it is already is a save, and no more. */
  setStatus(order: Order, status: OrderStatus): void {
    order.status = status;
    if (TAKES.has(status) && !order.stockReduced) this.reduce(order);
    if (GIVES_BACK.has(status) && order.stockReduced) this.restore(order);
    if (TAKES.has(status) || status === 'cancelled') order.heldUntil = 0;
    if (TAKES.has(status) && status !== 'on-hold') order.paid ??= Date.now();
    if (status === 'completed') order.completed ??= Date.now();
    this.save(order);
  }

  trash(order: Order): void {
    // The pieces stay off the stock.
    order.status = 'trash';
    this.save(order, 'deleted');
  }

  /** Deletes it for good, which leaves nothing in any list. */
  remove(order: Order): void {
    this.all.delete(order.id);
  }

  /** Staff saves a line with another quantity on the order's page: its stock follows. */
  setQuantity(order: Order, lineId: number, quantity: number): void {
    const line = lineOf(order, lineId);
    const product = this.productOf(line);
    if (order.stockReduced && product) {
      const moved = this.options.products.addStock(product, line.reduced - quantity);
      if (moved) line.reduced = quantity;
      this.note(order, `Adjusted stock: ${product.name} (${moved?.from}→${moved?.to})`);
    }
    line.quantity = quantity;
    this.save(order);
  }

  refund(
    order: Order,
    what: { lines: { lineId: number; quantity: number }[]; restock: boolean; reason?: string },
  ): Refund {
    const lines = what.lines.map(({ lineId, quantity }) => {
      const of = lineOf(order, lineId);
      return { id: this.options.nextId(), of, quantity };
    });
    const refund: Refund = {
      id: this.options.nextId(),
      at: Date.now(),
      reason: what.reason ?? '',
      amount: lines.reduce((sum, { of, quantity }) => sum + Number(of.price) * quantity, 0),
      lines,
    };
    order.refunds.push(refund);
    for (const { of, quantity } of what.restock ? lines : []) {
      const product = this.productOf(of);
      const back = Math.min(quantity, of.reduced);
      if (product && back > 0 && this.options.products.addStock(product, back)) of.reduced -= back;
    }
    const left = order.lines.some((line) => line.quantity > refundedOf(order, line.id));
    if (left) this.save(order);
    else this.setStatus(order, 'refunded');
    return refund;
  }

  /** Notes are comments: they do not change when the order was modified. */
  note(order: Order, text: string, by: { toCustomer?: boolean; author?: string } = {}): Note {
    const note: Note = {
      id: this.options.nextId(),
      at: Date.now(),
      text,
      toCustomer: by.toCustomer ?? false,
      author: by.author ?? 'WooCommerce',
    };
    order.notes.push(note);
    return note;
  }

  setMeta(order: Order, key: string, value: unknown): Meta {
    const known = order.meta.find((meta) => meta.key === key);
    if (known) {
      known.value = value;
      return known;
    }
    const meta = { id: this.options.nextId(), key, value };
    order.meta.push(meta);
    return meta;
  }

  track(order: Order, tracking: Omit<Tracking, 'tracking_id'>): Tracking {
    const made = { tracking_id: `t${this.options.nextId()}`, ...tracking };
    order.trackings.push(made);
    this.save(order);
    return made;
  }

  save(order: Order, event: 'created' | 'updated' | 'deleted' = 'updated'): void {
    if (event !== 'created') order.modified = Date.now();
    order.versions.push({
      visibleAt: Date.now() + this.options.listDelayMs(),
      modified: order.modified,
      status: order.status,
      json: this.options.render(order),
    });
    if (order.versions.length > VERSIONS_KEPT) order.versions.shift();
    this.options.onSaved(order, event);
  }

  productOf(line: LineItem): Product | undefined {
    return this.options.products.find(stockedBy(line));
  }

  private reduce(order: Order): void {
    for (const line of order.lines) {
      const product = this.productOf(line);
      if (line.reduced > 0 || !product) continue;
      const moved = this.options.products.addStock(product, -line.quantity);
      if (!moved) continue;
      line.reduced = line.quantity;
      this.note(order, `Stock levels reduced: ${product.name} ${moved.from}→${moved.to}`);
    }
    order.stockReduced = true;
  }

  private restore(order: Order): void {
    for (const line of order.lines) {
      const product = this.productOf(line);
      if (line.reduced === 0 || !product) continue;
      const moved = this.options.products.addStock(product, line.reduced);
      line.reduced = 0;
      if (moved) this.note(order, `Stock levels increased: ${product.name} ${moved.from}→${moved.to}`);
    }
    order.stockReduced = false;
  }
}

const stockedBy = (line: LineItem) => line.variationId || line.productId;

export function refundedOf(order: Order, lineId: number): number {
  return order.refunds
    .flatMap(({ lines }) => lines)
    .filter(({ of }) => of.id === lineId)
    .reduce((sum, { quantity }) => sum + quantity, 0);
}

function lineOf(order: Order, lineId: number): LineItem {
  const line = order.lines.find(({ id }) => id === lineId);
  if (!line) throw new Error(`Order ${order.id} has no line ${lineId}.`);
  return line;
}
