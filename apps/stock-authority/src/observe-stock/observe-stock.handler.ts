import { Controller } from '@nestjs/common';
import { type Event, LineAccepted, StockObserved, toMilli } from '@samlast/contracts';
import { Consumes, type MessageOf, Unprocessable } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { reviewQueue } from '../review-queue/review-queue.ts';
import { Book } from '../tables/book.ts';
import { withAnswer, withFlights } from '../watermark/line.ts';

type Observed = MessageOf<typeof StockObserved>['data'];
type Accepted = MessageOf<typeof LineAccepted>['data'];

/**
 * What the warehouse has, and how much of each order it has taken, moves what is free; the queue gets it
 * first.
 */
@Controller()
export class ObserveStock {
  constructor(private readonly terms: StockTerms) {}

  @Consumes(StockObserved, LineAccepted)
  async onStock(
    messages: MessageOf<typeof StockObserved | typeof LineAccepted>[],
    tx: EntityManager,
  ): Promise<Event[]> {
    const observed = messages.filter((message) => message.type === 'stock.observed');
    for (const message of observed) refuseBackwards(message.data);
    const book = await Book.open(tx, this.terms, {
      moving: new Set(messages.map((message) => message.data.article)),
      lines: {
        pairs: messages.flatMap(({ data }) =>
          'number' in data ? { number: data.number, article: data.article } : [],
        ),
        openOf: [...new Set(observed.map((message) => message.data.article))],
      },
    });
    for (const message of messages) {
      if (message.type === 'stock.observed') observe(book, message.data);
      else accept(book, message.data);
    }
    await reviewQueue(book);
    return book.close();
  }
}

function refuseBackwards({ article, started, ended }: Observed): void {
  if (ended >= started) return;
  throw new Unprocessable(
    'stock.read-backwards',
    `The read of ${article} ended at step ${ended}, before it started at ${started}. Nothing can be concluded from it: discard this message and let the gateway read the article again.`,
  );
}

/** The newest read counts; an older one that comes late says nothing new. */
function observe(
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
function accept(book: Book, { number, article, revision, quantity, sent, accepted }: Accepted): void {
  const line = book.line(number, article);
  const nothing = toMilli(quantity) === 0n;
  book.note(
    'line.accepted',
    { number, article },
    { revision, nothing, sent, accepted, known: line !== undefined },
  );
  if (line) book.change(line, withAnswer(line.revisions, { revision, nothing, sent, accepted }));
}
