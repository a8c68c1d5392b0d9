import {
  type Channel,
  Channels,
  type DataOf,
  type Event,
  type EventDefinition,
  LineAccepted,
  OrderAmended,
  OrderCancelRequested,
  OrderPlaced,
  type ShelfMethod,
  ShelfSet,
  StockExpected,
  StockObserved,
} from '@samlast/contracts';
import type { Message } from '@samlast/messaging';
import { openDatabase } from '@samlast/service';
import type { DataSource, EntityManager } from 'typeorm';
import { type ClaimCommand, type ClaimOutcome, decideClaim } from '../claim-stock/decide-claim.ts';
import { ExpectGoods } from '../expect-goods/expect-goods.handler.ts';
import { renewDays } from '../expect-goods/watch-arrivals.ts';
import { ConfirmShelves } from '../lease-stock/confirm-shelves.handler.ts';
import { ObserveStock } from '../observe-stock/observe-stock.handler.ts';
import type { releaseByHand } from '../operate-orders/by-hand.ts';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { ReserveStock } from '../reserve-stock/reserve-stock.handler.ts';
import { SettleOrders } from '../settle-orders/settle-orders.handler.ts';
import { reviewQueue } from '../review-queue/review-queue.ts';
import { dueExpectations } from '../tables/expectations.ts';
import { migrations } from '../tables/migrations.ts';
import { closeBook, openBook } from '../tables/open-book.ts';

export const anna = { author: 'Anna', reason: 'counted on the shelf' };

const startAt = '2026-01-01T00:00:00Z';
const orderType = { code: 'B2C' };

/** SE holds what it cannot cover, EU rejects it and keeps two pieces back, the ERP holds. */
export const channels: Channel[] = Channels.parse({
  channels: [
    { code: 'SE', kind: 'http', orderType, startAt },
    { code: 'EU', kind: 'http', orderType, startAt, shortPolicy: 'reject', margin: '2' },
    { code: 'ERP', kind: 'http', orderType, startAt },
  ],
}).channels;

/** The same, of which these sell on lease and the others share. */
export const leasedTo = (...codes: string[]): Channel[] =>
  channels.map((one) => ({ ...one, mode: codes.includes(one.code) ? 'lease' : 'shared' }));

/** BO waits for whatever arrives, of six pieces at most, PO for what is announced; PART takes what there is. */
export const otherPolicies: Channel[] = Channels.parse({
  channels: [
    { code: 'SE', kind: 'http', orderType, startAt },
    {
      code: 'BO',
      kind: 'http',
      orderType,
      startAt,
      shortPolicy: 'backorder',
      backorderMost: '6',
      backorderAgainst: 'anything',
    },
    { code: 'PO', kind: 'http', orderType, startAt, shortPolicy: 'backorder', backorderMost: '8' },
    { code: 'PART', kind: 'http', orderType, startAt, shortPolicy: 'partial' },
  ],
}).channels;

/** `A:2` wants two pieces of A; `A:2!` is a line that is not picked. */
export function orderOf(number: string, wants: string, revision = 1): DataOf<typeof OrderPlaced> {
  const channel = number.slice(number.lastIndexOf('-') + 1);
  const shopNumber = number.slice(0, number.lastIndexOf('-'));
  const lines = wants.split(' ').map((text, index) => {
    const [article = '', quantity = ''] = text.replace('!', '').split(':');
    return { row: String(index + 1), article, quantity, picked: !text.endsWith('!') };
  });
  const consignee = { name: 'Nobody' };
  const placedAt = '2026-11-24T10:00:00Z';
  return {
    number,
    channel,
    shopNumber,
    shopOrderId: number,
    revision,
    type: orderType,
    placedAt,
    consignee,
    lines,
  };
}

let made = 0;

/** A message as the bus would deliver it. */
export function message<Definition extends EventDefinition>(definition: Definition, data: unknown) {
  const { type, topic, key, channel, data: parsed } = definition.of(data);
  const id = `m${++made}`;
  const rest = { time: '2026-11-24T10:00:00Z', source: 'test', partition: 0, offset: String(made) };
  return {
    id,
    type,
    topic,
    key,
    channel,
    data: parsed,
    text: JSON.stringify(parsed),
    ...rest,
  } as Message<Definition>;
}

export const placed = (number: string, wants: string) => message(OrderPlaced, orderOf(number, wants));

/** The shop's order as it is after a change. */
export const amended = (number: string, wants: string, revision = 2) =>
  message(OrderAmended, orderOf(number, wants, revision));

export function cancelRequested(number: string, revision = 2) {
  const channel = number.slice(number.lastIndexOf('-') + 1);
  return message(OrderCancelRequested, { number, channel, revision, requestedAt: '2026-11-24T11:00:00Z' });
}

type Observation = Partial<Omit<DataOf<typeof StockObserved>, 'article' | 'sellable'>>;

/** A read of `sellable` pieces; `started` and `ended` are the gateway's counter. */
export function observed(
  article: string,
  sellable: number,
  [started, ended]: [number, number],
  rest: Observation = {},
) {
  const read = { article, sellable: String(sellable), started, ended, status: 'active', inFlight: [] };
  return message(StockObserved, { ...read, at: '2026-11-24T10:00:00Z', ...rest });
}

/** The same of a read that the gateway holds. */
export const doubtful = (
  article: string,
  sellable: number,
  steps: [number, number],
  rest: Observation = {},
) => observed(article, sellable, steps, { ...rest, doubtful: true });

/** `3 A` of an order, taken between two ticks; `0 A` for a cancel. */
export function lineAccepted(
  number: string,
  wants: string,
  [sent, accepted]: [number, number],
  revision = 1,
) {
  const [quantity, article] = wants.split(' ');
  const channel = number.slice(number.lastIndexOf('-') + 1);
  return message(LineAccepted, { number, channel, revision, article, quantity, sent, accepted });
}

/** What a shop confirmed to have been allowed to sell, all in all, of a version of its level. */
export function shelfSet(channel: string, article: string, version: number, allowance: string) {
  const rest = { writeId: `${article}-${version}`, method: 'compare-and-set', at: '2026-11-24T10:00:00Z' };
  return message(ShelfSet, { channel, article, version, allowance, shelf: '0', ...rest });
}

/** What purchase orders announce of an article: `5 on 2026-12-03`, or `5`. */
export function expected(article: string, ...days: string[]) {
  const list = days.map((text) => {
    const [quantity, on] = text.split(' on ');
    return { ...(on && { on }), quantity };
  });
  return message(StockExpected, { article, expected: list, at: '2026-11-24T10:00:00Z' });
}

/** A stock authority without a bus: messages in, events out, each call in a transaction of its own. */
export class Authority {
  readonly terms: StockTerms;
  readonly published: Event[] = [];

  private opened: DataSource | undefined;

  constructor(list: Channel[] = channels, WAREHOUSE?: string) {
    this.terms = new StockTerms(list, { WAREHOUSE });
  }

  async open(url: string): Promise<void> {
    this.opened = await openDatabase({ url, schema: 'stock_authority', pool: 6, name: 'test', migrations });
  }

  get source(): DataSource {
    if (!this.opened) throw new Error('the authority has no database before the tests of its spec begin');
    return this.opened;
  }

  async run(work: (tx: EntityManager) => Promise<Event[]>): Promise<Event[]> {
    const events = await this.source.transaction(work);
    this.published.push(...events);
    return events;
  }

  /** As if nothing had ever happened. */
  async empty(): Promise<void> {
    await this.query('ALTER TABLE ledger DISABLE TRIGGER append_only');
    await this.query(
      'TRUNCATE articles, orders, revisions, demands, ledger, channels, leases, claims, shortfalls, kits, expectations RESTART IDENTITY',
    );
    await this.query('ALTER TABLE ledger ENABLE TRIGGER append_only');
    this.published.length = 0;
  }

  orders(...messages: unknown[]): Promise<Event[]> {
    return this.run((tx) => new ReserveStock(this.terms).onOrders(messages as never, tx));
  }

  stock(...messages: unknown[]): Promise<Event[]> {
    return this.run((tx) => new ObserveStock(this.terms).onStock(messages as never, tx));
  }

  expected(...messages: unknown[]): Promise<Event[]> {
    const handler = new ExpectGoods(this.terms, { ARRIVALS_SETTLE_MS: 0 });
    return this.run((tx) => handler.onExpected(messages as never, tx));
  }

  /** What is done by itself once the figures have come to rest. */
  renewDays(): Promise<Event[]> {
    return this.run(async (tx) => renewDays(tx, this.terms, await dueExpectations(tx, 9)));
  }

  shelves(...messages: unknown[]): Promise<Event[]> {
    return this.run((tx) => new ConfirmShelves(this.terms).onShelves(messages as never, tx));
  }

  /** Decides requests about claims as one batch, as the desk does. */
  async claims(...commands: ClaimCommand[]): Promise<ClaimOutcome[]> {
    const outcomes: ClaimOutcome[] = [];
    await this.run(async (tx) => {
      const wanted = commands.flatMap((one) => (one.kind === 'open' ? [...one.needs.keys()] : []));
      const book = await openBook(tx, await this.terms.at(tx), {
        articles: new Set(wanted),
        claims: commands,
      });
      const counts = { byChannel: new Map<string, number>(), byBuyer: new Map<string, number>() };
      for (const command of commands) outcomes.push(decideClaim(book, command, counts));
      reviewQueue(book);
      return closeBook(tx, book);
    });
    return outcomes;
  }

  /** The channel's service gives a sign of life and says how its shop takes stock writes. */
  async register(code: string, method: ShelfMethod): Promise<void> {
    await this.query(
      `INSERT INTO channels (code, kind, shop_identity, instance_id, seen_at, method)
       VALUES ($1, 'http', $1, $1, now(), $2) ON CONFLICT (code) DO UPDATE SET seen_at = now(), method = $2`,
      [code, method],
    );
  }

  /** A person's command on an order. */
  byHand(work: typeof releaseByHand, number: string, by = anna): Promise<Event[]> {
    return this.run(async (tx) => {
      const terms = await this.terms.at(tx);
      const book = await openBook(tx, terms, { orders: [number], releasing: [number] });
      work(book, number, by);
      return closeBook(tx, book);
    });
  }

  answers(...messages: unknown[]): Promise<Event[]> {
    return this.run((tx) => new SettleOrders(this.terms).onAnswers(messages as never, tx));
  }

  query<Row = Record<string, unknown>>(sql: string, params: unknown[] = []): Promise<Row[]> {
    return this.source.query(sql, params);
  }

  async states(): Promise<Record<string, string>> {
    const rows = await this.query<{ number: string; state: string }>(
      'SELECT number, state FROM orders ORDER BY id',
    );
    return Object.fromEntries(rows.map(({ number, state }) => [number, state]));
  }

  /** The newest level that was published for an article: version, free, and what each shop may show. */
  level(article: string): { version: number; free: string; reserved: string; shops: Record<string, string> } {
    const event = this.published.findLast((one) => one.type === 'stock.level-changed' && one.key === article);
    if (!event) throw new Error(`no level of ${article} was published`);
    const data = event.data as {
      version: number;
      free: string;
      reserved: string;
      channels: Record<string, { level: string }>;
    };
    const shops = Object.fromEntries(Object.entries(data.channels).map(([code, { level }]) => [code, level]));
    return { version: data.version, free: data.free, reserved: data.reserved, shops };
  }
}

/** Events in short: type, key and what matters. */
export const told = (events: readonly Event[]): string[] =>
  events.filter((event) => event.type !== 'stock.level-changed').map((event) => `${event.type} ${event.key}`);
