import { type BeforeApplicationShutdown, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import type { Event } from '@samlast/contracts';
import { UnitOfWork } from '@samlast/messaging';
import { Log } from '@samlast/service';
import { DataSource, type EntityManager } from 'typeorm';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { reviewQueue } from '../review-queue/review-queue.ts';
import { dueExpectations } from '../tables/expectations.ts';
import { closeBook, openBook } from '../tables/open-book.ts';
import { nextDay } from './expect-goods.ts';
import { RepeatedLook } from '../repeated-look.ts';

const LOOK_EVERY_MS = 1_000;
const AT_ONCE = 50;

/**
 * Tells back-ordered orders another day, or that none is known any more: when purchase orders were lowered, moved or
 * cancelled, and when a day has passed on which they should have come, which no message tells.
 */
@Injectable()
export class WatchArrivals implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly looks = new RepeatedLook(LOOK_EVERY_MS, () => this.look());

  constructor(
    private readonly source: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly terms: StockTerms,
    private readonly log: Log,
  ) {}

  onApplicationBootstrap(): void {
    if (this.terms.backordering) this.looks.begin();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.looks.end();
  }

  private async look(): Promise<boolean> {
    let more = false;
    try {
      const due = await dueExpectations(this.source.manager, AT_ONCE);
      if (due.length > 0)
        await this.unitOfWork.run(async (tx) => ({
          events: await renewDays(tx, this.terms, due),
          answer: undefined,
        }));
      more = due.length === AT_ONCE;
    } catch (error) {
      this.log.warn('the days of back-ordered orders could not be renewed and are looked at again', {
        error,
      });
    }
    return more;
  }
}

/** Looks at the queues of these articles again, and tells each order whose day is another one now. */
export async function renewDays(
  tx: EntityManager,
  terms: StockTerms,
  articles: readonly string[],
): Promise<Event[]> {
  const book = await openBook(tx, await terms.at(tx), { moving: articles });
  for (const number of articles) {
    const expectation = book.expectations.get(number);
    if (!expectation) continue;
    const after = nextDay(expectation.announced, expectation.today);
    Object.assign(expectation, { lookAt: { after }, changed: true });
    book.article(number).moved = true;
  }
  reviewQueue(book, { renewDays: true });
  return closeBook(tx, book);
}
