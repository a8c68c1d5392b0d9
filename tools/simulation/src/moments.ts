import type { Event } from '@samlast/contracts';
import { type Book, guarded, type Lease, termsOf } from '@samlast/stock-authority/decisions';
import type { Deciders } from './deciders.ts';
import { channelOf } from './scenario.ts';
import { Random } from './random.ts';
import { Tables, type Wanted } from './tables.ts';

/**
 * Moments that a world of chance meets too seldom, played by hand on the same tables: each answers what is wrong
 * after it, and nothing where the promise is kept.
 */
export type Moment = (deciders: Deciders) => string | undefined;

const AT = '2026-11-24T10:00:00Z';
const PIECE = 1000n;
const alive = { alive: true, method: 'compare-and-set' } as const;

class Scene {
  readonly tables = new Tables(new Map());
  readonly events: Event[] = [];
  private readonly terms;

  constructor(
    private readonly deciders: Deciders,
    mode: 'claim' | 'lease',
  ) {
    const seller = { ...channelOf('SE', mode, new Random(1)), margin: '0', shortPolicy: 'hold' } as const;
    this.terms = { ...termsOf([seller]), shopOf: () => alive };
  }

  transact(wanted: Wanted, work: (book: Book) => void): void {
    const book = this.tables.open((contents) => new this.deciders.Book(this.terms, contents), wanted);
    work(book);
    this.deciders.reviewQueue(book);
    book.close(AT);
    this.tables.save(book);
    this.events.push(...book.events());
  }

  observe(sellable: number, started: number): void {
    const read = {
      article: 'A',
      status: 'active' as const,
      sellable: String(sellable),
      inFlight: [],
      at: AT,
    };
    this.transact({ moving: ['A'], openOf: ['A'] }, (book) =>
      this.deciders.observe(book, { ...read, started, ended: started + 1 }),
    );
  }

  /** A cart that is paid for: its pieces are held until its order comes. */
  confirmClaim(key: string, pieces: bigint): void {
    const counts = { byChannel: new Map<string, number>(), byBuyer: new Map<string, number>() };
    const of = { channel: 'SE', key };
    const needs = new Map([['A', pieces * PIECE]]);
    const expiresAt = new Date(Date.parse(AT) + 60_000);
    this.transact({ articles: ['A'], claims: [of] }, (book) => {
      this.deciders.decideClaim(book, { kind: 'open', digest: key, needs, expiresAt, ...of }, counts);
    });
    this.transact({ claims: [of] }, (book) => {
      this.deciders.decideClaim(book, { kind: 'confirm', ...of }, counts);
    });
  }

  order(number: string, pieces: number, claimKey: string): void {
    const lines = [{ row: '1', article: 'A', quantity: String(pieces), picked: true }];
    const order = {
      number,
      channel: 'SE',
      shopNumber: number,
      shopOrderId: number,
      revision: 1,
      type: { code: 'B2C' },
      placedAt: AT,
      consignee: {},
      lines,
      claimKey,
    };
    const placed = { type: 'order.placed', key: number, data: order, text: JSON.stringify(order) };
    const wish = this.deciders.read(placed as never, this.terms);
    if (wish.kind !== 'placed') throw new Error(`${number} was read as ${wish.kind}`);
    const claims = [{ channel: 'SE', key: claimKey }];
    this.transact({ articles: ['A'], orders: [number], claims }, (book) =>
      this.deciders.placeOrder(book, wish),
    );
  }

  cancel(number: string): void {
    const data = { number, channel: 'SE', revision: 2 };
    const asked = { type: 'order.cancel-requested', key: number, data, text: JSON.stringify(data) };
    const wish = this.deciders.read(asked as never, this.terms);
    if (wish.kind !== 'cancel') throw new Error(`the cancel of ${number} was read as ${wish.kind}`);
    this.transact({ orders: [number], releasing: [number] }, (book) => this.deciders.cancelOrder(book, wish));
  }
}

/** Of five pieces in two carts two vanish. Nobody knows which buyer comes first, until both orders are there. */
export const lastCartIsOrdered: Moment = (deciders) => {
  const scene = new Scene(deciders, 'claim');
  scene.observe(5, 1);
  scene.confirmClaim('first', 3n);
  scene.confirmClaim('second', 2n);
  scene.observe(3, 3);
  scene.order('1-SE', 3, 'first');
  scene.order('2-SE', 2, 'second');
  const states = ['1-SE', '2-SE'].map((number) => scene.tables.orders.get(number)?.state);
  if (states.join() === 'reserved,held') return undefined;
  return `of two orders for 3 and for 2 of the 3 pieces left, the older is ${states[0]}, the younger ${states[1]}`;
};

/** A buyer's cancel is read before his order: the order is none any more, and its pieces are free again. */
export const cancelOvertakesItsOrder: Moment = (deciders) => {
  const scene = new Scene(deciders, 'claim');
  scene.observe(5, 1);
  scene.confirmClaim('his', 3n);
  scene.cancel('1-SE');
  scene.order('1-SE', 3, 'his');
  const state = scene.tables.orders.get('1-SE')?.state;
  const claimed = (scene.tables.articles.get('A')?.claimed ?? 0n) / PIECE;
  const leaves = scene.events.some(({ type }) => type === 'order.reserved');
  if (state === 'cancelled' && claimed === 0n && !leaves) return undefined;
  return `an order that was cancelled first is ${state}${leaves ? ' and goes to the warehouse' : ''}, ${claimed} are claimed`;
};

/** A lease is shared again, and the shop reports that level before two sales of its own were read. */
export const sharedBeforeSalesWereRead: Moment = (deciders) => {
  const scene = new Scene(deciders, 'lease');
  scene.observe(100, 1);
  const article = scene.tables.articles.get('A');
  if (!article) throw new Error('there is no article A');
  const { version } = article;
  // Five pieces of its own; then a level of nine that is shared, of which four are promised to nobody.
  const lease: Lease = {
    channel: 'SE',
    allowance: 5n * PIECE,
    sold: 0n,
    ungranted: 4n * PIECE,
    confirmed: version - 1,
    target: 9n * PIECE,
    flights: [{ version, allowance: 9n * PIECE }],
    pace: 0n,
  };
  Object.assign(article, { leased: false, leasedFrom: version, leases: new Map([['SE', lease]]) });
  const shelf = { channel: 'SE', article: 'A', version, allowance: '11', shelf: '9' };
  scene.transact({ moving: ['A'] }, (book) => deciders.confirmShelf(book, shelf));
  const kept = guarded(scene.tables.articles.get('A')?.leases.get('SE') ?? lease);
  if (kept === 2n * PIECE) return undefined;
  return `two pieces that the shop sold of its own are not read yet, and ${kept / PIECE} are kept for it`;
};
