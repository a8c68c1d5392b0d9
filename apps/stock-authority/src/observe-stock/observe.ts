import { type DataOf, type LineAccepted, type StockObserved, toMilli } from '@samlast/contracts';
import type { Book } from '../tables/book.ts';
import { withAnswer, withFlights } from '../watermark/line.ts';

type Observed = DataOf<typeof StockObserved>;
type Accepted = DataOf<typeof LineAccepted>;

/** The newest read counts; an older one that comes late says nothing new. */
export function observe(
  book: Book,
  { article: number, status, sellable, started, ended, inFlight, at }: Observed,
): void {
  const article = book.article(number);
  const older = article.read !== undefined && article.read.started >= started;
  const flying = inFlight.map((write) => `${write.number}/${write.revision}`);
  book.note(
    'stock.observed',
    { article: number },
    { status, sellable, started, ended, inFlight: flying, older },
  );
  if (older) return;
  Object.assign(article, { status, sellable: toMilli(sellable), read: { started, ended }, observedAt: at });
  const flies = new Set(flying);
  book.recount(article, (line) =>
    withFlights(line.revisions, (revision) => flies.has(`${line.order.number}/${revision}`)),
  );
}

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
