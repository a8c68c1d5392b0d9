import { Injectable } from '@nestjs/common';
import type { Article } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';
import { ARTICLE_LANE } from '../config.ts';
import { Signals } from '../signals.ts';
import { WriteQueue } from '../write-queue/write-queue.ts';
import { ArticleWords, type WordBook } from './article-words.ts';
import { CatalogueTerms } from './catalogue-terms.ts';
import { sortOut } from './sort-out.ts';

/** What a write of an article brings to the WMS. */
export interface ArticleBody {
  /** Whose words are in it: they are told what became of it. */
  channels: string[];
  article: Article;
  /** A person wants it written over what the warehouse has changed. */
  again?: true;
}

/** Queues articles for the WMS as their owners have them now. */
@Injectable()
export class QueueArticles {
  constructor(
    private readonly words: ArticleWords,
    private readonly terms: CatalogueTerms,
    private readonly queue: WriteQueue,
    private readonly signals: Signals,
  ) {}

  /**
   * One that its maker has not published waits for that, unless the WMS has it already. One that its maker has
   * withdrawn is to go inactive. Answers of which other numbers some of these are twins; those are not queued.
   */
  async enqueue(
    tx: EntityManager,
    articles: readonly string[],
    book: WordBook,
    again = false,
  ): Promise<ReadonlyMap<string, string>> {
    const { maker } = this.terms;
    const twins = await this.words.twins(tx, articles, maker);
    const seen = await this.seen(tx, articles);
    const bodies = articles
      .filter((article) => {
        const made = book.of(article).get(maker ?? '');
        if (twins.has(article)) return false;
        return made?.withdrawn ? seen.has(article) : made?.published || seen.has(article);
      })
      .toSorted()
      .map((article): ArticleBody => ({ ...this.bodyOf(article, book), ...(again && { again }) }));
    await this.enqueueBodies(tx, bodies);
    return twins;
  }

  private bodyOf(number: string, book: WordBook): ArticleBody {
    const { maker, owners, limits } = this.terms;
    if (maker && book.of(number).get(maker)?.withdrawn)
      return { channels: [maker], article: { number, active: false } };
    const saidBy = book.saidBy(number);
    const channels = [...saidBy.keys()].filter((channel) => Object.values(owners).includes(channel));
    return { channels, article: { number, ...sortOut(number, saidBy, owners, limits).wanted } };
  }

  private async seen(tx: EntityManager, articles: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ article: string }[]>(
      'SELECT article FROM article_seen WHERE article = ANY($1)',
      [articles],
    );
    return new Set(rows.map(({ article }) => article));
  }

  /** What waits unsent is replaced; otherwise it is a write of its own, behind the one on its way. */
  private async enqueueBodies(tx: EntityManager, bodies: readonly ArticleBody[]): Promise<void> {
    if (bodies.length === 0) return;
    const [replaced] = await tx.query<[{ subject: string }[], number]>(
      `UPDATE writes w SET body = n.body || CASE WHEN w.body ? 'again' THEN '{"again": true}'::jsonb ELSE '{}' END
       FROM (SELECT b AS body, b -> 'article' ->> 'number' AS number FROM jsonb_array_elements($1::jsonb) AS b) n
       WHERE w.kind = 'article' AND w.subject = n.number AND w.sent IS NULL RETURNING w.subject`,
      [JSON.stringify(bodies)],
    );
    const done = new Set(replaced.map((row) => row.subject));
    const rest = bodies.filter(({ article }) => !done.has(article.number));
    const revisions = await tx.query<{ article: string; revision: number }[]>(
      `INSERT INTO article_data AS d (article, channel, revision)
       SELECT article, channel, 1 FROM unnest($1::text[], $2::text[]) AS n(article, channel)
       ON CONFLICT (article) DO UPDATE SET revision = d.revision + 1, channel = EXCLUDED.channel
       RETURNING article, revision`,
      [rest.map(({ article }) => article.number), rest.map(({ channels }) => channels[0] ?? '')],
    );
    const revisionOf = new Map(revisions.map((row) => [row.article, row.revision]));
    await this.queue.enqueue(
      tx,
      rest.map((body) => ({
        kind: 'article',
        subject: body.article.number,
        revision: revisionOf.get(body.article.number) ?? 1,
        action: 'put',
        lane: ARTICLE_LANE,
        body,
        articles: [],
      })),
    );
    this.signals.writes.ringSoon();
  }
}
