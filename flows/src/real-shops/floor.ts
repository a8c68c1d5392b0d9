import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '../testing/chance.ts';
import { COUNTER_SALE } from './audit/differences.ts';
import type { Day, Sold } from './day.ts';

const RELEASED = 300;
/** Of a purchase order of which nothing more is counted. */
const GOODS_DONE = 400;
const PAUSE_MS = 150;
/** So much is done for each sale, however fast or slow the machine is. */
const STEPS_PER_SALE = 4;
/** Goods are lost, locked or sold at the counter only where so many are left: what is promised stays there. */
const PLENTY = 8;

type Held = Awaited<ReturnType<Day['market']['control']['orders']>>[number];

interface Begun {
  sold: Sold;
  rows: { row: string; quantity: number }[];
  /** Handed over so far; the rest follows in a parcel that is added late. */
  parcels: number;
}

/** The people of the warehouse: they pick, ship in one parcel or in parts, take goods back, count and correct. */
export class Floor {
  private readonly seen = new Set<string>();
  private readonly begun: Begun[] = [];
  private readonly gone: { sold: Sold; rows: { row: string; quantity: number }[] }[] = [];
  private over = false;

  constructor(
    private readonly day: Day,
    private readonly chance: Chance,
  ) {}

  /** Until `end` is called, and then until everything is done that was begun. */
  async work(): Promise<void> {
    const before = this.day.sold.length;
    for (let steps = 0; !this.over;) {
      if (steps < (this.day.sold.length - before) * STEPS_PER_SALE) {
        await this.step();
        steps += 1;
      }
      await wait(PAUSE_MS);
    }
    while (this.begun.length > 0) await this.goOn();
  }

  end(): void {
    this.over = true;
  }

  private async step(): Promise<void> {
    const draw = this.chance.next();
    if (draw < 0.5) await this.begin();
    else if (draw < 0.75) await this.goOn();
    else if (draw < 0.79) await this.takeBack();
    else if (draw < 0.82) await this.takeBackAnnounced();
    else if (draw < 0.93) await this.correct();
    else if (draw < 0.96) await this.sellAtCounter();
    else await this.receiveGoods();
  }

  private get control() {
    return this.day.market.control;
  }

  /** An order that the floor may work on: released, sold in this play, and touched by nobody. */
  private async next(): Promise<{ held: Held; sold: Sold } | undefined> {
    const byNumber = new Map(this.day.sold.map((sold) => [sold.number, sold]));
    for (const held of await this.control.orders()) {
      const sold = byNumber.get(held.number);
      if (held.status !== RELEASED || !sold || sold.touchedBy || this.seen.has(held.number)) continue;
      this.seen.add(held.number);
      // A third stays where it is, so that there is something to cancel.
      if (this.chance.next() < 0.3) continue;
      sold.touchedBy = 'floor';
      return { held, sold };
    }
    return undefined;
  }

  private async begin(): Promise<void> {
    const next = await this.next();
    if (!next) return;
    const { held, sold } = next;
    if (this.chance.next() < 0.06) {
      await this.control.cancelAtWarehouse({ order: held.number });
      this.day.counts.cancelledInWarehouse += 1;
      return;
    }
    const rows = held.lines.map(({ row, ordered }) => ({ row, quantity: Number(ordered) }));
    await this.control.pick({ order: held.number });
    if (this.chance.next() < 0.4) {
      sold.isPicked = true;
      this.begun.push({ sold, rows, parcels: 0 });
    } else await this.handOver({ sold, rows, parcels: 0 });
  }

  private async goOn(): Promise<void> {
    const next = this.begun.shift();
    if (next) await this.handOver(next);
  }

  /** All of it under one waybill, all of it in a parcel, or a part of it now and the rest later. */
  private async handOver({ sold, rows, parcels }: Begun): Promise<void> {
    const order = sold.number;
    const tracking = (which: number) => ({ number: `P${which}-${order}`, waybill: `WB${which}-${order}` });
    sold.isPicked = false;
    const pieces = rows.reduce((sum, { quantity }) => sum + quantity, 0);
    if (parcels > 0) {
      await this.control.addParcel({ order, ...tracking(parcels + 1), lines: rows });
      this.day.counts.shippedInParts += 1;
    } else if (pieces > 1 && this.chance.next() < 0.6) {
      const [first, ...others] = rows;
      const now = first ? [{ row: first.row, quantity: 1 }] : [];
      await this.control.ship({ order, carrier: 'PostNord', parcels: [{ ...tracking(1), lines: now }] });
      const left = first ? [{ row: first.row, quantity: first.quantity - 1 }, ...others] : [];
      const rest = left.filter(({ quantity }) => quantity > 0);
      this.gone.push({ sold, rows });
      this.begun.push({ sold, rows: rest, parcels: 1 });
      return;
    } else if (this.chance.next() < 0.5) {
      await this.control.ship({ order, carrier: 'PostNord', waybill: `WB-${order}` });
      this.gone.push({ sold, rows });
    } else {
      await this.control.ship({ order, carrier: 'PostNord', parcels: [tracking(1)] });
      this.gone.push({ sold, rows });
    }
    sold.isGone = true;
    this.day.counts.shipped += 1;
  }

  /** One piece of an order that has left comes back, announced by nobody; fit for sale or not. */
  private async takeBack(): Promise<void> {
    const ready = this.gone.filter(({ sold }) => sold.isGone && !sold.comesBack);
    if (ready.length === 0) return;
    const chosen = this.chance.of(ready);
    chosen.sold.comesBack = true;
    const { row } = this.chance.of(chosen.rows);
    const restock = this.chance.next() < 0.7;
    await this.control.takeBack({ order: chosen.sold.number, lines: [{ row, quantity: 1 }], restock });
    this.day.counts.returned += 1;
  }

  /** What a shop's staff has announced arrives. */
  private async takeBackAnnounced(): Promise<void> {
    const coming = (await this.control.returnOrders()).filter(({ lines }) =>
      lines.some(({ toBeReturned, returned }) => toBeReturned > returned),
    );
    if (coming.length === 0) return;
    await this.control.receiveReturn({ returnOrder: this.chance.of(coming).number });
    this.day.counts.receivedAsAnnounced += 1;
  }

  private async correct(): Promise<void> {
    const article = this.chance.of(this.day.articles);
    const draw = this.chance.next();
    if (draw < 0.5) await this.control.receive({ article, quantity: 1 + this.chance.below(3) });
    else if (draw < 0.65) await this.control.adjust({ article, quantity: 1, comment: 'Found' });
    else if (!(await this.hasPlenty(article))) return;
    else if (draw < 0.85) await this.control.adjust({ article, quantity: -1, comment: 'Broken' });
    else await this.control.lock({ article, quantity: 1 });
    this.day.counts.corrections += 1;
  }

  /** Somebody stands at the warehouse's door; no shop knows of it, and no shop is told. */
  private async sellAtCounter(): Promise<void> {
    const article = this.chance.of(this.day.articles);
    if (!(await this.hasPlenty(article))) return;
    const number = `${COUNTER_SALE}${++this.day.counts.counterSales}`;
    await this.control.typeIn({ number, lines: [{ article, quantity: 1 }] });
  }

  /** A lorry comes: with all that is missing, or with less, and then more may come or nothing. */
  private async receiveGoods(): Promise<void> {
    const open = (await this.control.purchaseOrders()).filter(({ status }) => status < GOODS_DONE);
    if (open.length === 0) return;
    const { number, lines } = this.chance.of(open);
    const [line] = lines;
    const missing = line ? Number(line.advised) - Number(line.received) : 0;
    if (!line || missing <= 0) return;
    const quantity = this.chance.next() < 0.5 ? missing : 1;
    await this.control.receiveAgainst({ purchaseOrder: number, lines: [{ row: line.row, quantity }] });
    this.day.counts.receipts += 1;
    if (quantity < missing && this.chance.next() < 0.4)
      await this.control.finishReceiving({ purchaseOrder: number });
  }

  private async hasPlenty(article: string): Promise<boolean> {
    const [found] = await this.control.articles({ numbers: [article] });
    return Number(found?.sellable) >= PLENTY;
  }
}
