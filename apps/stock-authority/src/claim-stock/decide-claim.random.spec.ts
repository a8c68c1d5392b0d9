import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { levelsNow } from '../publish-levels/levels.ts';
import { type Terms, termsOf } from '../publish-levels/terms.ts';
import { read } from '../reserve-stock/intake.ts';
import { placeOrder } from '../reserve-stock/place-order.ts';
import { reviewQueue } from '../review-queue/review-queue.ts';
import { NO_RULES } from '../set-rules/rules.ts';
import type { ArticleStock } from '../tables/articles.ts';
import { Book } from '../tables/book.ts';
import { channels, placed } from '../testing/authority.ts';
import { type Claim, isHeld } from './claim.ts';
import { type ClaimCommand, decideClaim, shortagesOf } from './decide-claim.ts';

const seed = Date.now() % 2_147_483_647;
process.stderr.write(`decide-claim.random.spec: seed ${seed}\n`);

const PIECES: Record<string, number> = { A: 5, B: 3 };
const PIECE = 1000n;
const soon = new Date('2026-11-24T10:10:00Z');
const list = channels.map((one) => ({ ...one, margin: '0', mode: 'claim' as const, claimsMost: 2 }));
const terms: Terms = { ...termsOf(list), shopOf: () => ({ alive: true }) };

function stock(number: string): ArticleStock {
  const leases: ArticleStock['leases'] = new Map();
  const none = { takenLow: 0n, takenHigh: 0n, queued: 0n, queuedFirm: 0n, claimed: 0n };
  const off = { leased: false, short: false, isKit: false, promised: false, moved: false };
  return {
    ...none,
    ...off,
    id: number,
    number,
    status: 'active',
    sellable: BigInt(PIECES[number] ?? 0) * PIECE,
    read: { started: 1, ended: 2 },
    claimedBy: new Map(),
    leases,
    savedLeases: leases,
    leasedFrom: 0,
    rules: NO_RULES,
    version: 0,
    published: '',
  };
}

const wants = fc
  .record({ A: fc.integer({ min: 0, max: 3 }), B: fc.integer({ min: 0, max: 2 }) })
  .filter(({ A, B }) => A + B > 0);
const key = fc.integer({ min: 1, max: 3 }).map((number) => `cart-${number}`);
/** EU rejects what it cannot cover, the other two hold it. */
const channel = fc.constantFrom('SE', 'EU');
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('open' as const), channel, key, wants }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constantFrom('confirm' as const, 'release' as const), channel, key }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('extend' as const), channel, key, minutes: fc.nat(60) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('expire' as const), channel, key, version: fc.nat(4) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('order' as const), channel, key, wants }) },
);
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;

const needsOf = (wanted: Record<string, number>) =>
  new Map(
    Object.entries(wanted)
      .filter(([, count]) => count > 0)
      .map(([article, count]) => [article, BigInt(count) * PIECE]),
  );
const nameOf = (one: { channel: string; key: string }) => `${one.channel}/${one.key}`;

/** Claims and orders of one day, and what their buyers were told. */
class Day {
  readonly book = new Book(terms, {
    articles: new Map(Object.keys(PIECES).map((number) => [number, stock(number)])),
    orders: new Map(),
    wishes: new Map(),
    claims: new Map(),
    lines: [],
    ids: Array.from({ length: 100 }, (_, index) => `${index + 1}`),
  });
  readonly confirmed = new Set<string>();
  readonly seen = new Map<string, number>();
  private orders = 0;

  take(one: Step): void {
    if (one.kind === 'order') this.order(one);
    else this.decide(one);
    reviewQueue(this.book);
    this.book.close('2026-11-24T10:00:00Z');
    this.look();
  }

  private decide(one: Exclude<Step, { kind: 'order' }>): void {
    const before = { ...this.book.claims.get(nameOf(one)) };
    const counts = { byChannel: this.held(), byBuyer: new Map<string, number>() };
    const outcome = decideClaim(this.book, commandOf(one), counts);
    this.count(`${one.kind} ${outcome.outcome === 'claim' ? outcome.claim.state : outcome.outcome}`);
    if (outcome.outcome !== 'claim') return;
    if (outcome.claim.state === 'confirmed') this.confirmed.add(nameOf(one));
    if (one.kind === 'release') this.confirmed.delete(nameOf(one));
    if (one.kind === 'expire' && one.version !== before.version) expect(outcome.claim).toEqual(before);
    if (one.kind === 'open' && outcome.repeated) expect(outcome.claim).toEqual(before);
  }

  private order(one: Extract<Step, { kind: 'order' }>): void {
    const claim = this.book.claims.get(nameOf(one));
    const held = claim && isHeld(claim) ? claim.needs : undefined;
    const wanted = needsOf(one.wants);
    const number = `${++this.orders}-${one.channel}`;
    const text = Object.entries(one.wants).map(([article, count]) => `${article}:${count}`);
    const message = placed(number, text.filter((each) => !each.endsWith(':0')).join(' '));
    const data = { ...message.data, claimKey: one.key };
    placeOrder(this.book, read({ ...message, data } as never, terms) as never);
    const { state } = this.book.orders.get(number) ?? {};
    this.count(`order ${held ? 'with a claim' : 'without'} ${state}`);
    const covered = held && [...wanted].every(([article, pieces]) => pieces <= (held.get(article) ?? 0n));
    if (covered) expect(state).toBe('reserved');
  }

  private held(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const claim of this.book.claims.values())
      if (isHeld(claim)) counts.set(claim.channel, (counts.get(claim.channel) ?? 0) + 1);
    return counts;
  }

  private heldBy(channel: string, number: string): bigint {
    let held = 0n;
    for (const claim of this.book.claims.values())
      if (isHeld(claim) && claim.channel === channel) held += claim.needs.get(number) ?? 0n;
    return held;
  }

  private count(what: string): void {
    this.seen.set(what, (this.seen.get(what) ?? 0) + 1);
  }

  /** Reckoned from claims and orders alone, a million times: `expect` would take half of the time. */
  private look(): void {
    const { book } = this;
    for (const [number, article] of book.articles) {
      let claimed = 0n;
      for (const claim of book.claims.values()) if (isHeld(claim)) claimed += claim.needs.get(number) ?? 0n;
      for (const wishes of book.wishes.values()) claimed += wishes.get(number)?.own ?? 0n;
      let reserved = 0n;
      for (const { revisions } of book.linesOn(number))
        reserved += revisions.at(-1)?.refused ? 0n : (revisions.at(-1)?.quantity ?? 0n);
      if (article.claimed !== claimed)
        throw new Error(`${number}: ${article.claimed} claimed, not ${claimed}`);
      if (claimed + reserved > article.sellable)
        throw new Error(`${number}: ${claimed} + ${reserved} held of ${article.sellable}`);
      for (const [channel, shows] of levelsNow(article, terms)) {
        const own = this.heldBy(channel, number);
        const counted = article.claimedBy.get(channel) ?? 0n;
        // A buyer who has claimed finds his piece there, and what is shown beside it there is a claim for.
        const lacks = article.queued === 0n && shows < own;
        const beside = new Map([[number, shows - own]]);
        const unclaimable = shows > own && shortagesOf(book, channel, beside).length > 0;
        if (counted !== own || lacks || unclaimable)
          throw new Error(
            `${channel} shows ${shows} of ${number}, its buyers claimed ${own}, counted ${counted}`,
          );
      }
    }
    for (const name of this.confirmed) {
      const { state } = book.claims.get(name) as Claim;
      if (state !== 'confirmed' && state !== 'ordered')
        throw new Error(`${name} was confirmed, and is ${state}`);
    }
  }
}

function commandOf(one: Exclude<Step, { kind: 'order' }>): ClaimCommand {
  const { channel, key } = one;
  switch (one.kind) {
    case 'open':
      return {
        kind: 'open',
        channel,
        key,
        digest: JSON.stringify(one.wants),
        needs: needsOf(one.wants),
        expiresAt: soon,
      };
    case 'extend':
      return { kind: 'extend', channel, key, expiresAt: new Date(soon.getTime() + one.minutes * 60_000) };
    case 'expire':
      return { kind: 'expire', channel, key, version: one.version };
    default:
      return { kind: one.kind, channel, key };
  }
}

describe('claims, whatever is asked about them in whatever order', () => {
  it('hold no piece twice, end once, are never taken back after they were confirmed, and are taken by their order', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (run) => {
        const day = new Day();
        for (const one of run) day.take(one);
        for (const [what, count] of day.seen) seen.set(what, (seen.get(what) ?? 0) + count);
      }),
      { seed, numRuns: 1_500 },
    );
    process.stderr.write(
      `decide-claim.random.spec: ${JSON.stringify(Object.fromEntries([...seen].toSorted()))}\n`,
    );
    const must = [
      'confirm late',
      'confirm confirmed',
      'expire expired',
      'open refused',
      'open differs',
      'open too-many',
    ];
    const orders = ['with a claim reserved', 'with a claim held', 'without held', 'without rejected'].map(
      (one) => `order ${one}`,
    );
    expect([...must, ...orders].filter((what) => !seen.has(what))).toEqual([]);
  });
});
