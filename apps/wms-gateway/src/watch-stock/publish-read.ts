import { Injectable } from '@nestjs/common';
import { fromMilli, StockObserved, type Event } from '@samlast/contracts';
import { UnitOfWork } from '@samlast/messaging';
import type { OngoingArticle } from '@samlast/ongoing-client';
import type { Bracket } from '../steps.ts';
import { ArticleFigures, type Figures } from './article-figures.ts';
import { figuresOf } from './stock-mapping.ts';
import { worthTelling } from './worth-telling.ts';

/** Takes one answer of Ongoing about articles and tells what is new in it. */
@Injectable()
export class PublishRead {
  constructor(
    private readonly figures: ArticleFigures,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * `asked` are the articles that were asked for by number: those that are not in the answer, Ongoing does
   * not know.
   */
  async publish(found: OngoingArticle[], bracket: Bracket, asked: string[] = []): Promise<number> {
    const read = new Map(found.map((article) => [article.articleNumber, figuresOf(article)]));
    const unknown = asked.filter((article) => !read.has(article));
    if (read.size + unknown.length === 0) return 0;
    // Here a read that would zero many articles at once will be held back (design 6.4).
    return this.unitOfWork.run(async (tx) => {
      const known = await this.figures.lock(tx, [...read.keys(), ...unknown]);
      const told = [...read]
        .filter(([article, figures]) => {
          const before = known.get(article);
          return before !== undefined && worthTelling(before, figures, bracket.started);
        })
        .map(([article, figures]) => ({ article, figures, started: bracket.started }));
      const missing = unknown
        .filter((article) => (known.get(article)?.started ?? 0) < bracket.started)
        .map((article) => {
          const figures = known.get(article)?.figures;
          return { article, started: bracket.started, ...(figures && { figures }) };
        });
      await this.figures.record(tx, [...told, ...missing]);
      return {
        events: told.map(({ article, figures }) => observed(article, figures, bracket)),
        answer: told.length,
      };
    });
  }
}

function observed(article: string, figures: Figures, bracket: Bracket): Event {
  return StockObserved.of({
    article,
    status: figures.status,
    sellable: fromMilli(figures.sellable),
    ...(figures.incoming !== undefined && { incoming: fromMilli(figures.incoming) }),
    started: bracket.started,
    ended: bracket.ended,
    inFlight: bracket.inFlight
      .filter((write) => write.articles.includes(article))
      .map(({ number, revision }) => ({ number, revision })),
    at: new Date().toISOString(),
  });
}
