import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import { Log } from '@samlast/service';
import { outdatedArticles } from '../tables/articles.ts';
import { closeBook, openBook } from '../tables/open-book.ts';
import { StockTerms } from './stock-terms.ts';

const PAGE = 500;

/**
 * Levels that were made on other terms are made anew: for another list of channels, as is found at the start, or
 * before a shop on lease has said how its stock is written, or for another way of writing it.
 */
@Injectable()
export class PublishLevels implements OnApplicationBootstrap {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly terms: StockTerms,
    private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.publishOutdated();
  }

  /** Page by page, each in a transaction of its own. Answers how many were published. */
  async publishOutdated(): Promise<number> {
    let after: string | undefined = '';
    let count = 0;
    while (after !== undefined) {
      const { last, published } = await this.page(after);
      after = last;
      count += published;
    }
    if (count > 0)
      this.log.info('levels were published anew, since channels.json or what its shops say changed', {
        count,
      });
    return count;
  }

  private page(after: string): Promise<{ last: string | undefined; published: number }> {
    return this.unitOfWork.run(async (tx) => {
      const terms = await this.terms.at(tx);
      const numbers = await outdatedArticles(tx, terms.digest, after, PAGE);
      if (numbers.length === 0) return { events: [], answer: { last: undefined, published: 0 } };
      const book = await openBook(tx, terms, { articles: numbers });
      for (const article of book.articles.values()) book.touch(article);
      const events = await closeBook(tx, book);
      return { events, answer: { last: numbers.at(-1), published: events.length } };
    });
  }
}
