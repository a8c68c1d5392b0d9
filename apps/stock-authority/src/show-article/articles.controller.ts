import { Controller, Get, NotFoundException, Param } from '@nestjs/common';
import { fromMilli } from '@samlast/contracts';
import { DataSource } from 'typeorm';
import { exposure, guarded } from '../lease-stock/lease.ts';
import { levelsNow } from '../publish-levels/levels.ts';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { type ArticleStock, highOf, lowOf, readArticle } from '../tables/articles.ts';
import { loadLines } from '../tables/lines.ts';
import { loadQueue } from '../tables/queue.ts';
import { share } from '../watermark/watermark.ts';

const SHOWN_MAX = 500;

/** Answers why a figure is what it is. */
@Controller('ops/articles')
export class ArticlesController {
  constructor(
    private readonly source: DataSource,
    private readonly terms: StockTerms,
  ) {}

  @Get(':number')
  show(@Param('number') number: string) {
    // One snapshot, so that the figures and what they are made of belong together.
    return this.source.transaction('REPEATABLE READ', async (tx) => {
      const article = await readArticle(tx, number);
      if (!article) {
        throw new NotFoundException(
          `No article ${number} is known here: the warehouse has not told of it and no order wants it. Check the number.`,
        );
      }
      const lines = await loadLines(tx, { openOf: [number] }, () => article.read);
      const queue = await loadQueue(tx, [article.id]);
      return {
        ...figures(article),
        levels: Object.fromEntries(
          [...levelsNow(article, await this.terms.at(tx))].map(([code, level]) => [code, fromMilli(level)]),
        ),
        leases: [...article.leases.values()]
          .filter((lease) => lease.target !== undefined)
          .map((lease) => ({
            channel: lease.channel,
            canSell: fromMilli(exposure(lease)),
            promised: fromMilli(guarded(lease)),
            sold: fromMilli(lease.sold),
          })),
        orders: lines.slice(0, SHOWN_MAX).map(({ order, revisions }) => {
          const { low, high } = share(article.read, revisions);
          const listed = revisions.map(({ quantity, ...rest }) => ({
            ...rest,
            quantity: fromMilli(quantity),
          }));
          return {
            number: order.number,
            subtracted: fromMilli(low),
            atLeast: fromMilli(high),
            revisions: listed,
          };
        }),
        queue: [...queue].slice(0, SHOWN_MAX).map(([order, wishes]) => ({
          number: order,
          wants: fromMilli(wishes.get(number)?.quantity ?? 0n),
        })),
      };
    });
  }
}

function figures(article: ArticleStock) {
  const { number, status, sellable, read, observedAt, takenLow, queued, claimed, leased, version } = article;
  const [low, high] = [lowOf(article), highOf(article)];
  return {
    number,
    status,
    version,
    free: fromMilli(low),
    inDoubt: fromMilli(article.doubt ?? 0n),
    freeAtMost: fromMilli(high),
    sellable: fromMilli(sellable),
    reserved: fromMilli(takenLow),
    queued: fromMilli(queued),
    claimed: fromMilli(claimed),
    leased,
    lastRead: read && { ...read, at: observedAt },
    how:
      `free ${fromMilli(low)} = sellable ${fromMilli(sellable)} of the last read - ${fromMilli(takenLow)} of orders that ` +
      `this read does not contain for sure; shops are offered what queued orders (${fromMilli(queued)}) and claims ` +
      `(${fromMilli(claimed)}, but for those of the shop itself) leave, ${leased ? 'divided among those that sell on lease' : 'each less its margin'}`,
  };
}
