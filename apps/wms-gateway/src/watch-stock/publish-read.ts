import { Injectable } from '@nestjs/common';
import { fromMilli, StockObserved, type Event } from '@samlast/contracts';
import { UnitOfWork } from '@samlast/messaging';
import { ArticleWords } from '../publish-articles/article-words.ts';
import { Signals } from '../signals.ts';
import { nextStep, type Bracket } from '../steps.ts';
import { ArticleFigures, type Figures, NOTHING_LEFT } from './article-figures.ts';
import { HeldReads } from './held-reads.ts';
import { isLater, type Worth, worthTelling } from './worth-telling.ts';

export interface Page {
  readonly found: ReadonlyMap<string, Figures>;
  readonly bracket: Bracket;
  /** Articles that were asked for by number: those that are not in the answer, Ongoing does not know. */
  readonly asked?: readonly string[];
  /** How many entries of the answer could not be read, and may be any article. */
  readonly leftOut?: number;
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
    private readonly words: ArticleWords,
    private readonly unitOfWork: UnitOfWork,
    private readonly signals: Signals,
  ) {}

  /**
   * @param emptied articles that this read leaves nothing of, and no order of ours took it
   */
  async publish(
    { found: seen, bracket, asked = [] }: Page,
    as: As,
    emptied: ReadonlySet<string> = new Set(),
  ): Promise<number> {
    const unseen = asked.filter((article) => !seen.has(article));
    if (seen.size + unseen.length === 0) return 0;
    const { started } = bracket;
    const { answer, again } = await this.unitOfWork.run(async (tx) => {
      const articles = [...seen.keys(), ...unseen];
      const known = await this.figures.lock(tx, articles);
      const isGone = (article: string) => known.get(article)?.absent === 'vanished';
      // Who waits for a read of an article that has vanished hears of it like of any other.
      const nothing = unseen.filter(isGone).map((article) => [article, NOTHING_LEFT] as const);
      const found = new Map([...seen, ...nothing]);
      const unknown = unseen.filter((article) => !found.has(article));
      const held = await this.held.among(tx, articles);
      const isNew = (article: string) => isLater(known.get(article) ?? { started: 0, ended: 0 }, bracket);
      const back = [...seen.keys()].filter((article) => known.get(article)?.absent && isNew(article));
      await this.figures.comeBack(tx, back);
      await this.words.mark(tx, back.filter(isGone));
      const worth = new Map<string, Worth>();
      for (const [article, figures] of found) {
        const before = known.get(article);
        if (as === 'settle' && held.has(article)) worth.set(article, isNew(article) ? 'tell' : 'read-again');
        else if (before) worth.set(article, worthTelling(before, figures, bracket));
      }
      const told = [...found]
        .filter(([article]) => worth.get(article) === 'tell')
        .map(([article, figures]) => ({
          article,
          figures,
          emptied: as === 'plain' && emptied.has(article),
        }));
      const missing = unknown.filter(isNew).map((article) => {
        const figures = known.get(article)?.figures;
        return { article, ...(figures && { figures }) };
      });
      if (as === 'hold') {
        await this.held.hold(
          tx,
          told.map((one) => ({ ...one, started, before: known.get(one.article)?.figures })),
        );
      }
      if (as === 'settle') await this.held.release(tx, [...held]);
      // So is what was told in doubt after a read that settles it: it is told once more, without.
      const again = [...worth].filter(([, what]) => what === 'read-again');
      const step = again.length > 0 ? await nextStep(tx) : 0;
      await this.figures.unsettle(
        tx,
        again.map(([article]) => ({ article, step })),
      );
      await this.figures.record(tx, [...told, ...missing], bracket);
      const doubtful = (article: string) => as === 'hold' || (as === 'plain' && held.has(article));
      return {
        events: told.map(({ article, figures }) => observed(article, figures, bracket, doubtful(article))),
        answer: { answer: told.length, again: again.length },
      };
    });
    if (again > 0) this.signals.stock.ring();
    return answer;
  }
}

export function observed(article: string, figures: Figures, bracket: Bracket, doubtful: boolean): Event {
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
