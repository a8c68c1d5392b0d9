import { type Book, type Claim, type OrderRecord, withParts } from '@samlast/stock-authority/decisions';

export type BookConstructor = new (...parameters: ConstructorParameters<typeof Book>) => Book;
type Contents = ConstructorParameters<typeof Book>[1];
export type Article = Contents['articles'] extends Map<string, infer One> ? One : never;
type Kits = NonNullable<Contents['kits']>;
type Line = Contents['lines'] extends Iterable<infer One> ? One : never;
type Wishes = Contents['wishes'] extends Map<string, infer One> ? One : never;

/** What a transaction wants to have locked and loaded: the same as `openBook` of the authority takes. */
export interface Wanted {
  readonly articles?: Iterable<string>;
  readonly moving?: Iterable<string>;
  readonly claims?: readonly { channel: string; key: string }[];
  readonly orders?: readonly string[];
  readonly releasing?: readonly string[];
  readonly pairs?: readonly { number: string; article: string }[];
  readonly openOf?: readonly string[];
}

const nameOf = ({ channel, key }: { channel: string; key: string }) => `${channel}/${key}`;

/**
 * The authority's tables in memory. A book gets copies of just what `open-book.ts` would load, and only what that
 * would write comes back, so that what is forgotten to be marked as changed is lost here as it would be there.
 */
export class Tables {
  readonly articles = new Map<string, Article>();
  readonly orders = new Map<string, OrderRecord>();
  readonly claims = new Map<string, Claim>();
  readonly wishes = new Map<string, Wishes>();
  readonly heldByChannel = new Map<string, number>();
  private readonly bodies = new Map<string, OrderRecord['body']>();
  private readonly lines = new Map<string, Line[]>();
  private readonly openLines = new Map<string, Set<Line>>();
  private ids = 0;

  constructor(private readonly kits: Kits) {}

  open(make: (contents: Contents) => Book, wanted: Wanted): Book {
    const numbers = wanted.orders ?? [];
    const moving = new Set(wanted.moving);
    for (const number of wanted.releasing ?? [])
      for (const article of this.articlesOf(number)) moving.add(article);
    for (const ref of wanted.claims ?? [])
      for (const article of this.claims.get(nameOf(ref))?.needs.keys() ?? []) moving.add(article);
    const locked = new Set([...(wanted.articles ?? []), ...moving]);
    for (const number of numbers) for (const article of this.articlesOf(number)) locked.add(article);
    const kits = this.kitsFor(locked);
    for (const [kit, parts] of kits) for (const article of [kit, ...parts.keys()]) locked.add(article);
    const reviewed = withParts(kits, moving);
    // As `lockArticles` does: a reviewed article with a queue brings along what its queued orders want.
    const waited = [...reviewed].filter((article) => {
      const stock = this.articles.get(article);
      return stock && isWaitedFor(stock);
    });
    if (waited.length > 0)
      for (const wishes of this.wishes.values()) {
        if (!waited.some((article) => wishes.has(article))) continue;
        for (const article of wishes.keys()) locked.add(article);
      }
    const articles = new Map<string, Article>();
    for (const number of locked) articles.set(number, copyOf(this.articleRow(number)));
    const orders = new Map<string, OrderRecord>();
    const wishes = new Map<string, Wishes>();
    for (const number of numbers) this.loadOrder(number, orders, wishes);
    if (moving.size > 0) this.loadQueue(articles, orders, wishes);
    const claims = new Map<string, Claim>();
    for (const ref of wanted.claims ?? []) {
      const claim = this.claims.get(nameOf(ref));
      if (claim) claims.set(nameOf(ref), { ...claim });
    }
    const lines = this.linesFor(wanted, numbers, orders, wishes);
    return make({ articles, orders, wishes, claims, lines, kits, reviewed });
  }

  /** Every kit that has to do with these articles, as it or through its parts. */
  private kitsFor(articles: ReadonlySet<string>): Kits {
    if (this.kits.size === 0) return this.kits;
    const concerns = ([kit, parts]: [string, ReadonlyMap<string, bigint>]) =>
      articles.has(kit) || [...parts.keys()].some((part) => articles.has(part));
    return new Map([...this.kits].filter(concerns));
  }

  private articlesOf(number: string): string[] {
    const wanted = this.wishes.get(number)?.keys() ?? [];
    const sold = this.orders.get(number)?.wants?.keys() ?? [];
    return [...wanted, ...sold, ...(this.lines.get(number) ?? []).map((line) => line.article.number)];
  }

  private articleRow(number: string): Article {
    let article = this.articles.get(number);
    if (article) return article;
    const leases = new Map() as Article['leases'];
    article = {
      id: number,
      number,
      status: 'unknown',
      sellable: 0n,
      takenLow: 0n,
      takenHigh: 0n,
      queued: 0n,
      queuedFirm: 0n,
      claimed: 0n,
      claimedBy: new Map(),
      leases,
      savedLeases: leases,
      leased: false,
      short: false,
      isKit: this.kits.has(number),
      leasedFrom: 0,
      rules: { version: 0, safety: 0n, limits: new Map() },
      version: 0,
      published: '',
      promised: false,
      moved: false,
    };
    this.articles.set(number, article);
    return article;
  }

  private loadOrder(number: string, orders: Map<string, OrderRecord>, wishes: Map<string, Wishes>): void {
    const order = this.orders.get(number);
    if (!order) return;
    orders.set(number, { ...order, changed: false });
    const mine = this.wishes.get(number);
    if (mine) wishes.set(number, new Map(mine));
  }

  /** Of orders that reach beyond these articles only what they want of these, as the query does. */
  private loadQueue(
    articles: ReadonlyMap<string, Article>,
    orders: Map<string, OrderRecord>,
    wishes: Map<string, Wishes>,
  ): void {
    for (const [number, all] of this.wishes) {
      if (wishes.has(number)) continue;
      const here = [...all].filter(([article]) => {
        const stock = articles.get(article);
        return stock && isWaitedFor(stock);
      });
      if (here.length === 0) continue;
      const order = this.orders.get(number);
      if (!order) continue;
      if (!orders.has(number)) orders.set(number, { ...order, changed: false });
      wishes.set(number, new Map(here));
    }
  }

  private linesFor(
    wanted: Wanted,
    numbers: readonly string[],
    orders: ReadonlyMap<string, OrderRecord>,
    wishes: ReadonlyMap<string, Wishes>,
  ): Line[] {
    const chosen = new Set<Line>();
    for (const number of numbers) {
      if (!orders.get(number)?.digest || wishes.has(number)) continue;
      for (const line of this.lines.get(number) ?? []) chosen.add(line);
    }
    for (const { number, article } of wanted.pairs ?? [])
      for (const line of this.lines.get(number) ?? []) if (line.article.number === article) chosen.add(line);
    for (const article of wanted.openOf ?? [])
      for (const line of this.openLines.get(article) ?? []) chosen.add(line);
    return [...chosen].map((line) => ({ ...line, changed: false }));
  }

  /** Writes what the book has changed, as `closeBook` does; its events can be taken after it. */
  save(book: Book): void {
    this.saveOrders(book);
    this.saveLines(book);
    for (const order of book.left) if (order.id) this.wishes.delete(order.number);
    for (const order of book.joined) {
      const wishes = book.wishes.get(order.number);
      if (wishes) this.wishes.set(order.number, new Map(wishes));
    }
    for (const claim of book.changedClaims) this.saveClaim(claim);
    for (const article of book.touched) this.articles.set(article.number, article);
    for (const order of book.leaving) order.body ??= this.bodies.get(order.number);
  }

  private saveOrders(book: Book): void {
    for (const order of book.orders.values()) {
      if (order.id === undefined) order.id = String(++this.ids);
      else if (!order.changed) continue;
      if (order.body) this.bodies.set(order.number, order.body);
      const { body, ...row } = order;
      void body;
      this.orders.set(order.number, { ...row, changed: false });
    }
  }

  private saveLines(book: Book): void {
    for (const line of book.lines) {
      const { number } = line.order;
      const rows = this.lines.get(number) ?? [];
      const old = rows.find((one) => one.article.number === line.article.number);
      if (!line.changed) {
        // The table does not hold shares: they are computed anew when lines are loaded.
        if (old) old.share = line.share;
        continue;
      }
      const row: Line = {
        order: { id: line.order.id, number },
        article: { id: line.article.number, number: line.article.number },
        revisions: line.revisions,
        share: line.share,
        changed: false,
      };
      this.lines.set(number, [...rows.filter((one) => one !== old), row]);
      let open = this.openLines.get(line.article.number);
      if (!open) this.openLines.set(line.article.number, (open = new Set()));
      if (old) open.delete(old);
      if (!row.share.settled) open.add(row);
    }
  }

  private saveClaim(claim: Claim): void {
    const name = nameOf(claim);
    const held = (one: Claim | undefined) => one?.state === 'open' || one?.state === 'confirmed';
    const change = Number(held(claim)) - Number(held(this.claims.get(name)));
    this.claims.set(name, { ...claim, id: name });
    this.heldByChannel.set(claim.channel, (this.heldByChannel.get(claim.channel) ?? 0) + change);
  }
}

const isWaitedFor = ({ queued, claimed }: Article) => queued > 0n || claimed > 0n;

/** Leases never change in place, so that it is enough to copy the list of them. */
function copyOf(article: Article): Article {
  const copy = { ...article };
  return Object.assign(copy, {
    claimedBy: new Map(article.claimedBy),
    leases: new Map(article.leases),
    savedLeases: article.leases,
    promised: false,
    moved: false,
  });
}
