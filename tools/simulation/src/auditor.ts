import type { Book } from '@samlast/stock-authority/decisions';
import type { Event, Order } from '@samlast/contracts';
import { Broken } from './broken.ts';
import type { Channel } from './channel.ts';
import { countOf, describe, pieces } from './lease-count.ts';
import type { Article } from './tables.ts';
import type { ShopOrder } from './shop.ts';
import { piecesOf } from './order-shapes.ts';
import { ShelfAuditor } from './shelf-auditor.ts';
import { heardOf, newTold, type Told } from './told.ts';
import { add, most, type Pieces } from './pieces.ts';

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
    const isKit = [...order.pieces.keys()].some((article) => this.world.scenario.kits.has(article));
    if (isKit && channel.leases) this.world.faults.strike('kit sold by a shop on lease');
    this.orders.set(number, newTold(channel, order, claimed || covered, this.world.now));
    for (const article of order.pieces.keys()) this.numberChanged(channel, article);
  }

  /**
   * A shop says what it showed under a level of shared selling. Of what it has sold since then nothing was its own,
   * though the authority hears of it only now.
   */
  sharedSince(channel: string, article: string, at: number): void {
    for (const told of this.orders.values()) {
      const isOfIt = told.channel.code === channel && told.pieces.has(article) && !told.order.claimKey;
      if (isOfIt && told.soldAt > at && told.placed === undefined) told.promised = false;
    }
  }

  changedByStaff(channel: Channel, order: ShopOrder, article: string, by: number): void {
    const { kept, lowered } = this.find(channel, order);
    kept.set(article, Math.min(kept.get(article) ?? 0, order.pieces.get(article) ?? 0));
    if (by < 0 && channel.leases) {
      lowered.push({ article, count: -by, changedAt: order.changedAt });
      add(this.putBack, `${channel.code}/${article}`, -by);
    }
    this.numberChanged(channel, article);
  }

  /** A change of it is sent on, with everything that staff had done by then. */
  changeTold(channel: Channel, order: Pick<ShopOrder, 'number' | 'changedAt'>, revision: number): void {
    for (const one of this.find(channel, order).lowered)
      if (one.changedAt <= order.changedAt) one.revision ??= revision;
  }

  /** The authority has heard of all changes up to this revision, or that the order is none any more. */
  changeHeard(number: string, revision: number): void {
    const told = this.orders.get(number);
    if (!told) return;
    for (const one of heardOf(told, revision))
      add(this.putBack, `${told.channel.code}/${one.article}`, -one.count);
  }

  cancelledByBuyer(channel: Channel, order: ShopOrder): void {
    this.find(channel, order).buyerCancelled = true;
    this.isPutBack(channel, order);
  }

  /** The shop puts the pieces of an order back that is cancelled, if it is one that does. */
  isPutBack(channel: Channel, order: ShopOrder): void {
    const told = this.find(channel, order);
    const stands = this.world.authority.tables.orders.get(told.number)?.standing ?? true;
    for (const [article, count] of told.pieces) {
      const name = `${channel.code}/${article}`;
      if (!channel.plan.restocks || !stands) continue;
      // With what staff had put into it, of which the authority may have heard or not.
      const there = order.pieces.get(article) ?? 0;
      told.putBack.set(article, there);
      add(this.putBack, name, there);
      if (told.placed !== undefined) add(this.everPutBack, name, Math.max(there, count));
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
    const told = this.orders.get(number);
    // Of what is not there no older version will be delivered either.
    if (!there) return told?.reserved && !told.ended ? this.take(told, told.reserved) : undefined;
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

  /** What it was before it was sent at all is delivered by nobody. */
  putThere(number: string, pieces: Pieces): void {
    add(this.wmsPuts, number, 1);
    const told = this.orders.get(number);
    if (told?.ended) throw new Broken('5', number, `${number} reached the warehouse although it was ended`);
    if (!told?.reserved)
      throw new Broken('5', number, `${number} reached the warehouse without being reserved`);
    this.take(told, most(pieces, told.reserved));
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
      if (!order.standing && told.putBack.size + told.lowered.length > 0) this.isTakenBack(told);
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
    this.changeHeard(told.number, Infinity);
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
      told.reserved = this.world.apart(piecesOf(order));
      if (order.lines.some((line) => this.world.scenario.kits.has(line.article)))
        this.world.faults.strike('kit promised');
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
    if (this.world.scenario.kits.has(article.number)) return;
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
