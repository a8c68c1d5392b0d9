import { randomUUID } from 'node:crypto';
import type {
  FeedPosition,
  OrderNote,
  OrderPage,
  OrderRef,
  ReadOrder,
  Shipment,
  Shop,
  ShopFeatures,
  ShopOrder,
} from '../shop.ts';
import type { ShelfAccess, ShelfAnswer, ShelfNumber, ShelfWrite } from '../shop-shelf.ts';
import type { Safety } from '../safety.ts';
import { ShopRefused } from '../shop-errors.ts';
import { standardHeaders, standardWebhook } from '../receive-webhooks/standard-webhook.ts';
import { type Claiming, promised } from './fake-claims.ts';
import type { FarFulfilment, FarMessage, FarOrder, FarSale, FarSide, FarWebhook } from './far-side.ts';

const PAGE = 4;
const secret = `whsec_${Buffer.alloc(24, 5).toString('base64')}`;

interface FakeOrder {
  readonly id: string;
  readonly number: string;
  readonly placedAt: number;
  changedAt: number;
  /** When the feed shows the last change. */
  visibleAt: number;
  state: 'placed' | 'cancelled' | 'not-yet';
  readonly article: string;
  quantity: number;
  readonly parcels: (FarFulfilment & { key: string })[];
  readonly notes: Set<string>;
  readonly claimKey?: string;
}

export interface FakeShopOptions {
  readonly method: Exclude<ShelfAccess['method'], 'none'>;
  readonly feedLagMs: number;
  readonly safety?: readonly Safety[];
  /** It sells whatever its number says, as shops do that look at it before the payment only. */
  readonly sellsBlindly?: boolean;
}

/** A shop in memory that takes stock writes in the way that it is told, and shows its orders late. */
export class FakeShop implements Shop, FarSide {
  readonly env = {};
  readonly moreThanOnePage = PAGE + 2;
  readonly features: ShopFeatures;
  readonly shelf: ShelfAccess;
  readonly webhook = standardWebhook([secret], (_name, body) => {
    const { order, placed } = body as { order: string; placed: boolean };
    return { orders: [{ id: order, placed }], articles: false };
  });
  /** The claim that the next order's buyer has taken. */
  claimKeyOfNext?: string;
  /** Where it asks before it sells, once it does. */
  private asks?: Claiming;
  private readonly orders = new Map<string, FakeOrder>();
  /** `stocked`: before reservations. Otherwise what is left to sell. */
  private readonly numbers = new Map<string, number>();
  /** `stocked`: what buyers at the till are about to pay for, which is reserved with the order only. */
  private readonly atTill = new Map<string, number>();
  private lastChange = 0;
  private changes = 0;
  private nextNumber = 5178;

  constructor(private readonly options: FakeShopOptions) {
    const { feedLagMs, safety } = options;
    this.features = { feedLagMs, restocksCancelled: true, safety };
    this.shelf = {
      method: options.method,
      wholePieces: true,
      read: async (articles) => this.readNumbers(articles),
      write: async (writes) => writes.map((write) => this.write(write)),
    };
  }

  async *changedOrders(since: FeedPosition): AsyncIterable<OrderPage> {
    let position = since;
    for (;;) {
      const [at, id] = [Date.parse(position.changedAt), position.id];
      const found = [...this.orders.values()]
        .filter((one) => one.visibleAt <= Date.now())
        .filter((one) => one.changedAt > at || (one.changedAt === at && one.id > id))
        .toSorted((one, other) => one.changedAt - other.changedAt)
        .slice(0, PAGE);
      const last = found.at(-1);
      if (last) position = { changedAt: new Date(last.changedAt).toISOString(), id: last.id };
      yield { orders: found.map(toRead), readTo: position };
      if (found.length < PAGE) return;
    }
  }

  // Named `order` by both sides: the adapter's reading carries what the suite looks at too.
  async order(id: string): Promise<ReadOrder & FarOrder> {
    const order = this.find(id);
    const fulfilments = order.parcels.map(({ key: _key, ...told }) => told);
    return {
      ...toRead(order),
      cancelled: order.state === 'cancelled',
      fulfilments,
      notes: order.notes.size,
    };
  }

  async fulfil({ id }: OrderRef, { parcel, lines, ...told }: Shipment): Promise<void> {
    const order = this.find(id);
    if (order.parcels.some((one) => one.key === parcel)) return;
    if (order.state === 'cancelled') throw new ShopRefused('The order is cancelled.');
    const quantity = lines.reduce((sum, line) => sum + Number(line.quantity), 0);
    const { carrier, trackingNumber, trackingUrl } = told;
    order.parcels.push({ key: parcel, carrier, trackingNumber, trackingUrl, quantity });
    if (this.options.method === 'stocked') this.add(order.article, -quantity);
    this.touched(order);
  }

  // Staff and the channel cancel in the same way here.
  async cancel(which: OrderRef | string): Promise<void> {
    const order = this.find(typeof which === 'string' ? which : which.id);
    if (order.state === 'cancelled') return;
    order.state = 'cancelled';
    if (this.options.method !== 'stocked') this.add(order.article, order.quantity);
    this.touched(order);
  }

  async note({ id }: OrderRef, { key }: OrderNote): Promise<void> {
    this.find(id).notes.add(key);
  }

  async newArticle(offered: number): Promise<string> {
    const article = `A-${randomUUID().slice(0, 8)}`;
    this.numbers.set(article, offered);
    return article;
  }

  async offered(article: string): Promise<number> {
    return this.left(article);
  }

  async claiming(channel: Claiming): Promise<FarSide> {
    this.asks = channel;
    return this;
  }

  async buy(article: string, quantity: number): Promise<FarSale | undefined> {
    const claim = this.asks && (await promised(this.asks, article, quantity));
    if (this.asks && !claim) return undefined;
    if (!claim && !this.options.sellsBlindly && this.free(article) < quantity) return undefined;
    if (claim) this.claimKeyOfNext = claim;
    if (this.options.method !== 'stocked') this.add(article, -quantity);
    return this.place(article, quantity, 'placed');
  }

  async atTheTill(article: string, quantity: number): Promise<() => Promise<FarSale | undefined>> {
    if (this.asks || this.options.method !== 'stocked') return () => this.buy(article, quantity);
    if (this.free(article) < quantity) return async () => undefined;
    const stand = (pieces: number) => this.atTill.set(article, (this.atTill.get(article) ?? 0) + pieces);
    stand(quantity);
    return async () => {
      stand(-quantity);
      return this.place(article, quantity, 'placed');
    };
  }

  async touch(id: string): Promise<void> {
    this.touched(this.find(id));
  }

  async change(id: string, quantity: number): Promise<void> {
    const order = this.find(id);
    if (this.options.method !== 'stocked') this.add(order.article, order.quantity - quantity);
    order.quantity = quantity;
    this.touched(order);
  }

  async phantom(): Promise<string> {
    return this.place('ANY', 1, 'not-yet').id;
  }

  async unreadable(): Promise<string> {
    return this.place('ANY', 1, 'placed', 'x'.repeat(60)).id;
  }

  webhookAbout(order: string, { id, at, what }: FarMessage): FarWebhook {
    const body = JSON.stringify({ order, placed: what === 'placed' });
    return { name: 'orders', headers: standardHeaders([secret], id, at, body), body };
  }

  async stop(): Promise<void> {}

  private place(article: string, quantity: number, state: FakeOrder['state'], number?: string) {
    const order: FakeOrder = {
      id: `o-${randomUUID()}`,
      number: number ?? String(this.nextNumber++),
      placedAt: Date.now(),
      changedAt: 0,
      visibleAt: 0,
      state,
      article,
      quantity,
      parcels: [],
      notes: new Set(),
      claimKey: this.claimKeyOfNext,
    };
    this.claimKeyOfNext = undefined;
    this.orders.set(order.id, order);
    this.touched(order);
    return { id: order.id, number: order.number };
  }

  private touched(order: FakeOrder): void {
    this.lastChange = Math.max(Date.now(), this.lastChange + 1);
    order.changedAt = this.lastChange;
    // Every second change is late, so that a later one is seen before it.
    this.changes++;
    order.visibleAt = Date.now() + (this.changes % 2) * this.options.feedLagMs * 0.9;
  }

  private find(id: string): FakeOrder {
    const order = this.orders.get(id);
    if (!order) throw new ShopRefused('There is no such order.', { status: 404 });
    return order;
  }

  private add(article: string, pieces: number): void {
    this.numbers.set(article, (this.numbers.get(article) ?? 0) + pieces);
  }

  private reserved(article: string): number {
    return [...this.orders.values()]
      .filter((one) => one.article === article && one.state === 'placed')
      .reduce(
        (sum, one) => sum + one.quantity - one.parcels.reduce((made, { quantity }) => made + quantity, 0),
        0,
      );
  }

  private left(article: string): number {
    const number = this.numbers.get(article) ?? 0;
    return this.options.method === 'stocked' ? number - this.reserved(article) : number;
  }

  /** For who is not at the till yet. */
  private free(article: string): number {
    return this.left(article) - (this.atTill.get(article) ?? 0);
  }

  private readNumbers(articles: readonly string[]): Map<string, ShelfNumber> {
    return new Map(
      articles
        .filter((article) => this.numbers.has(article))
        .map((article) => [
          article,
          {
            number: String(this.numbers.get(article)),
            reserved: String(this.reserved(article)),
            atPayment: String(this.atTill.get(article) ?? 0),
          },
        ]),
    );
  }

  private write({ article, from, to }: ShelfWrite): ShelfAnswer {
    const now = this.numbers.get(article);
    if (now === undefined) return { article, outcome: 'unknown-article' };
    const { method } = this.options;
    if (method === 'compare-and-set' && now !== Number(from)) return { article, outcome: 'changed' };
    const next = method === 'relative' ? now + Number(to) - Number(from) : Number(to);
    if (next < 0) return { article, outcome: 'changed' };
    this.numbers.set(article, next);
    return { article, outcome: 'set', number: String(next) };
  }
}

function toRead(order: FakeOrder): ShopOrder {
  const fulfilled = order.parcels.reduce((sum, { quantity }) => sum + quantity, 0);
  return {
    id: order.id,
    number: order.number,
    placedAt: new Date(order.placedAt).toISOString(),
    changedAt: new Date(order.changedAt).toISOString(),
    state: order.state,
    claimKey: order.claimKey,
    consignee: { name: 'Kim Buyer', countryCode: 'SE' },
    lines: [
      { id: '1', article: order.article, quantity: String(order.quantity), fulfilled: String(fulfilled) },
    ],
  };
}
