import { Injectable } from '@nestjs/common';
import { fromMilli, StockObserved, type Event } from '@samlast/contracts';
import { UnitOfWork } from '@samlast/messaging';
import { nextStep, type Bracket } from '../steps.ts';
import { ArticleFigures, type Figures } from './article-figures.ts';
import { HeldReads } from './held-reads.ts';
import { worthTelling } from './worth-telling.ts';

export interface Page {
  readonly found: ReadonlyMap<string, Figures>;
  readonly bracket: Bracket;
  /** Articles that were asked for by number: those that are not in the answer, Ongoing does not know. */
  readonly asked?: readonly string[];
}

/**
 * What the gate says of a page: `plain` for one that is believed, but for articles that are held already; `hold` for
 * one that is not, `settle` for one that ends what is held.
 */
export type As = 'plain' | 'hold' | 'settle';

/** Takes one answer of Ongoing about articles and tells what is new in it. */
@Injectable()
export class PublishRead {
  constructor(
    private readonly figures: ArticleFigures,
    private readonly held: HeldReads,
    private readonly unitOfWork: UnitOfWork,
  ) {}

  /**
   * @param emptied articles that this read leaves nothing of, and no order of ours took it
   */
  async publish(
    { found, bracket, asked = [] }: Page,
    as: As,
    emptied: ReadonlySet<string> = new Set(),
  ): Promise<number> {
    const unknown = asked.filter((article) => !found.has(article));
    if (found.size + unknown.length === 0) return 0;
    const { started } = bracket;
    return this.unitOfWork.run(async (tx) => {
      const articles = [...found.keys(), ...unknown];
      const known = await this.figures.lock(tx, articles);
      const held = await this.held.among(tx, articles);
      const isNew = (article: string) => started > (known.get(article)?.started ?? 0);
      const told = [...found]
        .filter(([article, figures]) => {
          const before = known.get(article);
          if (as === 'settle' && held.has(article)) return isNew(article);
          return before !== undefined && worthTelling(before, figures, started);
        })
        .map(([article, figures]) => ({
          article,
          figures,
          started,
          emptied: as === 'plain' && emptied.has(article),
        }));
      const missing = unknown.filter(isNew).map((article) => {
        const figures = known.get(article)?.figures;
        return { article, started, ...(figures && { figures }) };
      });
      if (as === 'hold') {
        await this.held.hold(
          tx,
          told.map((one) => ({ ...one, before: known.get(one.article)?.figures })),
        );
      }
      if (as === 'settle') {
        await this.held.release(tx, [...held]);
        // What was told in doubt after this read is told once more, without.
        const late = [...held].filter((article) => found.has(article) && !isNew(article));
        const step = late.length > 0 ? await nextStep(tx) : 0;
        await this.figures.unsettle(
          tx,
          late.map((article) => ({ article, step })),
        );
      }
      await this.figures.record(tx, [...told, ...missing]);
      const doubtful = (article: string) => as === 'hold' || (as === 'plain' && held.has(article));
      return {
        events: told.map(({ article, figures }) => observed(article, figures, bracket, doubtful(article))),
        answer: told.length,
      };
    });
  }
}

function observed(article: string, figures: Figures, bracket: Bracket, doubtful: boolean): Event {
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
    ...(doubtful && { doubtful }),
    at: new Date().toISOString(),
  });
}
