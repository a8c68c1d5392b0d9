import { randomUUID } from 'node:crypto';
import type { Journal } from './journal.ts';
import { DemoRefusal } from './refusal.ts';

export interface DemoPurchaseLine {
  readonly id: string;
  readonly article: string;
  quantity: number;
  /** Pieces that were booked in. */
  received: number;
  readonly batches: string[];
}

export interface DemoPurchase {
  readonly id: string;
  readonly number: string;
  readonly placedAt: string;
  changedAt: string;
  state: 'placed' | 'cancelled';
  expectedOn: string;
  readonly supplier: { number: string; name: string };
  readonly lines: DemoPurchaseLine[];
  /** Each receipt once, by the key it was told under. */
  readonly receipts: { key: string; at: string; lines: DemoReceiptLine[] }[];
  closed?: { deviation: boolean; at: string };
  readonly notes: { key: string; text: string }[];
}

export interface DemoReceiptLine {
  readonly id: string;
  readonly quantity: string;
  readonly batch?: string | undefined;
  readonly serials?: readonly string[] | undefined;
}

export interface DemoPurchaseWish {
  readonly lines: readonly { article: string; quantity: number }[];
  readonly expectedOn?: string;
}

interface Options {
  readonly journal: Journal;
  readonly knows: (article: string) => boolean;
  readonly tick: () => string;
  readonly firstNumber: number;
  readonly onChange: (purchase: DemoPurchase) => void;
}

/** What the demo ERP orders from its supplier, and what of it came to the warehouse. */
export class DemoPurchases {
  readonly all = new Map<string, DemoPurchase>();
  private nextNumber: number;

  constructor(private readonly options: Options) {
    this.nextNumber = options.firstNumber;
  }

  /** @throws DemoRefusal when an article is not known here */
  place({ lines, expectedOn }: DemoPurchaseWish): DemoPurchase {
    for (const { article, quantity } of lines) {
      if (!this.options.knows(article)) throw new DemoRefusal(`There is no article ${article} here.`, 404);
      if (!(quantity > 0)) throw new DemoRefusal('Give a quantity above 0.', 409);
    }
    const at = this.options.tick();
    const purchase: DemoPurchase = {
      id: randomUUID(),
      number: `PO-${this.nextNumber++}`,
      placedAt: at,
      changedAt: at,
      state: 'placed',
      expectedOn: expectedOn ?? at.slice(0, 10),
      supplier: { number: 'S7', name: 'Textil AB' },
      lines: lines.map((line, index) => ({
        id: String((index + 1) * 10),
        ...line,
        received: 0,
        batches: [],
      })),
      receipts: [],
      notes: [],
    };
    return this.keep(purchase);
  }

  amend(
    id: string,
    change: { expectedOn?: string; lines?: readonly { id: string; quantity: number }[] },
  ): DemoPurchase {
    const purchase = this.find(id);
    if (change.expectedOn) purchase.expectedOn = change.expectedOn;
    for (const { id: lineId, quantity } of change.lines ?? [])
      this.line(purchase, lineId).quantity = quantity;
    return this.touch(purchase);
  }

  /** Cancelling again changes nothing. */
  cancel(id: string): DemoPurchase {
    const purchase = this.find(id);
    if (purchase.state === 'cancelled') return purchase;
    purchase.state = 'cancelled';
    return this.touch(purchase);
  }

  /** Books goods in, once per key. */
  receive(id: string, key: string, lines: readonly DemoReceiptLine[]): void {
    const purchase = this.find(id);
    if (purchase.receipts.some((one) => one.key === key)) return;
    for (const { id: lineId, quantity, batch } of lines) {
      const line = this.line(purchase, lineId);
      line.received += Number(quantity);
      if (batch && !line.batches.includes(batch)) line.batches.push(batch);
    }
    const told = lines.map((line) => ({
      id: line.id,
      quantity: line.quantity,
      ...(line.batch && { batch: line.batch }),
      ...(line.serials && { serials: line.serials }),
    }));
    purchase.receipts.push({ key, at: this.options.tick(), lines: told });
    this.keep(purchase);
  }

  close(id: string, deviation: boolean): void {
    const purchase = this.find(id);
    purchase.closed = { deviation, at: this.options.tick() };
    this.keep(purchase);
  }

  note(id: string, key: string, text: string): void {
    const purchase = this.find(id);
    if (purchase.notes.some((note) => note.key === key)) return;
    purchase.notes.push({ key, text });
    this.keep(purchase);
  }

  find(id: string): DemoPurchase {
    const purchase = this.all.get(id);
    if (!purchase) throw new DemoRefusal('There is no purchase order with this id here.', 404);
    return purchase;
  }

  /** Those after a place in the feed, oldest change first. */
  changedSince(changedAt: string, after: string, limit: number): DemoPurchase[] {
    return [...this.all.values()]
      .filter((one) => one.changedAt > changedAt || (one.changedAt === changedAt && one.id > after))
      .toSorted((one, other) => `${one.changedAt} ${one.id}`.localeCompare(`${other.changedAt} ${other.id}`))
      .slice(0, limit);
  }

  recall(purchase: DemoPurchase): void {
    this.all.set(purchase.id, purchase);
    this.nextNumber = Math.max(this.nextNumber, Number(purchase.number.replace('PO-', '')) + 1);
  }

  private line(purchase: DemoPurchase, id: string): DemoPurchaseLine {
    const line = purchase.lines.find((one) => one.id === id);
    if (!line) throw new DemoRefusal(`Purchase order ${purchase.number} has no line ${id}.`, 409);
    return line;
  }

  /** What staff changed; receipts are no change of it. */
  private touch(purchase: DemoPurchase): DemoPurchase {
    purchase.changedAt = this.options.tick();
    return this.keep(purchase);
  }

  private keep(purchase: DemoPurchase): DemoPurchase {
    this.all.set(purchase.id, purchase);
    this.options.journal.append({ purchase });
    this.options.onChange(purchase);
    return purchase;
  }
}
