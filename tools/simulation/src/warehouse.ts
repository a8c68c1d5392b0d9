import { apart, fewest, type KitPlan } from './kits.ts';
import { add, type Pieces } from './pieces.ts';

export interface WmsOrder {
  readonly number: string;
  /** Whose it is; undefined for one that was typed in by hand. */
  readonly origin?: string;
  pieces: Pieces;
  state: 'open' | 'started' | 'shipped' | 'cancelled';
  readonly id: number;
  /** As it was written last. */
  lines: readonly WmsLine[];
}

export interface WmsLine {
  readonly row: string;
  readonly article: string;
  readonly quantity: string;
}

export type Request =
  | {
      readonly action: 'put';
      readonly number: string;
      readonly origin: string;
      readonly pieces: Pieces;
      readonly lines: readonly WmsLine[];
    }
  | { readonly action: 'cancel'; readonly id: number };

export type Reply =
  { readonly done: true; readonly id: number } | { readonly done: false; readonly text: string };

/** What the auditor is told of the warehouse. */
export interface WarehouseWitness {
  had(article: string, change: number, kind: 'receipt' | 'loss' | 'foreign'): void;
  cancelledThere(number: string): void;
  putThere(number: string, pieces: Pieces): void;
  changedThere(number: string, pieces: Pieces): void;
}

/** What lies there, and the orders as the WMS has them. Its sellable figure is net of every open order. */
export class Warehouse {
  readonly physical = new Map<string, number>();
  readonly orders = new Map<string, WmsOrder>();
  /** Orders that changed since anybody looked, by number. */
  readonly news = new Set<string>();
  private readonly allocated = new Map<string, number>();
  private ids = 0;

  constructor(
    private readonly kits: KitPlan,
    private readonly witness: WarehouseWitness,
  ) {}

  sellable(article: string): number {
    const parts = this.kits.get(article);
    if (parts) return fewest(parts, (part) => this.sellable(part));
    return (this.physical.get(article) ?? 0) - (this.allocated.get(article) ?? 0);
  }

  receive(article: string, count: number): void {
    add(this.physical, article, count);
    this.witness.had(article, count, 'receipt');
  }

  lose(article: string, count: number): void {
    add(this.physical, article, -count);
    this.witness.had(article, -count, 'loss');
  }

  typeIn(pieces: Pieces): void {
    const id = ++this.ids;
    const order: WmsOrder = { number: `hand-${id}`, pieces, state: 'open', id, lines: [] };
    this.orders.set(order.number, order);
    for (const [article, count] of pieces) {
      add(this.allocated, article, count);
      this.witness.had(article, -count, 'foreign');
    }
  }

  handle(request: Request, refuses: boolean): Reply {
    return request.action === 'put' ? this.put(request, refuses) : this.cancel(request.id);
  }

  private put(request: Request & { action: 'put' }, refuses: boolean): Reply {
    const { number, origin, lines } = request;
    const pieces = apart(this.kits, request.pieces);
    const known = this.orders.get(number);
    if (known) {
      if (known.origin !== origin) return { done: false, text: 'another order has this number' };
      if (known.state === 'cancelled') return { done: false, text: 'the order is cancelled' };
      return this.change(known, pieces, lines);
    }
    if (refuses) return { done: false, text: 'the address is not complete' };
    const order: WmsOrder = { number, origin, pieces, state: 'open', id: ++this.ids, lines };
    this.orders.set(number, order);
    for (const [article, count] of pieces) add(this.allocated, article, count);
    this.witness.putThere(number, pieces);
    return { done: true, id: order.id };
  }

  private change(order: WmsOrder, pieces: Pieces, lines: readonly WmsLine[]): Reply {
    if (JSON.stringify(order.lines) === JSON.stringify(lines)) {
      // A change that takes back one that was never sent: from now on no more than this is delivered.
      this.witness.changedThere(order.number, order.pieces);
      return { done: true, id: order.id };
    }
    if (order.state !== 'open') return { done: false, text: `the order is ${order.state}` };
    for (const [article, count] of order.pieces) add(this.allocated, article, -count);
    for (const [article, count] of pieces) add(this.allocated, article, count);
    Object.assign(order, { pieces, lines });
    this.witness.changedThere(order.number, pieces);
    return { done: true, id: order.id };
  }

  private cancel(id: number): Reply {
    const order = [...this.orders.values()].find((one) => one.id === id);
    if (!order) return { done: false, text: 'there is no such order' };
    if (order.state !== 'open') return { done: false, text: `the order is ${order.state}` };
    this.drop(order);
    return { done: true, id };
  }

  /** An order is cancelled there, by us or by the warehouse itself. */
  drop(order: WmsOrder): void {
    order.state = 'cancelled';
    this.news.add(order.number);
    for (const [article, count] of order.pieces) add(this.allocated, article, -count);
    if (order.origin !== undefined) this.witness.cancelledThere(order.number);
    else for (const [article, count] of order.pieces) this.witness.had(article, count, 'foreign');
  }

  start(order: WmsOrder): void {
    order.state = 'started';
    this.news.add(order.number);
  }

  ship(order: WmsOrder): void {
    order.state = 'shipped';
    this.news.add(order.number);
    for (const [article, count] of order.pieces) {
      add(this.physical, article, -count);
      add(this.allocated, article, -count);
    }
  }
}
