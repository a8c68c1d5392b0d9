import type { Book } from '@samlast/stock-authority/decisions';
import type { Event, Order } from '@samlast/contracts';
import { Broken } from './broken.ts';
import type { Channel } from './channel.ts';
import { countOf, describe, pieces } from './lease-count.ts';
import type { Article } from './tables.ts';
import type { ShopOrder } from './shop.ts';
import { piecesOf } from './order-shapes.ts';
import { ShelfAuditor } from './shelf-auditor.ts';
import { newTold, type Told } from './told.ts';
import { add, most, type Pieces } from './warehouse.ts';

/** Keeps a ledger of its own of what there was and who was told what, and complains when the two do not fit. */
export class Auditor extends ShelfAuditor {
  readonly orders = new Map<string, Told>();
  /** Pieces the warehouse had in all, net of losses and orders typed in by hand. */
  private readonly had = new Map<string, number>();
  /** Pieces that vanished after they could be promised, in all. */
  readonly vanished = new Map<string, number>();
  /** Pieces of reserved orders that are not cancelled. */
  readonly reserved = new Map<string, number>();
  readonly releasedByHand = new Map<string, number>();
  /** What each read that was told had seen, and the newest that the authority has taken in. */
  private readonly reads = new Map<string, number>();
  private readonly lastRead = new Map<string, { started: number; had: number }>();
  private readonly excess = new Map<string, { over: number; had: number }>();
  private placed = 0;
  readonly wmsPuts = new Map<string, number>();

  hasNow(article: string): number {
    return this.had.get(article) ?? 0;
  }

  changeOf(article: string, change: number, kind: 'receipt' | 'loss' | 'foreign'): void {
    add(this.had, article, change);
    if (change < 0 && kind !== 'receipt') add(this.vanished, article, -change);
  }

  readTold(article: string, started: number, had: number): void {
    this.reads.set(`${article}/${started}`, had);
  }

  /** A buyer was told yes. */
  sold(channel: Channel, order: ShopOrder, claimed: boolean): void {
    const number = `${order.number}-${channel.code}`;
    let covered = channel.leases && channel.plan.method !== 'none';
    for (const [article, count] of order.pieces) {
      const name = `${channel.code}/${article}`;
      add(this.unread, name, count);
      const lease = this.leaseOf(channel.code, article);
      if ((this.unread.get(name) ?? 0) > countOf(lease).guarded) covered = false;
    }
    this.orders.set(number, newTold(channel, order, claimed || covered));
    for (const article of order.pieces.keys()) this.numberChanged(channel, article);
  }

  override changedByStaff(channel: Channel, order: ShopOrder, article: string, by: number): void {
    const { kept } = this.find(channel, order);
    kept.set(article, Math.min(kept.get(article) ?? 0, order.pieces.get(article) ?? 0));
    super.changedByStaff(channel, order, article, by);
  }

  /** A buyer, or the shop for him, cancelled; the shop put the pieces back if it is one that does. */
  cancelledByBuyer(channel: Channel, order: ShopOrder): void {
    this.find(channel, order).buyerCancelled = true;
    this.isPutBack(channel, order);
  }

  private isPutBack(channel: Channel, order: ShopOrder): void {
    const told = this.find(channel, order);
    for (const [article, count] of told.pieces) {
      const name = `${channel.code}/${article}`;
      if (!channel.plan.restocks || !this.standing(told.number)) continue;
      const there = order.pieces.get(article) ?? 0;
      told.putBack.set(article, Math.min(there, count));
      add(this.putBack, name, Math.min(there, count));
      if (told.placed !== undefined) add(this.everPutBack, name, count);
      // What staff had put into it before the authority never took for sold.
      if (channel.leases && there > count) this.unheard.add(name, there - count, this.readBy(channel, order));
    }
    for (const article of order.pieces.keys()) this.numberChanged(channel, article);
  }

  /** It was cancelled when the channel read of it first, so nobody else will hear of it. */
  neverSent(channel: Channel, order: Pick<ShopOrder, 'number'>): void {
    const told = this.find(channel, order);
    this.isHeard(told);
    this.isTakenBack(told);
    told.ended = true;
  }

  cancelledByChannel(channel: Channel, order: ShopOrder): void {
    this.isPutBack(channel, order);
  }

  private standing(number: string): boolean {
    return this.world.authority.tables.orders.get(number)?.standing ?? true;
  }

  private find(channel: Channel, order: Pick<ShopOrder, 'number'>): Told {
    const told = this.orders.get(`${order.number}-${channel.code}`);
    if (!told) throw new Error(`no order ${order.number} of ${channel.code} was ever sold`);
    return told;
  }

  cancelledThere(number: string): void {
    const told = this.orders.get(number);
    if (told) this.end(told);
  }

  cancelRefused(number: string): void {
    const told = this.orders.get(number);
    if (told) told.cancelRefused = true;
    if (this.world.warehouse.orders.get(number)?.state === 'cancelled')
      throw new Broken(
        '5',
        number,
        `the cancel of ${number} is said to be refused, and it is cancelled there`,
      );
  }

  refused(number: string, revision: number): void {
    const there = this.world.warehouse.orders.get(number);
    if (!there) return;
    const told = this.orders.get(number);
    if (!told || revision === 1)
      throw new Broken('5', number, `${number} is said to be refused, and is ${there.state} there`);
    told.changeRefused = true;
    if (revision === told.revision) told.reserved = there.pieces;
    if (!told.ended) this.take(told, most(there.pieces, told.reserved ?? there.pieces));
  }

  private end(told: Told): void {
    if (told.ended) return;
    told.ended = true;
    this.take(told, new Map());
  }

  private take(told: Told, pieces: Pieces): void {
    for (const [article, count] of told.taken) add(this.reserved, article, -count);
    for (const [article, count] of pieces) add(this.reserved, article, count);
    told.taken = pieces;
  }

  putThere(number: string): void {
    add(this.wmsPuts, number, 1);
    const told = this.orders.get(number);
    if (told?.ended) throw new Broken('5', number, `${number} reached the warehouse although it was ended`);
    if (!told?.reserved)
      throw new Broken('5', number, `${number} reached the warehouse without being reserved`);
  }

  /** An order there has other pieces from now on; until then it may be delivered as it was. */
  changedThere(number: string, pieces: Pieces): void {
    const told = this.orders.get(number);
    if (!told || told.ended)
      throw new Broken('5', number, `${number} was changed in the warehouse although it was ended`);
    this.take(told, most(pieces, told.reserved ?? pieces));
  }

  /** The authority has decided: everything it said and counts from now on. */
  committed(book: Book, events: readonly Event[], byHand: boolean): void {
    for (const entry of book.entries) {
      if (entry.kind === 'stock.observed' && !entry.data.older) {
        const started = entry.data.started as number;
        const article = entry.article ?? '';
        const had = this.reads.get(`${article}/${started}`);
        if (had !== undefined) this.lastRead.set(article, { started, had });
      }
    }
    for (const order of book.orders.values()) {
      const told = this.orders.get(order.number);
      if (!told) continue;
      if (order.digest && told.placed === undefined) this.isPlaced(told);
      if (!order.standing && told.putBack.size > 0) this.isTakenBack(told);
    }
    const raised = new Map<string, number>();
    for (const event of events) this.hear(event, byHand, raised);
    if (this.world.tracing) for (const article of book.touched) this.world.trace(describe(article));
    for (const article of book.touched) this.weigh(article, raised.get(article.number) ?? 0);
  }

  private isPlaced(told: Told): void {
    told.placed = ++this.placed;
    this.isHeard(told);
    for (const [article, count] of told.putBack)
      add(this.everPutBack, `${told.channel.code}/${article}`, count);
  }

  private isHeard(told: Told): void {
    for (const [article, count] of told.pieces) add(this.unread, `${told.channel.code}/${article}`, -count);
  }

  private isTakenBack(told: Told): void {
    for (const [article, count] of told.putBack) add(this.putBack, `${told.channel.code}/${article}`, -count);
    told.putBack.clear();
  }

  private hear(event: Event, byHand: boolean, raised: Map<string, number>): void {
    const told = this.orders.get(event.key);
    if (!told) return;
    if (event.type === 'order.reserved') {
      const { order, revision } = event.data as { order: Order; revision: number };
      if (revision <= told.revision || told.over)
        throw new Broken(
          '5',
          told.number,
          `${told.number} was reserved ${told.over ? 'after its end' : 'twice'}`,
        );
      const there = told.taken;
      told.reserved = piecesOf(order);
      Object.assign(told, { revision, short: false });
      // The warehouse may have cancelled it already, and the authority hears of it only later.
      if (told.ended) return;
      this.take(told, most(there, told.reserved));
      const hand = byHand && told.releasedByHand;
      for (const [article, count] of told.reserved) {
        // A change that wants no more of it promises nothing.
        if (count <= (there.get(article) ?? 0)) continue;
        if (hand) {
          add(raised, article, count);
          add(this.releasedByHand, article, count);
        }
        const has = this.lastRead.get(article)?.had ?? 0;
        const promised = this.reserved.get(article) ?? 0;
        if (!hand && promised > has)
          throw new Broken(
            '1',
            article,
            `${told.number} was reserved: ${promised} pieces of ${article} are promised to orders, the warehouse had ${has}`,
          );
      }
    } else if (event.type === 'order.short') told.short = true;
    else if (event.type === 'order.rejected') {
      told.rejected = true;
      this.end(told);
    }
    if (event.type === 'order.released' || told.rejected) told.over = true;
    if (event.type === 'order.released') this.end(told);
  }

  /** What is promised in any way never comes to exceed what the warehouse had when it was last read. */
  private weigh(article: Article, byHand: number): void {
    const has = this.lastRead.get(article.number)?.had;
    if (has === undefined) {
      // What a person releases before the first read is beyond whatever that finds.
      this.excess.set(article.number, {
        over: byHand + (this.excess.get(article.number)?.over ?? 0),
        had: 0,
      });
      return;
    }
    let guarded = 0;
    for (const lease of article.leases.values()) guarded += countOf(lease).guarded;
    const over = (this.reserved.get(article.number) ?? 0) + pieces(article.claimed) + guarded - has;
    const before = this.excess.get(article.number) ?? { over: 0, had: Math.max(0, has) };
    const allowed = Math.max(0, before.over) + Math.max(0, before.had - has) + byHand;
    this.excess.set(article.number, { over, had: has });
    if (over > 0 && over > allowed)
      throw new Broken(
        '3',
        article.number,
        `${over} pieces of ${article.number} more are promised than the warehouse had (${has}): ` +
          `${this.reserved.get(article.number) ?? 0} in orders, ${pieces(article.claimed)} claimed, ${guarded} leased`,
      );
    for (const channel of this.world.channels) this.numberChanged(channel, article.number);
  }
}
