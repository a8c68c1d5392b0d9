import { fromMilli, toMilli } from '@samlast/contracts';
import { confirm, emptyLease, giveUp, guarded, guardedIn, sell, takeBack } from '../lease-stock/lease.ts';
import { rulesFrom, type RuleTexts } from '../set-rules/rules.ts';
import { hold } from '../tables/article-book.ts';
import { withFlights } from '../watermark/line.ts';
import { type Revision, share } from '../watermark/watermark.ts';
import { type Data, type FoldedArticle, type FoldedLine, type FoldedOrder, mapOf, unseen } from './folded.ts';

/** What entries make of articles and of what channels may sell of them. */
export class ArticleFold {
  readonly articles = new Map<string, FoldedArticle>();
  protected readonly hold = hold;

  protected article(number: string, entry: string): FoldedArticle {
    let article = this.articles.get(number);
    if (!article) {
      article = { ...unseen(), entry };
      this.articles.set(number, article);
    }
    article.entry = entry;
    return article;
  }

  protected observe(article: FoldedArticle, of: Data): string | undefined {
    const { status, started, ended, doubtful, counts } = of;
    if (of.older || (doubtful && !counts)) return undefined;
    const before = article.sellable - article.takenLow;
    const said = counts ? { sellable: toMilli(counts.sellable) } : { status, sellable: toMilli(of.sellable) };
    Object.assign(article, { ...said, read: { started, ended } });
    const flying = new Set<string>(of.inFlight);
    for (const [number, line] of article.lines) {
      book(
        article,
        line,
        withFlights(line.revisions, (revision) => flying.has(`${number}/${revision}`)),
      );
    }
    return doubtOf(article, before, counts?.doubt);
  }

  protected level(article: FoldedArticle, said: Record<string, unknown>): string | undefined {
    const { leased, leases } = said as unknown as Data;
    const wrong = compareLevel(article, said);
    if (article.leased !== leased) Object.assign(article, { leased, leasedFrom: article.version });
    // It was published all the same, so it is booked.
    const granted = this.grant(article, leases);
    return wrong ?? granted;
  }

  /** What was decided of leases. It must fit what nobody else was promised. */
  protected grant(article: FoldedArticle, leases: Data['leases']): string | undefined {
    const before = guardedIn(article.leases);
    this.setLeases(article, leases);
    const after = guardedIn(article.leases);
    const free = article.sellable - article.takenLow - article.queued - article.claimed;
    if (after <= before || after <= free) return undefined;
    return `it promised channels ${fromMilli(after)} pieces, of which ${fromMilli(free)} were free`;
  }

  /** After a restore all that there is counts with each of them, whatever that comes to. */
  protected restore(article: FoldedArticle, { version, leases }: Data): undefined {
    article.version = version;
    this.setLeases(article, leases);
    return undefined;
  }

  private setLeases(article: FoldedArticle, leases: Data['leases']): void {
    for (const [channel, { target, ungranted, flights }] of Object.entries(leases)) {
      article.leases.set(channel, {
        ...(article.leases.get(channel) ?? emptyLease(channel)),
        ungranted: toMilli(ungranted),
        flights: flights.map(([version, allowance]) => ({ version, allowance: toMilli(allowance) })),
        ...(target !== undefined && { target: toMilli(target) }),
      });
    }
  }

  protected confirmShelf(
    article: FoldedArticle,
    { channel, version, allowance, shelf, method }: Data,
  ): undefined {
    const lease = article.leases.get(channel) ?? emptyLease(channel);
    const granted = version >= article.leasedFrom === article.leased;
    article.leases.set(
      channel,
      confirm(lease, {
        version,
        allowance: toMilli(allowance),
        shows: toMilli(shelf),
        granted,
        newest: version === article.version,
        method,
      }),
    );
    return undefined;
  }

  /** Books what people and the article master say of an article; false for any other kind of entry. */
  protected describe(kind: string, article: () => FoldedArticle, data: Record<string, unknown>): boolean {
    const { parts, wholePieces, expected } = data as unknown as Data;
    if (kind === 'kit.set') article().parts = mapOf(parts);
    else if (kind === 'article.pieces-set') article().wholePieces = wholePieces;
    else if (kind === 'stock.expected') article().announced = expected;
    else if (kind === 'rules.set') article().rules = rulesFrom(data as unknown as RuleTexts);
    else return false;
    return true;
  }

  protected giveUp(article: FoldedArticle, channel: string): undefined {
    article.leases.set(channel, giveUp(article.leases.get(channel) ?? emptyLease(channel)));
    return undefined;
  }

  /** The shop sold so many more, or fewer; gives back what its lease had set aside for them. */
  protected trade(order: FoldedOrder, number: string, quantity: bigint): bigint {
    if (quantity < 0n) {
      this.takeOff(order, number, -quantity);
      return 0n;
    }
    const article = this.article(number, order.entry);
    const lease = article.leases.get(order.channel) ?? emptyLease(order.channel);
    const sold = sell(lease, quantity);
    article.leases.set(order.channel, sold);
    return guarded(lease) - guarded(sold);
  }

  protected takeOff(order: FoldedOrder, number: string, quantity: bigint): void {
    const article = this.article(number, order.entry);
    const lease = article.leases.get(order.channel);
    if (lease) article.leases.set(order.channel, takeBack(lease, quantity));
  }

  protected revise(
    number: string,
    order: string,
    change: (line: readonly Revision[]) => readonly Revision[],
    entry: string,
  ): void {
    const article = this.article(number, entry);
    const line = article.lines.get(order);
    if (line) book(article, line, change(line.revisions));
  }
}

/** What an order takes is taken anew from what its line says now. */
function book(article: FoldedArticle, line: FoldedLine, revisions: readonly Revision[]): void {
  const { low, high } = line.share;
  line.revisions = revisions;
  line.share = share(article.read, revisions);
  article.takenLow += line.share.low - low;
  article.takenHigh += line.share.high - high;
}

/** A doubtful read may only lower what is free, and by no less than what it is said to lack. */
function doubtOf(article: FoldedArticle, before: bigint, doubt: string | undefined): string | undefined {
  const lost = before - article.sellable + article.takenLow;
  const folded = (article.doubt ?? 0n) + lost;
  article.doubt = doubt === undefined || folded <= 0n ? undefined : folded;
  if (doubt === undefined || (lost >= 0n && folded === toMilli(doubt))) return undefined;
  return `it says that ${doubt} pieces are in doubt, the entries up to it make ${fromMilli(folded)}`;
}

function compareLevel(article: FoldedArticle, said: Record<string, unknown>): string | undefined {
  article.version += 1;
  const folded = {
    version: article.version,
    low: fromMilli(article.sellable - article.takenLow),
    high: fromMilli(article.sellable - article.takenHigh + (article.doubt ?? 0n)),
    queued: fromMilli(article.queued),
    queuedFirm: fromMilli(article.queuedFirm),
    claimed: fromMilli(article.claimed),
  };
  const faults = Object.entries(folded).filter(([name, value]) => said[name] !== value);
  // Shops drop what is older than what they have, whatever this one should have been.
  article.version = Math.max(article.version, Number(said.version));
  if (faults.length === 0) return undefined;
  return faults
    .map(([name, value]) => `it says ${name} ${String(said[name])}, the entries up to it make ${value}`)
    .join('; ');
}
