import type { Book, ClaimCommand, ClaimOutcome } from '@samlast/stock-authority/decisions';
import { guarded } from '@samlast/stock-authority/decisions';
import type { Event } from '@samlast/contracts';
import type { Mail } from './bus.ts';
import { inMilli } from './kits.ts';
import { Registrations } from './registrations.ts';
import { type Article, Tables, type Wanted } from './tables.ts';
import type { World } from './world.ts';

const AT = '2026-11-24T10:00:00Z';

const SHORT = {
  held: 'order held',
  backordered: 'order back-ordered',
  partial: 'order delivered in part',
} as const;

const EXPIRE_AT_ONCE = 3;

/** What the handlers of the stock authority do, each batch in a transaction of its own. */
export class Authority {
  readonly tables: Tables;
  readonly shops: Registrations;
  private readonly lessees: ReadonlySet<string>;

  constructor(private readonly world: World) {
    const { channels, kits } = world.scenario;
    this.tables = new Tables(inMilli(kits));
    this.shops = new Registrations(channels);
    const selling = channels.filter(({ channel }) => channel.mode === 'lease');
    this.lessees = new Set(selling.map(({ channel }) => channel.code));
  }

  /** False when the process ended before its commit: then nothing of it has happened. */
  private transact(wanted: Wanted, work: (book: Book) => void, byHand = false): boolean {
    const { world } = this;
    const book = this.tables.open((contents) => new world.deciders.Book(this.shops.terms, contents), wanted);
    work(book);
    book.close(AT);
    if (world.mayFault() && world.random.oneIn(60)) {
      world.faults.strike('authority crashed before its commit');
      return false;
    }
    for (const article of book.touched) this.countMoves(article);
    this.tables.save(book);
    const events = book.events();
    world.auditor.committed(book, events, byHand);
    for (const event of events) this.publish(event);
    return true;
  }

  private countMoves({ number, leased, leases }: Article): void {
    const before = this.tables.articles.get(number);
    if (!before) return;
    const { faults } = this.world;
    if (before.leased !== leased) faults.strike('article changed between shared and leased');
    const changes = [...leases.values()].map((lease) => {
      const was = before.leases.get(lease.channel);
      return guarded(lease) - (was ? guarded(was) : 0n);
    });
    if (changes.some((one) => one < 0n) && changes.some((one) => one > 0n))
      faults.strike('pieces moved from one lease to another');
  }

  private publish(event: Event): void {
    const { world } = this;
    if (world.tracing) world.trace(`authority says ${event.type} ${JSON.stringify(event.data)}`);
    if (event.type === 'stock.level-changed') {
      world.auditor.levelTold(event.data as never);
      for (const channel of world.channels) world.post(channel.code, 'stock.levels', event);
      return;
    }
    if (event.channel) world.post(event.channel, 'stock.orders', event);
    if (
      event.type === 'order.reserved' ||
      event.type === 'order.cancel-forwarded' ||
      event.type === 'order.waiting'
    )
      world.post('gateway', 'stock.orders', event);
    if (event.type === 'order.waiting') world.faults.strike('order waited for a read');
    if (event.type === 'order.rejected' && (event.data as { by: string }).by.startsWith('policy'))
      world.faults.strike('order rejected by policy');
    const { outcome } = event.data as { outcome?: string };
    if (event.type === 'order.short' && outcome !== undefined && outcome in SHORT)
      world.faults.strike(SHORT[outcome as keyof typeof SHORT]);
    if (event.type === 'order.amendment-refused')
      world.faults.strike('change of an order refused for want of pieces');
  }

  handle(topic: string, mails: readonly Mail[]): boolean {
    switch (topic) {
      case 'channel.orders':
        return this.onOrders(mails);
      case 'wms.stock':
        return this.onStock(mails);
      case 'wms.orders':
        return this.onAnswers(mails);
      default:
        return this.onShelves(mails);
    }
  }

  private onOrders(mails: readonly Mail[]): boolean {
    const { deciders } = this.world;
    const wishes = mails.map((mail) =>
      deciders.read({ ...mail, text: JSON.stringify(mail.data) } as never, this.shops.terms),
    );
    const placed = wishes.filter((wish) => wish.kind !== 'cancel');
    const givesBack = ({ order }: (typeof placed)[number]) =>
      ['reject', 'partial'].includes(this.shops.terms.policyOf(order.channel)?.kind ?? '');
    const amended = wishes.filter((wish) => wish.kind === 'amended').map((wish) => wish.number);
    const cancelled = new Set(wishes.filter((wish) => wish.kind === 'cancel').map((wish) => wish.number));
    const articlesOf = (list: typeof placed) => new Set(list.flatMap((wish) => [...wish.needs.keys()]));
    const done = this.transact(
      {
        articles: articlesOf(placed),
        moving: articlesOf(
          placed.filter(
            (wish) => cancelled.has(wish.number) || amended.includes(wish.number) || givesBack(wish),
          ),
        ),
        orders: [...new Set(wishes.map((wish) => wish.number))],
        releasing: [...cancelled, ...amended],
        claims: placed.flatMap(({ order: { channel, claimKey: key } }) => (key ? [{ channel, key }] : [])),
      },
      (book) => {
        for (const wish of wishes) {
          if (wish.kind === 'cancel') deciders.cancelOrder(book, wish);
          else if (wish.kind === 'amended') deciders.amendOrder(book, wish);
          else deciders.placeOrder(book, wish);
        }
        deciders.reviewQueue(book);
      },
    );
    if (!done) return false;
    for (const wish of placed) this.world.auditor.changeHeard(wish.number, wish.order.revision);
    return true;
  }

  private onStock(mails: readonly Mail[]): boolean {
    const { deciders } = this.world;
    const observed = mails.filter((mail) => mail.type === 'stock.observed');
    const wanted = {
      moving: new Set(mails.map((mail) => mail.data.article as string)),
      pairs: mails.flatMap(({ data }) =>
        'number' in data ? { number: data.number, article: data.article } : [],
      ),
      openOf: [...new Set(observed.map((mail) => mail.data.article as string))],
    };
    return this.transact(wanted, (book) => {
      for (const mail of mails) {
        if (mail.type === 'stock.observed') {
          deciders.observe(book, mail.data as never);
        } else deciders.accept(book, mail.data as never);
      }
      deciders.reviewQueue(book);
    });
  }

  private onAnswers(mails: readonly Mail[]): boolean {
    const { deciders } = this.world;
    const numbers = [...new Set(mails.map((mail) => mail.data.number as string))];
    return this.transact({ orders: numbers, releasing: numbers }, (book) => {
      for (const mail of mails) deciders.settle(book, mail as never);
      deciders.reviewQueue(book);
    });
  }

  private onShelves(mails: readonly Mail[]): boolean {
    const { deciders } = this.world;
    const shelves = mails
      .map((mail) => mail.data)
      .filter(({ channel, allowance }) => this.lessees.has(channel) && allowance !== undefined);
    if (shelves.length === 0) return true;
    const moving = new Set(shelves.map((shelf) => shelf.article as string));
    const done = this.transact({ moving }, (book) => {
      for (const shelf of shelves) deciders.confirmShelf(book, shelf as never);
      deciders.reviewQueue(book);
    });
    if (done) for (const shelf of shelves) this.world.auditor.shelfHeard(shelf);
    return done;
  }

  /** One batch of requests about claims; undefined when the process ended before its commit. */
  claims(commands: readonly ClaimCommand[]): ClaimOutcome[] | undefined {
    const { deciders } = this.world;
    const opened = commands.filter((command) => command.kind === 'open');
    const counts = {
      byChannel: new Map(this.tables.heldByChannel),
      byBuyer: this.buyersOf(opened.map(({ channel }) => channel)),
    };
    let outcomes: ClaimOutcome[] = [];
    const done = this.transact(
      { articles: new Set(opened.flatMap((command) => [...command.needs.keys()])), claims: commands },
      (book) => {
        outcomes = commands.map((command) => {
          const outcome = deciders.decideClaim(book, command, counts);
          return outcome.outcome === 'claim' ? { ...outcome, claim: { ...outcome.claim } } : outcome;
        });
        deciders.reviewQueue(book);
      },
    );
    return done ? outcomes : undefined;
  }

  private buyersOf(channels: readonly string[]): Map<string, number> {
    const counts = new Map<string, number>();
    if (channels.length === 0) return counts;
    for (const { channel, buyer, state } of this.tables.claims.values()) {
      if (buyer === undefined || !channels.includes(channel) || (state !== 'open' && state !== 'confirmed'))
        continue;
      const name = `${channel}/${buyer}`;
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    return counts;
  }

  /** Open claims whose time is up. */
  expireClaims(): boolean {
    const now = this.world.time();
    const commands: ClaimCommand[] = [];
    // Between the look and the decision a shop may have confirmed or extended it: the version tells.
    for (const { channel, key, version, state, expiresAt } of this.tables.claims.values()) {
      if (state !== 'open' || expiresAt > now) continue;
      if (commands.push({ kind: 'expire', channel, key, version }) === EXPIRE_AT_ONCE) break;
    }
    if (commands.length === 0) return false;
    const outcomes = this.claims(commands);
    for (const outcome of outcomes ?? [])
      if (outcome.outcome === 'claim' && outcome.claim.state === 'expired')
        this.world.faults.strike('claim expired');
    return true;
  }

  /** A person decides about an order that is held, waiting or refused; false where there is none. */
  byHand(number: string, what: 'release' | 'reject'): boolean {
    const { deciders } = this.world;
    const authored = { author: 'somebody', reason: 'because' };
    return this.transact(
      { orders: [number], releasing: [number] },
      (book) => {
        if (what === 'release') deciders.releaseByHand(book, number, authored);
        else deciders.rejectByHand(book, number, authored);
      },
      what === 'release',
    );
  }

  /** A person sets how many pieces are kept back, at most shown, and kept for a channel. */
  setRules(number: string, rules: Omit<Article['rules'], 'version'>): boolean {
    return this.transact({ moving: [number] }, (book) => {
      const article = book.article(number);
      Object.assign(article, { rules: { version: article.rules.version + 1, ...rules }, moved: true });
      book.touch(article);
      this.world.deciders.reviewQueue(book);
    });
  }

  /** Levels that were made for other terms are made anew, as when a channel fell silent or came back. */
  lookOver(): boolean {
    const articles = [...this.tables.articles.keys()];
    return this.transact({ articles }, (book) => {
      for (const article of book.articles.values()) book.touch(article);
    });
  }
}
