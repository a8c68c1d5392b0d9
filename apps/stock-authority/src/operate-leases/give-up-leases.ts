import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import { exposure, giveUp, guarded } from '../lease-stock/lease.ts';
import type { Authored } from '../operate-orders/by-hand.ts';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { reviewQueue } from '../review-queue/review-queue.ts';
import type { Book } from '../tables/book.ts';
import { articlesLeasedTo } from '../tables/leases.ts';
import { closeBook, openBook } from '../tables/open-book.ts';

const PAGE = 200;

/** Goes through all articles that a channel can sell something of, page by page. */
@Injectable()
export class GiveUpLeases {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly terms: StockTerms,
  ) {}

  /**
   * Nothing is promised to the channel any more, of one article or of all. Answers how many pieces were, in
   * thousandths.
   */
  async giveUp(channel: string, article: string | undefined, by: Authored): Promise<bigint> {
    let pieces = 0n;
    await this.eachPage(channel, article, (book, number) => {
      const one = book.article(number);
      const lease = book.leaseOf(one, channel);
      if (guarded(lease) === 0n) return;
      pieces += guarded(lease);
      book.note('lease.given-up', { article: number }, { channel, ...by });
      book.setLease(one, giveUp(lease));
    });
    return pieces;
  }

  /** Its levels are made anew, since something was learned of the channel that no message tells. */
  async publishAnew(channel: string): Promise<void> {
    await this.eachPage(channel, undefined, (book, number) => book.touch(book.article(number)));
  }

  private async eachPage(
    channel: string,
    only: string | undefined,
    work: (book: Book, article: string) => void,
  ): Promise<void> {
    let after: string | undefined = '';
    while (after !== undefined) {
      const from: string = after;
      after = await this.unitOfWork.run(async (tx) => {
        const numbers = only === undefined ? await articlesLeasedTo(tx, channel, from, PAGE) : [only];
        const last = only === undefined && numbers.length === PAGE ? numbers.at(-1) : undefined;
        if (numbers.length === 0) return { events: [], answer: last };
        const book = await openBook(tx, await this.terms.at(tx), { moving: numbers });
        for (const number of numbers) {
          work(book, number);
          if (exposure(book.leaseOf(book.article(number), channel)) > 0n) book.touch(book.article(number));
        }
        reviewQueue(book);
        return { events: await closeBook(tx, book), answer: last };
      });
    }
  }
}
