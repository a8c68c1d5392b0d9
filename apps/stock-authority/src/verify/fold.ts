import { fromMilli, toMilli } from '@samlast/contracts';
import type { Recorded } from '../tables/ledger.ts';
import { isQueued, type State } from '../tables/orders.ts';
import {
  withAnswer,
  withFlights,
  withChangeRefused,
  withNoneOlder,
  withNothingTaken,
  withRefusal,
  withRevision,
} from '../watermark/line.ts';
import type { Revision } from '../watermark/watermark.ts';
import { ArticleFold } from './article-fold.ts';
import {
  CLAIM_STATES,
  type Data,
  ended,
  type FoldedClaim,
  type FoldedOrder,
  isKit,
  mapOf,
  promised,
  Unfoldable,
} from './folded.ts';

/**
 * The state that the ledger's entries make, one by one. It decides nothing again: it takes each verdict as
 * it stands, books what it says, and checks it against the figures of that moment.
 */
export class Fold extends ArticleFold {
  readonly orders = new Map<string, FoldedOrder>();
  /** By channel and key. */
  readonly claims = new Map<string, FoldedClaim>();
  /** Pieces of claims that orders took along, by order and article, until the order's own entry. */
  private readonly brought = new Map<string, Map<string, bigint>>();

  /** Books one entry. Says what is wrong with it, where something is. Throws Unfoldable. */
  apply({ id, kind, number, article, data }: Recorded): string | undefined {
    const of = data as unknown as Data;
    if (kind === 'stock.observed') return this.observe(this.article(article ?? '', id), of);
    if (kind === 'level') return this.level(this.article(article ?? '', id), data);
    if (kind === 'level.restored') return this.restore(this.article(article ?? '', id), of);
    if (kind === 'lease.granted') return this.grant(this.article(article ?? '', id), of.leases);
    if (this.describe(kind, () => this.article(article ?? '', id), data)) return undefined;
    if (kind === 'lease.given-up') return this.giveUp(this.article(article ?? '', id), of.channel);
    if (kind === 'shelf.confirmed') return this.confirmShelf(this.article(article ?? '', id), of);
    if (kind.startsWith('claim.')) return this.claim(kind, number, of, id);
    if (number === null) return undefined;
    if (kind === 'order.placed') return this.place(number, of, id);
    if (kind === 'order.cancel-requested' && of.outcome === 'remembered') {
      this.orders.set(number, ended(of.channel, new Map(), of.revision, id));
      return undefined;
    }
    const order = this.orders.get(number);
    if (!order) {
      if (kind === 'order.unknown' || (kind === 'line.accepted' && !of.known)) return undefined;
      throw new Unfoldable(`it is about order ${number}, which no entry before it placed`);
    }
    order.entry = id;
    return this.change(kind, number, order, of, article);
  }

  private change(
    kind: string,
    number: string,
    order: FoldedOrder,
    of: Data,
    article: string | null,
  ): string | undefined {
    const { revision, sent, accepted } = of;
    const revise = (change: (line: readonly Revision[]) => readonly Revision[], only?: readonly string[]) => {
      for (const one of order.articles)
        if (!only || only.includes(one)) this.revise(one, number, change, order.entry);
    };
    switch (kind) {
      case 'order.amended':
        return this.amend(number, order, of);
      case 'order.decided':
        return this.decide(number, order, of.state, of.firm, true, of.part);
      case 'order.released-by-hand':
        return this.decide(number, order, 'reserved', false, false);
      case 'order.rejected-by-hand':
        revise(withNothingTaken);
        return this.decide(number, order, 'rejected', false, true);
      case 'order.cancel-requested':
        if (of.restocked === false) order.standing = false;
        else this.takeBack(order);
        if (of.outcome === 'released') return this.decide(number, order, 'cancelled', false, true);
        if (of.outcome === 'forwarded') revise((line) => withRevision(line, revision, 0n));
        return undefined;
      case 'line.accepted':
        revise(
          (line) => withAnswer(line, { revision, nothing: of.nothing, sent, accepted }),
          [article ?? ''],
        );
        return undefined;
      case 'order.accepted':
        if (order.state === 'refused') order.state = 'reserved';
        revise((line) => {
          const asked = line.find((one) => one.revision === revision);
          const answer = { revision, nothing: asked?.quantity === 0n, sent, accepted };
          return asked ? withAnswer(line, answer) : line;
        });
        return undefined;
      case 'order.cancelled':
        revise((line) => withAnswer(line, { revision, nothing: true, sent, accepted }));
        if (order.state === 'rejected') return undefined;
        return this.decide(number, order, 'cancelled', false, true);
      case 'order.refused':
        revise((line) =>
          of.standing
            ? withChangeRefused(line, revision)
            : withNoneOlder(
                withFlights(line, () => false),
                revision,
              ),
        );
        if (!of.standing && order.state === 'reserved') order.state = 'refused';
        return undefined;
      case 'order.endangered':
        order.short =
          of.shortages.length > 0 ? new Map(of.shortages.map((one) => [one.article, one])) : undefined;
        return undefined;
      case 'order.cancel-refused':
        revise((line) => withRefusal(line, revision, true));
        return undefined;
      default:
        return undefined;
    }
  }

  private place(number: string, of: Data, id: string): string | undefined {
    const known = this.orders.get(number);
    if (known && of.state !== 'cancelled') throw new Unfoldable(`order ${number} was placed twice`);
    const needs = new Map(Object.entries(of.needs).map(([one, text]) => [one, toMilli(text)]));
    const order = ended(of.channel, needs, of.revision, id);
    this.orders.set(number, order);
    if (known) return undefined;
    order.standing = true;
    const brought = this.brought.get(number);
    this.brought.delete(number);
    const own = new Map(brought);
    order.wants = of.wants && mapOf(of.wants);
    for (const [one, quantity] of order.wants ?? needs)
      own.set(one, (own.get(one) ?? 0n) + this.trade(order, one, quantity));
    order.own = own;
    this.keepPart(order, of.part);
    return this.enter(number, order, of.state, of.firm ?? false, true);
  }

  /** Only a part goes to the warehouse; the rest is an order no more, but its shop has sold it. */
  private keepPart(order: FoldedOrder, texts: Record<string, string> | undefined): void {
    if (!texts) return;
    order.wants = order.needs;
    order.needs = mapOf(texts);
  }

  private amend(number: string, order: FoldedOrder, of: Data): string | undefined {
    const { outcome, revision } = of;
    if (outcome !== 'queued' && outcome !== 'promised') return this.tradeRefused(order, of);
    const needs = new Map(Object.entries(of.needs).map(([one, text]) => [one, toMilli(text)]));
    const queued = isQueued(order);
    const before = this.soldFor(order);
    if (queued) this.leave(order);
    const own = new Map(
      [...order.needs].map(([one, quantity]) => [one, queued ? this.ownOf(order, one, quantity) : 0n]),
    );
    const after = of.wants ? mapOf(of.wants) : needs;
    for (const less of [true, false]) {
      for (const one of new Set([...before.keys(), ...after.keys()])) {
        const change = (after.get(one) ?? 0n) - (before.get(one) ?? 0n);
        if (change === 0n || change < 0n !== less) continue;
        own.set(one, (own.get(one) ?? 0n) + this.trade(order, one, change));
      }
    }
    Object.assign(order, { needs, own, revision, wants: of.wants && mapOf(of.wants) });
    if (outcome === 'queued') return this.enter(number, order, 'waiting', of.firm ?? false, true);
    for (const one of order.articles) {
      if (!needs.has(one)) this.revise(one, number, (line) => withRevision(line, revision, 0n), order.entry);
    }
    return this.enter(number, order, 'reserved', false, false);
  }

  /** The change is not carried out, and its shop has sold more or less by it all the same. */
  private tradeRefused(order: FoldedOrder, of: Data): undefined {
    if (!of.wants) return;
    const before = this.soldFor(order);
    const after = mapOf(of.wants);
    for (const one of new Set([...before.keys(), ...after.keys()]))
      this.trade(order, one, (after.get(one) ?? 0n) - (before.get(one) ?? 0n));
    order.wants = after;
  }

  private soldFor(order: FoldedOrder): ReadonlyMap<string, bigint> {
    const inLines = order.state === 'reserved' || order.state === 'refused' || order.articles.size > 0;
    return order.wants ?? new Map([...order.needs].filter(([one]) => !inLines || order.articles.has(one)));
  }

  private takeBack(order: FoldedOrder): void {
    if (!order.standing) return;
    order.standing = false;
    for (const [number, quantity] of this.soldFor(order)) this.takeOff(order, number, quantity);
  }

  private claim(kind: string, number: string | null, of: Data, id: string): string | undefined {
    const name = `${of.channel}/${of.key}`;
    const held = kind === 'claim.held' || kind === 'claim.held-again';
    const known = this.claims.get(name);
    const wasOpen = known?.state === 'open';
    if (kind === 'claim.held' || kind === 'claim.refused') {
      const needs = new Map(Object.entries(of.needs ?? {}).map(([one, text]) => [one, toMilli(text)]));
      this.claims.set(name, { state: kind === 'claim.held' ? 'open' : 'refused', needs, entry: id });
    } else if (known) Object.assign(known, { state: CLAIM_STATES[kind], entry: id });
    else throw new Unfoldable(`it is about claim ${name}, which no entry before it opened`);
    // One that is confirmed too late holds nothing, unless it was open until then and goods had vanished.
    if (kind === 'claim.refused' || kind === 'claim.confirmed' || (kind === 'claim.late' && !wasOpen))
      return undefined;
    let wrong: string | undefined;
    for (const [one, quantity] of this.claims.get(name)?.needs ?? []) {
      const article = this.article(one, id);
      const free = article.sellable - article.takenLow - article.queued - promised(article);
      if (held && article.status === 'active' && !isKit(article) && quantity > free)
        wrong ??= `it promised ${fromMilli(quantity)} of ${one}, of which ${fromMilli(free)} were free`;
      this.hold(article, of.channel, held ? quantity : -quantity);
    }
    if (kind === 'claim.ordered' && number !== null) this.brought.set(number, new Map(known?.needs));
    return wrong;
  }

  private decide(
    number: string,
    order: FoldedOrder,
    state: State,
    firm: boolean | undefined,
    checked: boolean,
    part?: Record<string, string>,
  ) {
    if (state === order.state) return undefined;
    if (isQueued(order)) this.leave(order);
    this.keepPart(order, part);
    return this.enter(number, order, state, firm ?? order.firm, checked);
  }

  private leave(order: FoldedOrder): void {
    for (const [number, quantity] of order.needs) {
      const article = this.article(number, order.entry);
      const own = this.ownOf(order, number, quantity);
      article.claimed -= own;
      article.queued -= quantity - own;
      if (order.firm) article.queuedFirm -= quantity - own;
    }
  }

  private ownOf(order: FoldedOrder, number: string, quantity: bigint): bigint {
    const own = order.own.get(number) ?? 0n;
    return own < quantity ? own : quantity;
  }

  private enter(
    number: string,
    order: FoldedOrder,
    state: State,
    firm: boolean,
    checked: boolean,
  ): string | undefined {
    Object.assign(order, { state, firm });
    if (state !== 'reserved' && !isQueued(order)) return undefined;
    let wrong: string | undefined;
    for (const [one, quantity] of order.needs) {
      const article = this.article(one, order.entry);
      if (state !== 'reserved') {
        const own = this.ownOf(order, one, quantity);
        article.claimed += own;
        article.queued += quantity - own;
        if (firm) article.queuedFirm += quantity - own;
      } else if (article.status !== 'not-stocked' && !isKit(article)) {
        const low = article.sellable - article.takenLow - promised(article);
        const own = this.ownOf(order, one, quantity);
        if (checked && quantity - own > spared(low - own, promised(article))) {
          wrong ??= `it promised ${fromMilli(quantity)} of ${one}, of which ${fromMilli(low)} were free`;
        }
        order.articles.add(one);
        if (!article.lines.has(number))
          article.lines.set(number, { revisions: [], share: { low: 0n, high: 0n, settled: true } });
        this.revise(one, number, (line) => withRevision(line, order.revision, quantity), order.entry);
      }
    }
    return wrong;
  }
}

/** Where goods have vanished, an order has what was set aside for it, before others have what is set aside for them. */
function spared(left: bigint, others: bigint): bigint {
  if (left >= 0n) return left;
  return left + others < 0n ? left + others : 0n;
}
