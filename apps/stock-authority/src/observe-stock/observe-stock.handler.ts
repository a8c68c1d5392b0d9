import { Controller } from '@nestjs/common';
import { type Event, LineAccepted, StockObserved } from '@samlast/contracts';
import { Consumes, type MessageOf, Unprocessable } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import { refuseOtherWarehouse } from '../one-warehouse/other-warehouse.ts';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { reviewQueue } from '../review-queue/review-queue.ts';
import { closeBook, openBook } from '../tables/open-book.ts';
import { accept, observe } from './observe.ts';

type Observed = MessageOf<typeof StockObserved>['data'];

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
    for (const { data } of messages)
      refuseOtherWarehouse(`What the gateway says of ${data.article}`, data, this.terms.warehouse);
    const book = await openBook(tx, await this.terms.at(tx), {
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
    reviewQueue(book);
    return closeBook(tx, book);
  }
}

function refuseBackwards({ article, started, ended }: Observed): void {
  if (ended >= started) return;
  throw new Unprocessable(
    'stock.read-backwards',
    `The read of ${article} ended at step ${ended}, before it started at ${started}. Nothing can be concluded from it: discard this message and let the gateway read the article again.`,
  );
}
