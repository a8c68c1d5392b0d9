import { Injectable } from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import { restored } from '../lease-stock/lease.ts';
import type { Authored } from '../operate-orders/by-hand.ts';
import { StockTerms } from '../publish-levels/stock-terms.ts';
import { canLease } from '../publish-levels/terms.ts';
import { articlesWithLevel, type ArticleStock, highOf } from '../tables/articles.ts';
import { type Book, leaseTexts } from '../tables/book.ts';
import { appendToLedger } from '../tables/ledger.ts';
import { closeBook, openBook } from '../tables/open-book.ts';

const PAGE = 200;
/** More levels than an article can have had since a backup. */
const VERSIONS_LOST_MOST = 1_000_000;

/**
 * After a restore from a backup nobody knows what shops were given since, nor under which versions. All levels are
 * made anew under versions that no shop can have heard of, and until a leased shop has confirmed its own it counts as
 * able to sell all that there is, so that nothing is given to others before.
 */
@Injectable()
export class CountRestored {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly terms: StockTerms,
  ) {}

  /** Page by page; asked for again it does the same again. Answers of how many articles there are new levels. */
  async count({ author, reason }: Authored): Promise<number> {
    await this.unitOfWork.run(async (tx) => {
      await appendToLedger(tx, [{ kind: 'restored', data: { author, reason } }]);
      return { events: [], answer: undefined };
    });
    let count = 0;
    for (let after: string | undefined = ''; after !== undefined;) {
      const from: string = after;
      const numbers = await this.unitOfWork.run(async (tx) => {
        const page = await articlesWithLevel(tx, from, PAGE);
        const book = await openBook(tx, await this.terms.at(tx), { articles: page });
        for (const number of page) countRestored(book, book.article(number));
        return { events: await closeBook(tx, book), answer: page };
      });
      count += numbers.length;
      after = numbers.at(-1);
    }
    return count;
  }
}

function countRestored(book: Book, article: ArticleStock): void {
  article.version += VERSIONS_LOST_MOST;
  article.promised = true;
  book.touch(article);
  const { version, number, isKit } = article;
  const lessees = isKit ? [] : book.terms.channels.filter((seller) => canLease(seller, book.terms));
  const leases = lessees.map(({ code }) => restored(book.leaseOf(article, code), version, highOf(article)));
  for (const lease of leases) book.setLease(article, lease);
  const texts = Object.fromEntries(leases.map((lease) => [lease.channel, leaseTexts(lease)]));
  book.note('level.restored', { article: number }, { version, leases: texts });
}
