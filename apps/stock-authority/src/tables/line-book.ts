import type { Needs } from '../reserve-stock/decide.ts';
import { withRevision } from '../watermark/line.ts';
import { mayGiveBack, type Read, type Revision, share, type Share } from '../watermark/watermark.ts';
import { ArticleBook } from './article-book.ts';
import type { ArticleStock } from './articles.ts';
import type { Line } from './lines.ts';
import type { OrderRecord } from './orders.ts';

/** What a book holds of orders that were promised pieces: each of their lines, and what it takes from its article. */
export class LineBook extends ArticleBook {
  private readonly byArticle = new Map<string, Line[]>();
  private readonly byOrder = new Map<string, Line[]>();

  linesOf(order: Pick<OrderRecord, 'number'>): readonly Line[] {
    return this.byOrder.get(order.number) ?? [];
  }

  line(number: string, article: string): Line | undefined {
    return this.byOrder.get(number)?.find((line) => line.article.number === article);
  }

  linesOn(article: string): readonly Line[] {
    return this.byArticle.get(article) ?? [];
  }

  get lines(): Line[] {
    return [...this.byOrder.values()].flat();
  }

  protected addLine(line: Line): void {
    append(this.byArticle, line.article.number, line);
    append(this.byOrder, line.order.number, line);
  }

  /** The pieces are promised from now on. Articles without stock of their own are not counted. */
  promise(order: OrderRecord, needs: Needs): void {
    this.giveBack(order, needs);
    for (const [number, quantity] of needs) {
      const article = this.article(number);
      if (article.status === 'not-stocked' || article.isKit) continue;
      const { moved } = article;
      const line = this.line(order.number, number) ?? this.newLine(order, article);
      this.change(line, withRevision(line.revisions, order.revision, quantity));
      // Nobody in the queue can want these pieces, so nothing is to be decided again.
      Object.assign(article, { moved, promised: true });
    }
  }

  /** What was set aside for it, and it does not take, is for the oldest order in the queue. */
  private giveBack(order: OrderRecord, taken: Needs): void {
    for (const [number, own] of this.brought.get(order.number) ?? [])
      if (own > (taken.get(number) ?? 0n)) this.article(number).moved = true;
    this.brought.delete(order.number);
  }

  private newLine(order: OrderRecord, article: ArticleStock): Line {
    const share = { low: 0n, high: 0n, settled: true };
    const line = { order, article, revisions: [], share, changed: false };
    this.addLine(line);
    return line;
  }

  /** Of an order that gets nothing it is still known what was sold: its shop puts that back when it cancels it. */
  remember(order: OrderRecord, needs: Needs): void {
    this.giveBack(order, new Map());
    for (const [number, quantity] of needs) {
      const article = this.article(number);
      const revisions = [{ revision: order.revision, quantity, refused: true }];
      this.addLine({ order, article, revisions, share: { low: 0n, high: 0n, settled: true }, changed: true });
    }
  }

  /** Gives a line new revisions, and the article the difference that this makes. */
  change(line: Line, revisions: readonly Revision[]): void {
    const article = this.article(line.article.number);
    const { low, high, settled } = line.share;
    const same = line.revisions === revisions;
    line.revisions = revisions;
    line.share = takenBy(article.read, revisions);
    if (same && line.share.settled && settled) return;
    line.changed ||= !same || line.share.settled !== settled;
    article.takenLow += line.share.low - low;
    article.takenHigh += line.share.high - high;
    if (!same || line.share.low !== low || line.share.high !== high) article.moved = true;
    this.touched.add(article);
  }

  /** After a new read: all open lines of the article are counted anew. */
  recount(article: ArticleStock, revise: (line: Line) => readonly Revision[]): void {
    article.moved = true;
    this.touched.add(article);
    for (const line of this.linesOn(article.number)) this.change(line, revise(line));
  }

  /** Whether a new read would settle a doubt; where an answer is still to come it would not. */
  readHelps(article: string): boolean {
    return this.linesOn(article).some(
      ({ share, revisions }) =>
        share.low !== share.high &&
        !revisions.some((one) => one.inFlight && one.accepted === undefined) &&
        !mayGiveBack(revisions),
    );
  }
}

/** Of what was only wanted so far nothing can be in any read: the share that nearly every line begins with. */
function takenBy(read: Read | undefined, revisions: readonly Revision[]): Share {
  const [first] = revisions;
  if (revisions.length !== 1 || !first || first.refused || first.inFlight || first.accepted !== undefined)
    return share(read, revisions);
  return { low: first.quantity, high: first.quantity, settled: false };
}

function append<Value>(lists: Map<string, Value[]>, key: string, value: Value): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
