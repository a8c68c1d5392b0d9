import { fromMilli } from '@samlast/contracts';
import {
  Body,
  ConflictException,
  Controller,
  Get,
  HttpCode,
  NotFoundException,
  Param,
  Post,
  Query,
} from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import { Authored, Log, Metrics } from '@samlast/service';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { describe } from '../review-queue/apply-verdict.ts';
import type { Book } from '../tables/book.ts';
import { closeBook, openBook } from '../tables/open-book.ts';
import { listShortfalls } from '../tables/shortfalls.ts';
import { countUndecided, listOrders } from '../tables/orders.ts';
import { CommandRefused, rejectByHand, releaseByHand } from './by-hand.ts';

const Listing = z.object({
  state: z.enum(['waiting', 'held', 'backordered', 'refused']).default('held'),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});

const SHORTFALLS_MOST = 1_000;

/** Orders that a person decides about. Nothing of their buyers is shown here. */
@Controller('ops/orders')
export class OrdersController {
  constructor(
    private readonly source: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly terms: StockTerms,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    metrics.gauge(
      'samlast_orders_undecided_now',
      'Orders that wait for goods, for a person or for an article',
      async () => (await countUndecided(source.manager)).undecided,
    );
    metrics.gauge(
      'samlast_orders_unknown_article_now',
      'Those of them with an article that the warehouse does not know',
      async () => (await countUndecided(source.manager)).unknown,
    );
  }

  /** Orders that were promised goods which have vanished since, with how many they go without. */
  @Get('at-risk')
  async atRisk() {
    const rows = await listShortfalls(this.source.manager, SHORTFALLS_MOST);
    return {
      orders: rows.map(({ number, channel, article, quantity, missing }) => ({
        number,
        channel,
        article,
        wanted: fromMilli(BigInt(quantity)),
        missing: fromMilli(BigInt(missing)),
      })),
    };
  }

  /** Oldest first, each with what is missing. */
  @Get()
  async list(@Query({ schema: Listing }) { state, limit }: z.infer<typeof Listing>) {
    const orders = await listOrders(this.source.manager, state, limit);
    return { orders: orders.map((order) => ({ ...order, missing: describe(order.shortages) })) };
  }

  @Post(':number/release')
  @HttpCode(200)
  release(@Param('number') number: string, @Body({ schema: Authored }) authored: Authored) {
    return this.command(number, 'released by hand', (book) => releaseByHand(book, number, authored));
  }

  @Post(':number/reject')
  @HttpCode(200)
  reject(@Param('number') number: string, @Body({ schema: Authored }) authored: Authored) {
    return this.command(number, 'rejected by hand', (book) => rejectByHand(book, number, authored));
  }

  private async command(
    number: string,
    what: string,
    work: (book: Book) => ReturnType<typeof releaseByHand>,
  ) {
    try {
      const answer = await this.unitOfWork.run(async (tx) => {
        const book = await openBook(tx, await this.terms.at(tx), { orders: [number], releasing: [number] });
        const { channel, revision, state } = work(book);
        return { events: await closeBook(tx, book), answer: { number, channel, revision, state } };
      });
      this.log.info(`an order was ${what}`, { number });
      return answer;
    } catch (error) {
      if (!(error instanceof CommandRefused)) throw error;
      if (error.code === 'order.unknown') throw new NotFoundException(error.message);
      throw new ConflictException(error.message);
    }
  }
}
