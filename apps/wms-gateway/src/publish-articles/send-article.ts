import { Inject, Injectable } from '@nestjs/common';
import { type Article, ArticleAccepted, ArticleRefused, type Event, sameNumberKey } from '@samlast/contracts';
import { OngoingAccessError, type OngoingArticle } from '@samlast/ongoing-client';
import { CONFIG } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import { DataSource } from 'typeorm';
import type { Config } from '../config.ts';
import { Ongoing } from '../ongoing.ts';
import { ArticleFigures } from '../watch-stock/article-figures.ts';
import { nextStep } from '../steps.ts';
import { later, type Later, type OpenWrite, type Outcome, type SettledWrite } from '../write-queue/write.ts';
import { pick, type Said } from './article-fields.ts';
import { type FoundArticle, fromOngoing, toDangerousGoods, toOngoingArticle } from './article-mapping.ts';
import { type ArticleNote, BookArticles } from './book-articles.ts';
import { mergeArticle } from './merge-article.ts';
import type { ArticleBody } from './queue-articles.ts';

const TEXT_MAX = 1000;

/**
 * Brings an article to what its owners say: reads what is there, and writes only what differs. It can be done again
 * at any time, so an unknown outcome is settled by doing it once more.
 */
@Injectable()
export class SendArticle {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly ongoing: Ongoing,
    private readonly database: DataSource,
    private readonly books: BookArticles,
    private readonly figures: ArticleFigures,
  ) {}

  async attempt(write: OpenWrite): Promise<Outcome | Later> {
    const { article, again = false } = write.body as ArticleBody;
    try {
      return await this.bring(article, again);
    } catch (error) {
      const reached = !(error instanceof OngoingAccessError);
      return { kind: 'later', fault: error instanceof Error ? error.message : 'unknown fault', reached };
    }
  }

  async book(tx: EntityManager, settled: SettledWrite[]): Promise<Event[]> {
    if (settled.length === 0) return [];
    await this.books.book(tx, settled);
    const there = settled.filter(({ outcome }) => outcome.kind === 'accepted');
    const numbers = there.map(({ write }) => write.subject);
    await this.figures.lookFor(tx, numbers, await nextStep(tx));
    return settled.flatMap(({ write, outcome }) =>
      (write.body as ArticleBody).channels.map((channel) => {
        const ref = { channel, article: write.subject };
        if (outcome.kind === 'accepted') return ArticleAccepted.of({ ...ref, wmsArticleId: outcome.wmsId });
        const text = 'text' in outcome ? outcome.text.slice(0, TEXT_MAX) : undefined;
        return ArticleRefused.of({ ...ref, reason: 'wms', text });
      }),
    );
  }

  private async bring({ number, ...said }: Article, again: boolean): Promise<Outcome | Later> {
    const answer = await this.ongoing.writes.getArticles({
      articleNumbers: [number, ...(said.parts ?? []).map((part) => part.article)],
    });
    const found = answer.find((one) => one.articleNumber === number);
    const twin = answer.find((one) => sameNumberKey(one.articleNumber) === sameNumberKey(number));
    if (!found && twin) return refused(sayTwin(twin.articleNumber));
    const missing = missingParts(said, answer);
    if (missing.length > 0) return refused(sayMissing(number, missing), { missing });
    const whole = found && (await this.complete(found, said));
    const base = await this.books.baseOf(this.database, number);
    const there = whole && fromOngoing(whole);
    // Set inactive by us, since it was gone from its maker, and now it is back there.
    const wanted: Said =
      said.active === undefined && base?.active === false ? { ...said, active: true } : said;
    const pieces = found !== undefined && hasPieces(found);
    const { put, held } = mergeArticle(wanted, again ? undefined : base, there, pieces);
    const note: ArticleNote = {
      written: { ...base, ...wanted, ...(held && { active: base?.active ?? true }) },
      there: { ...there, ...pick(wanted, put) },
      pieces,
      held,
    };
    // Again means that also barcodes which people of the warehouse added go.
    return this.write(number, pick(wanted, put), { base: again ? there : base, found, note });
  }

  private async write(
    number: string,
    said: Said,
    { base, found, note }: { base: Said | undefined; found: OngoingArticle | undefined; note: ArticleNote },
  ): Promise<Outcome | Later> {
    const { dangerousGoods, ...plain } = said;
    let wmsId = found?.articleSystemId;
    if (wmsId === undefined || Object.keys(plain).length > 0) {
      const input = toOngoingArticle(number, plain, base, found);
      const kept = found && this.config.ARTICLE_PUT === 'whole' ? await this.members(number) : {};
      const answer = await this.ongoing.writes.putArticle({ ...kept, ...input });
      if (answer.outcome === 'refused') return refused(answer.text);
      if (answer.outcome === 'unknown') return later(answer.cause);
      wmsId = answer.articleSystemId;
    }
    if (dangerousGoods) {
      const answer = await this.ongoing.writes.putDangerousGoods(number, toDangerousGoods(dangerousGoods));
      if (answer.outcome === 'refused') return refused(answer.text);
      if (answer.outcome === 'unknown') return later(answer.cause);
    }
    return { kind: 'accepted', wmsId, note };
  }

  private members(number: string): Promise<object> {
    return this.ongoing.writes.writableMembersOf(number);
  }

  /** With what has calls of its own, where it is asked for. */
  private async complete(article: OngoingArticle, { parts, dangerousGoods }: Said): Promise<FoundArticle> {
    const numbers = [article.articleNumber];
    const [structure] = parts ? await this.ongoing.writes.structuresOf(numbers) : [];
    const [dangers] = dangerousGoods ? await this.ongoing.writes.dangerousGoodsOf(numbers) : [];
    return { article, structure, dangers: dangers?.dangerousGoods };
  }
}

const refused = (text: string, note?: { missing: string[] }): Outcome => ({
  kind: 'refused',
  reason: 'wms',
  text,
  ...(note && { note }),
});

function missingParts({ parts = [] }: Said, there: readonly OngoingArticle[]): string[] {
  const known = new Set(there.map((one) => sameNumberKey(one.articleNumber)));
  return parts.map((part) => part.article).filter((part) => !known.has(sameNumberKey(part)));
}

/** In the warehouse, on its way out, or expected. */
export function hasPieces({ inventoryInfo: stock }: OngoingArticle): boolean {
  return [stock?.inWarehouse, stock?.booked, stock?.toReceive, stock?.pickedToBeCollected].some(
    (quantity) => quantity !== undefined && Number(quantity) !== 0,
  );
}

const sayTwin = (twin: string) =>
  `The warehouse has it as ${twin}, which differs only in case or blanks: give it that number, or rename it there.`;
const sayMissing = (number: string, missing: readonly string[]) =>
  `Kit ${number} consists of articles that the warehouse does not have: ${missing.join(', ')}. It is written when they are there.`;
