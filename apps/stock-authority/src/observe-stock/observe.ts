import { type DataOf, fromMilli, type LineAccepted, type StockObserved, toMilli } from '@samlast/contracts';
import type { ArticleStock } from '../tables/articles.ts';
import type { Book } from '../tables/book.ts';
import type { Line } from '../tables/lines.ts';
import { withAnswer, withFlights } from '../watermark/line.ts';
import { type Revision, share } from '../watermark/watermark.ts';
import { type Lowered, lowered } from './doubt.ts';

type Observed = DataOf<typeof StockObserved>;
type Accepted = DataOf<typeof LineAccepted>;
type Revise = (line: Line) => readonly Revision[];

/** The newest read counts; an older one that comes late says nothing new, and of a doubtful one only what is lower. */
export function observe(book: Book, observed: Observed): void {
  const { article: number, status, sellable, started, ended, inFlight, at, doubtful } = observed;
  const article = book.article(number);
  const read = { started, ended };
  const older = article.read !== undefined && article.read.started >= started;
  const flying = inFlight.map((write) => `${write.number}/${write.revision}`);
  const flies = new Set(flying);
  const revise: Revise = (line) =>
    withFlights(line.revisions, (revision) => flies.has(`${line.order.number}/${revision}`));
  const said = { status, sellable, started, ended, inFlight: flying, older };
  if (!doubtful || older) {
    book.note('stock.observed', { article: number }, said);
    if (older) return;
    Object.assign(article, { status, sellable: toMilli(sellable), read, observedAt: at, doubt: undefined });
    expectIncoming(book, observed);
    return book.recount(article, revise);
  }
  const counts = ofDoubtful(book, article, observed, revise);
  book.note('stock.observed', { article: number }, { ...said, doubtful, counts: counts && textsOf(counts) });
  if (!counts) return;
  Object.assign(article, { sellable: counts.sellable, read, observedAt: at, doubt: counts.doubt });
  book.recount(article, revise);
}

/** Both figures of one read: what has come is in the one and out of the other. */
function expectIncoming(book: Book, { article, incoming }: Observed): void {
  const expectation = book.expectations.get(article);
  if (!expectation || incoming === undefined || expectation.incoming === toMilli(incoming)) return;
  Object.assign(expectation, { incoming: toMilli(incoming), changed: true });
}

function ofDoubtful(book: Book, article: ArticleStock, observed: Observed, revise: Revise) {
  const { status, sellable, started, ended } = observed;
  let takenLow = 0n;
  for (const line of book.linesOn(article.number)) takenLow += share({ started, ended }, revise(line)).low;
  return lowered(article, { status, sellable: toMilli(sellable), takenLow });
}

const textsOf = ({ sellable, doubt }: Lowered) => ({
  sellable: fromMilli(sellable),
  doubt: fromMilli(doubt ?? 0n),
});

/** Comes under the article's key in the order of the reads, so that no read can overtake it. */
export function accept(book: Book, { number, article, revision, quantity, sent, accepted }: Accepted): void {
  const line = book.line(number, article);
  const nothing = toMilli(quantity) === 0n;
  book.note(
    'line.accepted',
    { number, article },
    { revision, nothing, sent, accepted, known: line !== undefined },
  );
  if (line) book.change(line, withAnswer(line.revisions, { revision, nothing, sent, accepted }));
}
