import { describe, expect, it } from '@jest/globals';
import {
  type Event,
  type Order,
  OrderAccepted,
  OrderCancelled,
  OrderCancelRefused,
  OrderRefused,
} from '@samlast/contracts';
import * as fc from 'fast-check';
import {
  amended,
  cancelRequested,
  doubtful,
  leasedTo,
  lineAccepted,
  message,
  observed,
  placed,
  shelfSet,
} from '../testing/authority.ts';
import { stageAuthority } from '../testing/stage.ts';
import { verify } from './verify.ts';

const seed = Date.now() % 2_147_483_647;
process.stderr.write(`random-days.spec: seed ${seed}\n`);

const articles = ['A', 'B', 'C'];

interface Write {
  readonly number: string;
  readonly revision: number;
  readonly wants: ReadonlyMap<string, number>;
  sent?: number;
  applied: boolean;
}

interface OpenRead {
  readonly article: string;
  readonly started: number;
  readonly flying: Set<Write>;
  seen?: number;
}

/** A warehouse and a gateway that carry out what the authority publishes, in their own time. */
class World {
  private tick = 0;
  private readonly shelf = new Map(articles.map((article) => [article, 12]));
  private readonly open = new Map<string, Map<string, number>>();
  private readonly queue: Write[] = [];
  private readonly reads: OpenRead[] = [];
  /** Every article that an order has ever wanted. */
  private readonly wants = new Map<string, Set<string>>();
  readonly stockMail: unknown[] = [];
  readonly answerMail: unknown[] = [];

  /** What the gateway does on what the authority says. */
  hear(events: readonly Event[]): void {
    for (const { type, key, data } of events) {
      const { revision } = data as { revision: number };
      if (type === 'order.reserved') {
        const { lines } = (data as { order: Order }).order;
        const wants = new Map(lines.map(({ article, quantity }) => [article, Number(quantity)]));
        this.wants.set(key, new Set([...(this.wants.get(key) ?? []), ...wants.keys()]));
        this.queue.push(this.write(key, revision, wants));
      }
      if (type === 'order.cancel-forwarded') this.queue.push(this.write(key, revision, new Map()));
      if (type === 'order.waiting')
        for (const one of (data as { articles: string[] }).articles) this.look(one);
    }
  }

  /** EU's orders name claims, of which some were opened. */
  order(number: string, wants: Map<string, number>, claimKey: string): unknown {
    const one = placed(number, textOf(wants));
    return number.endsWith('-EU') ? { ...one, data: { ...one.data, claimKey } } : one;
  }

  private write = (number: string, revision: number, wants: ReadonlyMap<string, number>): Write => ({
    number,
    revision,
    wants,
    applied: false,
  });

  step([kind, pick]: readonly [number, number]): void {
    const write = this.queue[pick % Math.max(1, Math.min(2, this.queue.length))];
    const first = write && this.queue.find((one) => one.number === write.number);
    if (kind === 0) this.send(first);
    else if (kind === 1) this.apply(first);
    else if (kind === 2) this.answer(first, pick);
    else if (kind === 3) this.reads.push(this.startRead(articles[pick % 3] ?? 'A'));
    else if (kind === 4) this.see(this.reads[pick % Math.max(1, this.reads.length)]);
    else if (kind === 5) this.endRead(pick);
    else if (kind === 6) this.receive(articles[pick % 3] ?? 'A', pick % 4);
  }

  private receive(article: string, count: number): void {
    this.shelf.set(article, (this.shelf.get(article) ?? 0) + count);
  }

  private send(write: Write | undefined): void {
    if (!write || write.sent !== undefined) return;
    write.sent = ++this.tick;
    for (const read of this.reads) read.flying.add(write);
  }

  private apply(write: Write | undefined): void {
    if (!write || write.sent === undefined || write.applied) return;
    write.applied = true;
    this.open.set(write.number, new Map(write.wants));
  }

  private answer(write: Write | undefined, pick: number): void {
    if (!write || write.sent === undefined) return;
    const channel = write.number.slice(write.number.lastIndexOf('-') + 1);
    const ref = { number: write.number, channel, revision: write.revision };
    const at = ++this.tick;
    this.queue.splice(this.queue.indexOf(write), 1);
    const cancel = write.wants.size === 0;
    if (!write.applied && pick % 7 === 0) {
      const refusal = cancel ? { ...ref, reason: 'unknown' } : { ...ref, reason: 'wms' };
      this.answerMail.push(message(cancel ? OrderCancelRefused : OrderRefused, refusal));
      return;
    }
    this.apply(write);
    const steps: [number, number] = [write.sent, at];
    for (const article of this.wants.get(write.number) ?? []) {
      const count = write.wants.get(article) ?? 0;
      this.stockMail.push(lineAccepted(write.number, `${count} ${article}`, steps, write.revision));
    }
    const lines = [...write.wants].map(([article, count], row) => ({
      row: String(row),
      article,
      quantity: String(count),
    }));
    const [sent, accepted] = steps;
    this.answerMail.push(
      cancel
        ? message(OrderCancelled, { ...ref, sent, accepted, by: 'channel' })
        : message(OrderAccepted, { ...ref, sent, accepted, lines }),
    );
  }

  private startRead(article: string): OpenRead {
    const flying = new Set(this.queue.filter((write) => write.sent !== undefined));
    return { article, started: ++this.tick, flying };
  }

  sellable(article: string): number {
    return [...this.open.values()].reduce(
      (left, order) => left - (order.get(article) ?? 0),
      this.shelf.get(article) ?? 0,
    );
  }

  private see(read: OpenRead | undefined): void {
    if (read) read.seen ??= this.sellable(read.article);
  }

  private endRead(pick: number): void {
    const [read] = this.reads.splice(pick % Math.max(1, this.reads.length), 1);
    if (!read) return;
    this.see(read);
    const inFlight = [...read.flying].map(({ number, revision }) => ({ number, revision }));
    this.stockMail.push(observed(read.article, read.seen ?? 0, [read.started, ++this.tick], { inFlight }));
  }

  /** The gateway holds a read that says anything. */
  doubt(article: string, sellable: number): void {
    const sent = this.queue.filter((write) => write.sent !== undefined);
    const inFlight = sent.map(({ number, revision }) => ({ number, revision }));
    this.stockMail.push(doubtful(article, sellable, [++this.tick, ++this.tick], { inFlight }));
  }

  /** A whole read at once. */
  look(article: string): void {
    const read = this.startRead(article);
    this.reads.push(read);
    this.endRead(this.reads.length - 1);
  }

  /** The gateway works its queue off, and reads everything once more. */
  rest(): void {
    for (let write = this.queue[0]; write; [write] = this.queue) {
      this.send(write);
      this.answer(write, 1);
    }
    this.reads.length = 0;
    for (const article of articles) this.look(article);
  }
}

const textOf = (wants: ReadonlyMap<string, number>) =>
  [...wants].map(([article, count]) => `${article}:${count}`).join(' ');

const wish = fc
  .dictionary(fc.constantFrom('A', 'A', 'A', 'B', 'B', 'C'), fc.integer({ min: 1, max: 4 }), {
    minKeys: 1,
    maxKeys: 2,
  })
  .map((wants) => new Map(Object.entries(wants)));
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ order: wish, channel: fc.constantFrom('SE', 'EU', 'ERP') }) },
  { weight: 2, arbitrary: fc.record({ cancel: fc.nat(5) }) },
  { weight: 2, arbitrary: fc.record({ amend: fc.nat(5), wants: wish }) },
  { weight: 9, arbitrary: fc.record({ world: fc.tuple(fc.nat(6), fc.nat(50)) }) },
  { weight: 3, arbitrary: fc.record({ stock: fc.nat(4) }) },
  { weight: 3, arbitrary: fc.record({ answers: fc.nat(4) }) },
  { weight: 2, arbitrary: fc.record({ claim: wish, key: fc.nat(8) }) },
  {
    weight: 2,
    arbitrary: fc.record({ change: fc.constantFrom('confirm', 'release', 'expire'), key: fc.nat(8) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ doubted: fc.constantFrom(...articles), sellable: fc.nat(12) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ shelf: fc.constantFrom(...articles), of: fc.constantFrom('SE', 'ERP') }),
  },
);

/** SE and the ERP sell on lease, EU shares; claims may come from any of them. */
const leasing = leasedTo('SE', 'ERP').map((one) => ({ ...one, scarceBelow: '4' }));
const authority = stageAuthority(leasing);

/** A shop has written what the newest level asked for. */
async function confirmShelf(channel: string, article: string): Promise<void> {
  const [row] = await authority.query<{ version: string; target: string | null }>(
    `SELECT version, target::numeric / 1000 AS target FROM articles JOIN leases ON article_id = id
     WHERE number = $1 AND channel = $2`,
    [article, channel],
  );
  if (row?.target)
    await authority.shelves(shelfSet(channel, article, Number(row.version), String(Number(row.target))));
}

async function changeClaim(kind: 'confirm' | 'release' | 'expire', key: string): Promise<void> {
  const ref = { channel: 'EU', key };
  await authority.claims(kind === 'expire' ? { kind, ...ref, version: 1 } : { kind, ...ref });
}

/** What is published on the way reaches the world. */
async function heard(world: World, work: () => Promise<unknown>): Promise<void> {
  const before = authority.published.length;
  await work();
  world.hear(authority.published.slice(before));
}

async function deliver(world: World): Promise<void> {
  while (world.stockMail.length + world.answerMail.length > 0) {
    if (world.stockMail.length > 0) world.hear(await authority.stock(...world.stockMail.splice(0)));
    if (world.answerMail.length > 0) world.hear(await authority.answers(...world.answerMail.splice(0)));
  }
}

async function aDay(
  run: readonly (typeof step extends fc.Arbitrary<infer Step> ? Step : never)[],
): Promise<World> {
  await authority.empty();
  for (const { code } of leasing) await authority.register(code, 'compare-and-set');
  const world = new World();
  let placedOrders = 0;
  let revision = 1;
  for (const article of articles.slice(0, 2)) world.look(article);
  await deliver(world);
  for (const one of run) {
    if ('order' in one) {
      world.hear(
        await authority.orders(world.order(`${++placedOrders}-${one.channel}`, one.order, `${placedOrders}`)),
      );
    } else if ('cancel' in one) {
      const [known] = await authority.query<{ number: string }>(
        'SELECT number FROM orders ORDER BY id OFFSET $1 LIMIT 1',
        [one.cancel],
      );
      if (known) world.hear(await authority.orders(cancelRequested(known.number, ++revision)));
    } else if ('amend' in one) {
      const [known] = await authority.query<{ number: string }>(
        'SELECT number FROM orders ORDER BY id OFFSET $1 LIMIT 1',
        [one.amend],
      );
      // Channels number what they say of an order in a row, whatever becomes of it.
      const change = known && amended(known.number, textOf(one.wants), ++revision);
      if (change) world.hear(await authority.orders(change));
    } else if ('claim' in one) {
      const needs = new Map([...one.claim].map(([article, count]) => [article, BigInt(count) * 1000n]));
      const key = `${one.key}`;
      const expiresAt = new Date(Date.now() + 60_000);
      await heard(world, () =>
        authority.claims({ kind: 'open', channel: 'EU', key, digest: key, needs, expiresAt }),
      );
    } else if ('change' in one) await heard(world, () => changeClaim(one.change, `${one.key}`));
    else if ('shelf' in one) await heard(world, () => confirmShelf(one.of, one.shelf));
    else if ('world' in one) world.step(one.world);
    else if ('doubted' in one) world.doubt(one.doubted, one.sellable);
    else if ('stock' in one) {
      const mail = world.stockMail.splice(0, one.stock);
      if (mail.length > 0) world.hear(await authority.stock(...mail));
    } else {
      const mail = world.answerMail.splice(0, one.answers);
      if (mail.length > 0) world.hear(await authority.answers(...mail));
    }
  }
  for (let round = 0; round < 4; round++) {
    await deliver(world);
    world.rest();
  }
  await deliver(world);
  return world;
}

describe('a random day', () => {
  it('ends with the ledger agreeing, nothing oversold, nothing waiting, and free being what the warehouse says', async () => {
    const tally = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 60, maxLength: 90 }), async (run) => {
        const world = await aDay(run);
        expect(await verify(authority.source)).toMatchObject({ agrees: true });
        const rows = await authority.query<{ number: string; low: string; high: string; kept: string }>(
          `SELECT articles.number, sellable - taken_low AS low, sellable - taken_high AS high, coalesce((
             SELECT sum(most) FROM (SELECT max(quantity) AS most FROM revisions JOIN orders ON orders.id = order_id
               WHERE article_id = articles.id AND orders.state = 'refused' AND NOT nothing GROUP BY orders.id) each), 0) AS kept
           FROM articles`,
        );
        for (const { number, low, high, kept: refused } of rows) {
          expect(Number(low)).toBeGreaterThanOrEqual(0);
          expect(Number(low)).toBe(world.sellable(number) * 1000 - Number(refused));
          expect(high).toBe(low);
        }
        expect(Object.values(await authority.states())).not.toContain('waiting');
        for (const { kind } of await authority.query<{ kind: string }>('SELECT kind FROM ledger'))
          tally.set(kind, (tally.get(kind) ?? 0) + 1);
        const [doubts] = await authority.query<{ count: string }>(
          `SELECT count(*) FROM ledger WHERE (data -> 'counts' ->> 'doubt')::numeric > 0`,
        );
        tally.set('doubts', (tally.get('doubts') ?? 0) + Number(doubts?.count));
        for (const { type } of authority.published) tally.set(type, (tally.get(type) ?? 0) + 1);
      }),
      { numRuns: 8, seed, verbose: 1, endOnFailure: true },
    );
    process.stderr.write(`random-days.spec: ${JSON.stringify(Object.fromEntries(tally))}\n`);
    const kinds = ['reserved', 'short', 'released', 'cancel-forwarded'];
    expect(kinds.filter((kind) => !tally.has(`order.${kind}`))).toEqual([]);
    const others = ['claim.held', 'shelf.confirmed', 'doubts', 'order.amended', 'order.amendment-refused'];
    expect(others.filter((kind) => !tally.get(kind))).toEqual([]);
  });
});
