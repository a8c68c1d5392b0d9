import { Controller, Inject } from '@nestjs/common';
import { type Event, StockExpected } from '@samlast/contracts';
import { Consumes, type MessageOf } from '@samlast/messaging';
import { CONFIG } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import type { StockAuthorityConfig } from '../config.ts';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { reviewQueue } from '../review-queue/review-queue.ts';
import { today } from '../tables/expectations.ts';
import { closeBook, openBook } from '../tables/open-book.ts';
import { expectGoods } from './expect-goods.ts';

/** What purchase orders announce is what back-ordered orders may wait for. It is in no level (decision 0019). */
@Controller()
export class ExpectGoods {
  constructor(
    private readonly terms: StockTerms,
    @Inject(CONFIG) private readonly config: Pick<StockAuthorityConfig, 'ARRIVALS_SETTLE_MS'>,
  ) {}

  @Consumes(StockExpected)
  async onExpected(messages: MessageOf<typeof StockExpected>[], tx: EntityManager): Promise<Event[]> {
    const book = await openBook(tx, await this.terms.at(tx), {
      moving: new Set(messages.map(({ data }) => data.article)),
    });
    const settled = { today: await today(tx), settleMs: this.config.ARRIVALS_SETTLE_MS };
    for (const { data } of messages) expectGoods(book, data, settled);
    reviewQueue(book);
    return closeBook(tx, book);
  }
}
