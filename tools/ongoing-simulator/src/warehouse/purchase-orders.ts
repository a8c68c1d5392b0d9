import { UNKNOWN, type Articles, type Incoming, type Traits } from './articles.ts';
import { ChangeIndex } from './change-index.ts';
import type { Ground } from './ground.ts';
import { Happenings } from './happenings.ts';
import type { Milli } from './milli.ts';
import { received, type Article, type Fields, type PurchaseLine } from './model.ts';
import type { PurchaseOrder, PurchaseOrderEvent } from './model.ts';
import { Refusal } from './refusal.ts';

export interface PurchaseLineWrite {
  row: string;
  articleNumber: string;
  advised: Milli;
  fields: Fields;
}

export interface PurchaseOrderWrite {
  fields: Fields;
  /** Left out, the lines stay as they are. */
  lines?: PurchaseLineWrite[] | undefined;
}

/** Deliveries that the goods owner has announced, and what of them has come. */
export class PurchaseOrders {
  readonly byId = new Map<number, PurchaseOrder>();
  readonly statusChanges = new ChangeIndex();
  private readonly byKey = new Map<string, PurchaseOrder[]>();
  readonly happenings = new Happenings<PurchaseOrderEvent>();

  constructor(
    private readonly ground: Ground,
    private readonly articles: Articles,
  ) {}

  /** All under this number: changing a number by PATCH is not checked for uniqueness. */
  numbered(number: string): PurchaseOrder[] {
    return this.byKey.get(this.ground.key(number)) ?? [];
  }

  find(number: string): PurchaseOrder | undefined {
    return this.numbered(number).at(-1);
  }

  get(id: number): PurchaseOrder {
    const order = this.byId.get(id);
    if (!order) throw new Refusal(404, `There is no purchase order with id ${id}.`);
    return order;
  }

  named(numberOrId: string | number): PurchaseOrder {
    const order = typeof numberOrId === 'number' ? this.byId.get(numberOrId) : this.find(numberOrId);
    if (!order) throw new Refusal(404, `There is no purchase order ${numberOrId}.`);
    return order;
  }

  put(number: string, write: PurchaseOrderWrite, status?: number): PurchaseOrder {
    const { knobs } = this.ground;
    const before = this.find(number);
    const cancelled = before?.status === knobs.purchaseSteps.cancelled;
    if (!before || (cancelled && knobs.putAfterCancel === 'new'))
      return this.create(number, write, status ?? knobs.purchaseSteps.notified);
    this.update(before, write);
    return before;
  }

  update(order: PurchaseOrder, write: PurchaseOrderWrite): void {
    const { knobs } = this.ground;
    const revive = order.status === knobs.purchaseSteps.cancelled && knobs.putAfterCancel === 'revive';
    if (!revive) this.refuseLocked(order, 'changed');
    const lines = write.lines && this.replaced(order.lines, write.lines);
    this.change(order, () => {
      Object.assign(order.fields, write.fields);
      if (lines) order.lines = lines;
      if (revive) order.status = knobs.purchaseSteps.notified;
    });
  }

  cancel(order: PurchaseOrder): void {
    this.refuseLocked(order, 'cancelled');
    this.change(order, () => {
      order.status = this.ground.knobs.purchaseSteps.cancelled;
    });
  }

  /** Pieces come in: they are in stock at once, and sellable, whatever the status (reference, section 3.3). */
  receive(order: PurchaseOrder, line: PurchaseLine, quantity: Milli, location: string, traits: Traits): void {
    const article = this.articles.get(line.articleId);
    const { id } = this.articles.receive(article, quantity, location, traits);
    const now = this.ground.clock.now();
    const known = line.items.find((item) => item.id === id && item.receivedAt === now);
    if (known) known.quantity += quantity;
    else line.items.push({ id, quantity, location, receivedAt: now, ...traits });
    order.lastReceivedAt = now;
    this.articles.happenings.tell({
      kind: 'goods-received',
      article,
      quantity,
      location,
      purchaseOrder: order,
    });
  }

  /** The only way to change a purchase order: keeps sums, indexes and events in step with it. */
  change(order: PurchaseOrder, work: () => void): void {
    const before = this.incomingOf(order);
    const { status } = order;
    try {
      work();
    } finally {
      this.articles.expect(before, this.incomingOf(order));
    }
    this.noteChange(order, order.status !== status);
    if (order.status !== status)
      this.happenings.tell({ kind: 'purchase-order-status-changed', purchaseOrder: order });
    const { deviation, cancelled } = this.ground.knobs.purchaseSteps;
    const isThere = order.status >= deviation && order.status !== cancelled;
    if (order.toldReceived || !isThere || !order.lines.some((line) => line.items.length > 0)) return;
    order.toldReceived = true;
    this.happenings.tell({ kind: 'purchase-order-received', purchaseOrder: order });
  }

  renumber(order: PurchaseOrder, number: string): void {
    const left = this.numbered(order.number).filter((other) => other !== order);
    this.byKey.set(this.ground.key(order.number), left);
    this.change(order, () => {
      order.number = number;
      this.file(order);
    });
  }

  /** The articles must have been loaded before. */
  load(orders: PurchaseOrder[]): void {
    this.byId.clear();
    this.byKey.clear();
    this.statusChanges.clear();
    this.articles.forgetIncoming();
    for (const order of orders.toSorted((a, b) => a.id - b.id)) {
      this.byId.set(order.id, order);
      this.file(order);
      this.articles.expect(UNKNOWN, this.incomingOf(order));
    }
    for (const order of orders.toSorted((a, b) => a.statusChangedAt - b.statusChangedAt))
      this.statusChanges.note(order.id, order.statusChangedAt);
  }

  private create(number: string, write: PurchaseOrderWrite, status: number): PurchaseOrder {
    const lines = this.replaced([], write.lines ?? []);
    const now = this.ground.clock.now();
    const order: PurchaseOrder = {
      id: this.ground.ids.next('purchaseOrder'),
      number,
      fields: write.fields,
      status,
      lines,
      createdAt: now,
      updatedAt: now,
      statusChangedAt: now,
      lastReceivedAt: null,
      toldReceived: false,
    };
    this.byId.set(order.id, order);
    this.file(order);
    this.articles.expect(new Map(), this.incomingOf(order));
    this.noteChange(order, true);
    this.happenings.tell({ kind: 'purchase-order-created', purchaseOrder: order });
    return order;
  }

  /** Rows are known by their rowNumber; rows left out go. Nothing is changed before all is checked. */
  private replaced(before: PurchaseLine[], writes: PurchaseLineWrite[]): PurchaseLine[] {
    const known = new Map(before.map((line) => [line.row, line]));
    const seen = new Set<string>();
    const planned = writes.map((write) => {
      if (seen.has(write.row))
        throw new Refusal(400, `The row number '${write.row}' stands on several purchase order lines.`);
      seen.add(write.row);
      return { write, article: this.articleFor(write), line: known.get(write.row) };
    });
    return planned.map(({ write, article, line }) => ({
      id: line?.id ?? this.ground.ids.next('purchaseLine'),
      row: write.row,
      articleId: article.id,
      fields: { ...line?.fields, ...write.fields },
      advised: write.advised,
      items: [],
      reported: line?.reported ?? null,
    }));
  }

  private articleFor({ articleNumber }: PurchaseLineWrite): Article {
    const article = this.articles.find(articleNumber);
    if (article) return article;
    if (!this.ground.knobs.autoCreateArticles)
      throw new Refusal(400, `There is no article with article number '${articleNumber}'.`);
    return this.articles.put(articleNumber, { isStockArticle: true }).article;
  }

  private incomingOf({ status, lines }: PurchaseOrder): Map<number, Incoming> {
    const { received: done, deviation, cancelled } = this.ground.knobs.purchaseSteps;
    const sums = new Map<number, Incoming>();
    if (status >= done || status === cancelled) return sums;
    const ended = status >= deviation && this.ground.knobs.deviationEndsReceiving;
    for (const line of lines) {
      const there = received(line);
      const sum = sums.get(line.articleId) ?? { toReceive: 0, toBeFinished: 0 };
      sum.toReceive += ended ? 0 : Math.max(0, line.advised - there);
      sum.toBeFinished += there;
      sums.set(line.articleId, sum);
    }
    return sums;
  }

  private refuseLocked(order: PurchaseOrder, what: string): void {
    const { number, status, lines } = order;
    if (status === this.ground.knobs.purchaseSteps.cancelled)
      throw new Refusal(400, `Purchase order ${number} cannot be ${what}: it is cancelled already.`);
    if (lines.some((line) => line.items.length > 0))
      throw new Refusal(400, `Purchase order ${number} cannot be ${what}: goods have been received on it.`);
  }

  private file(order: PurchaseOrder): void {
    const key = this.ground.key(order.number);
    const all = [...(this.byKey.get(key) ?? []), order];
    this.byKey.set(
      key,
      all.toSorted((a, b) => a.id - b.id),
    );
  }

  private noteChange(order: PurchaseOrder, statusChanged: boolean): void {
    const now = this.ground.clock.now();
    order.updatedAt = now;
    if (statusChanged) {
      order.statusChangedAt = now;
      this.statusChanges.note(order.id, now);
    }
    this.ground.changed();
  }
}
