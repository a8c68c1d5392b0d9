import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import type { OngoingArticle } from '@samlast/ongoing-client';
import { CONFIG, Log } from '@samlast/service';
import { DataSource, type EntityManager } from 'typeorm';
import type { Config } from '../config.ts';
import type { Term } from '../leadership.ts';
import { Ongoing } from '../ongoing.ts';
import { repeat } from '../pace.ts';
import { fromOngoing, structureSaid, dangersSaid } from '../publish-articles/article-mapping.ts';
import { ArticleWords, type WordBook } from '../publish-articles/article-words.ts';
import { BookArticles } from '../publish-articles/book-articles.ts';
import { CatalogueTerms } from '../publish-articles/catalogue-terms.ts';
import { QueueArticles } from '../publish-articles/queue-articles.ts';
import { hasPieces } from '../publish-articles/send-article.ts';
import { sortOut } from '../publish-articles/sort-out.ts';
import { QueueInbound } from '../push-inbound/queue-inbound.ts';
import { Reachability } from '../reachability.ts';
import { Wake } from '../wake.ts';
import { FindingBook, type KnownArticle } from './finding-book.ts';
import { type Facts, type Finding, findingsOf } from './findings.ts';

const AT_ONCE = 200;
const LOOK_EVERY_MS = 300;
const NUMBERS_PER_READ = 100;

/**
 * Compares what the owners of article data say with what the WMS has and what every channel says, article by article,
 * whenever one of them has changed. One process does it, so what it finds is never older than what stands there.
 */
@Injectable()
export class CheckArticles {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DataSource,
    private readonly unitOfWork: UnitOfWork,
    private readonly ongoing: Ongoing,
    private readonly words: ArticleWords,
    private readonly books: BookArticles,
    private readonly queue: QueueArticles,
    private readonly inbound: QueueInbound,
    private readonly terms: CatalogueTerms,
    private readonly findings: FindingBook,
    private readonly reachability: Reachability,
    private readonly log: Log,
  ) {}

  async serve(term: Term): Promise<void> {
    const { reachability, log, config } = this;
    await Promise.all([
      this.keepChecking(term),
      repeat(
        { ended: term.ended, reachability, log, name: 'kits and dangerous goods', everyMs: config.SWEEP_MS },
        () => this.readApart(term),
      ),
    ]);
  }

  /** What a read of stock shows of the articles' data besides; what is missed once, the next sweep shows. */
  async see(found: readonly OngoingArticle[], step: number): Promise<void> {
    if (found.length === 0) return;
    const seen = found.map((article) => ({
      article: article.articleNumber,
      there: fromOngoing({ article }),
      pieces: hasPieces(article),
    }));
    try {
      await this.database.transaction((tx) => this.books.keepSeen(tx, seen, step));
    } catch (error) {
      this.log.warn('what the warehouse has of articles could not be kept, the next read shows it', {
        error,
      });
    }
  }

  private async keepChecking(term: Term): Promise<void> {
    const pause = new Wake();
    while (!term.ended.aborted) {
      let count = 0;
      try {
        count = await this.unitOfWork.run((tx) => this.checkSome(tx));
      } catch (error) {
        this.log.warn('article data could not be compared, it is tried again', { error });
      }
      if (count < AT_ONCE) await pause.wait(LOOK_EVERY_MS, term.ended);
    }
  }

  private async checkSome(tx: EntityManager): Promise<{ events: []; answer: number }> {
    const articles = await this.findings.take(tx, AT_ONCE);
    if (articles.length === 0) return { events: [], answer: 0 };
    const book = await this.words.load(tx, articles);
    const known = await this.findings.known(tx, articles);
    const sharing = await this.findings.sharing(tx, articles);
    const found = new Map<string, Finding[]>();
    for (const article of articles) {
      const facts = this.factsOf(article, book, known.get(article));
      const shared = sharing.filter((one) => one.of === article);
      found.set(article, findingsOf({ ...facts, sharing: shared }, this.terms.owners));
    }
    const changed = await this.findings.replace(tx, found);
    // Two articles with one barcode are news of both.
    await this.words.mark(
      tx,
      sharing.filter(({ of, article }) => changed.has(of) && !found.has(article)).map((one) => one.article),
    );
    const due = articles.filter((article) => isDue(known.get(article)));
    if (due.length > 0) await this.queue.enqueue(tx, due, book);
    await this.inbound.articlesAreThere(tx, articles);
    return { events: [], answer: articles.length };
  }

  private factsOf(article: string, book: WordBook, known: KnownArticle | undefined): Omit<Facts, 'sharing'> {
    const { owners, limits } = this.terms;
    const written = known?.written ?? undefined;
    const refusal = known?.refusal ?? undefined;
    return {
      article,
      words: book.of(article),
      sorted: sortOut(article, book.saidBy(article), owners, limits),
      seen: known?.there ? { there: known.there, pieces: known.pieces ?? false } : undefined,
      data: known && { written, refusal },
      vanished: known?.vanished ?? false,
      waiting: known?.waiting ?? false,
    };
  }

  /** Kits' parts and dangerous goods are in no list of articles: they are read where a channel speaks of them. */
  private async readApart(term: Term): Promise<void> {
    const numbers = await this.database.query<{ article: string }[]>(
      `SELECT DISTINCT article FROM article_words WHERE said ?| array['parts', 'dangerousGoods'] ORDER BY article`,
    );
    for (let at = 0; at < numbers.length && !term.ended.aborted; at += NUMBERS_PER_READ) {
      const some = numbers.slice(at, at + NUMBERS_PER_READ).map(({ article }) => article);
      const structures = await this.ongoing.reads.structuresOf(some);
      const dangers = await this.ongoing.reads.dangerousGoodsOf(some);
      await this.database.transaction((tx) =>
        this.books.keepApart(
          tx,
          some.map((article) => ({
            article,
            parts: structureSaid(structures.find((one) => one.articleNumber === article)) ?? [],
            dangerousGoods: dangersSaid(dangers.find((one) => one.articleNumber === article)?.dangerousGoods),
          })),
        ),
      );
    }
  }
}

/** It was to go inactive, and its last piece has left. */
const isDue = (known: KnownArticle | undefined) =>
  known?.held === true && known.pieces === false && known.there?.active !== false && !known.waiting;
