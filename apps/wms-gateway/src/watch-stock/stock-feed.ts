import { Inject, Injectable } from '@nestjs/common';
import { ArticleNumber } from '@samlast/contracts';
import { OngoingReadRefused, type ArticleFilter, type OngoingArticle } from '@samlast/ongoing-client';
import { CONFIG, Log, Metrics } from '@samlast/service';
import { CheckArticles } from '../check-articles/check-articles.ts';
import type { Config } from '../config.ts';
import { Cursors, startedAt } from '../cursors.ts';
import type { Term } from '../leadership.ts';
import { OddAnswers } from '../odd-answers.ts';
import { Ongoing } from '../ongoing.ts';
import { repeat } from '../pace.ts';
import { Reachability } from '../reachability.ts';
import { Signals } from '../signals.ts';
import { Steps } from '../steps.ts';
import { Wake } from '../wake.ts';
import { ArticleFigures } from './article-figures.ts';
import { type Page, PublishRead } from './publish-read.ts';
import { StockGate } from './stock-gate.ts';
import { figuresOf } from './stock-mapping.ts';
import { VanishedArticles } from './vanished.ts';

/**
 * What Ongoing is asked for changes of. An article that is set inactive, or is no longer stocked, has no other balances
 * for that: it is in the second feed alone.
 */
const FEEDS = {
  stock: { cursor: 'stock', since: 'stockInfoChangedFrom', way: 'delta' },
  data: { cursor: 'article-data', since: 'articleDataLastUpdatedFrom', way: 'data' },
} as const;
type Feed = (typeof FEEDS)[keyof typeof FEEDS];
/**
 * Of stock, Ongoing refuses a cursor older than 24 hours; an hour is kept for slow answers and clocks that differ.
 */
const CURSOR_MAX_AGE_MS = 23 * 60 * 60 * 1000;
const ARTICLES_PER_READ = 100;
/** Under load, reading rests so many times as long as it took: the writes come first. */
const REST_PER_READ = 4;
/** How often it is looked whether the gate wants everything to be read again. */
const GATE_LOOK_MS = 1_000;

/**
 * The three ways in which stock is read: what changed, what an event concerns, and everything now and then.
 */
@Injectable()
export class StockFeed {
  private readonly reads;
  private readonly sweepNow = new Wake();
  private sweeping = false;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly ongoing: Ongoing,
    private readonly steps: Steps,
    private readonly cursors: Cursors,
    private readonly figures: ArticleFigures,
    private readonly publishRead: PublishRead,
    private readonly gate: StockGate,
    private readonly vanished: VanishedArticles,
    private readonly reachability: Reachability,
    private readonly catalogue: CheckArticles,
    private readonly signals: Signals,
    private readonly log: Log,
    private readonly odd: OddAnswers,
    metrics: Metrics,
  ) {
    this.reads = metrics.counter('stock_reads_total', 'Articles read from Ongoing', ['way']);
  }

  async serve(term: Term): Promise<void> {
    const { config, reachability, log, signals } = this;
    const pace = { ended: term.ended, reachability, log };
    await Promise.all([
      repeat({ ...pace, name: 'stock sweep', everyMs: config.SWEEP_MS, wake: this.sweepNow }, () =>
        this.sweep(term),
      ),
      repeat({ ...pace, name: 'stock changes', everyMs: config.STOCK_POLL_MS }, () =>
        this.readChanged(term, FEEDS.stock),
      ),
      repeat({ ...pace, name: 'changes of article data', everyMs: config.ARTICLE_POLL_MS }, () =>
        this.readChanged(term, FEEDS.data),
      ),
      repeat(
        { ...pace, name: 'stock of touched articles', everyMs: config.QUEUE_POLL_MS, wake: signals.stock },
        () => this.readTouched(term),
      ),
      repeat(
        { ...pace, name: 'stock gate', everyMs: Math.min(GATE_LOOK_MS, config.GATE_SECOND_READ_MS) },
        () => this.readAgain(),
      ),
    ]);
  }

  private async readAgain(): Promise<void> {
    if (!this.sweeping && (await this.gate.wantsRead())) this.sweepNow.ring();
  }

  /** All pages, each with a bracket of its own. Whether they are believed is decided when all are there. */
  private async sweep(term: Term): Promise<void> {
    this.sweeping = true;
    try {
      await this.readAll(term);
    } finally {
      this.sweeping = false;
    }
  }

  private async readAll(term: Term): Promise<void> {
    const begun = performance.now();
    const again = await this.gate.wantsRead();
    const first = !(await this.gate.knowsList());
    const pages: Page[] = [];
    let count = 0;
    let fault: unknown;
    try {
      const filter = { filter: {}, way: 'sweep' };
      await this.readPages(
        term,
        filter,
        async (serverStart) => {
          // Changes from here on are in the feeds of changes, so they may start while the sweep still runs.
          for (const feed of Object.values(FEEDS))
            if (!(await this.freshCursor(feed))) await this.cursors.move(feed.cursor, serverStart);
        },
        async (page) => {
          count += page.found.size;
          // With nothing to compare with, each page is stored before the next one is asked for, and not kept.
          if (first) await this.publishRead.publish(page, 'plain');
          else pages.push(page);
        },
      );
    } catch (error) {
      fault = error;
    }
    if (term.ended.aborted) return;
    const complete = fault === undefined;
    if (first && complete) await this.gate.firstList(count);
    else if (!first && (complete || pages.length > 0))
      await this.gate.take({ pages, whole: true, complete, again });
    if (!complete) throw fault;
    if (!first) await this.vanished.lookAt(pages, performance.now() - begun);
    this.log.info('all articles were read', { count, duration_ms: Math.round(performance.now() - begun) });
  }

  private async readChanged(term: Term, feed: Feed): Promise<void> {
    const cursor = await this.freshCursor(feed);
    if (!cursor) {
      // The sweep that runs, as at the first start, brings one.
      if (!this.sweeping) this.sweepNow.ring();
      return;
    }
    const since = new Date(cursor.getTime() - this.config.POLL_OVERLAP_MS).toISOString();
    let next: Date | undefined;
    const pages: Page[] = [];
    try {
      await this.readPages(
        term,
        { filter: { [feed.since]: since }, way: feed.way },
        async (serverStart) => {
          next = serverStart;
        },
        async (page) => {
          pages.push(page);
        },
      );
    } catch (error) {
      if (error instanceof OngoingReadRefused) this.sweepNow.ring();
      throw error;
    }
    if (term.ended.aborted) return;
    if (pages.some((page) => page.found.size > 0)) await this.take(pages);
    if (next) await this.cursors.move(feed.cursor, next);
  }

  /** Undefined where everything has to be read instead. */
  private async freshCursor(feed: Feed): Promise<Date | undefined> {
    const cursor = await this.cursors.read(feed.cursor);
    return cursor && Date.now() - cursor.getTime() < CURSOR_MAX_AGE_MS ? cursor : undefined;
  }

  /** Some articles, in full. */
  private take(pages: Page[]): Promise<void> {
    return this.gate.take({ pages, whole: false, complete: true, again: false });
  }

  private async readPages(
    term: Term,
    { filter, way }: { filter: ArticleFilter; way: string },
    onStart: (serverStart: Date) => Promise<void>,
    onPage: (page: Page) => Promise<void>,
  ): Promise<void> {
    const pages = this.ongoing.reads.listArticlePages(filter, { pageSize: this.config.SWEEP_PAGE });
    let first = true;
    let seeing = Promise.resolve();
    try {
      while (!term.ended.aborted) {
        const begun = performance.now();
        const { answer, bracket } = await this.steps.bracket(() => pages.next());
        const page = answer.value;
        if (first) await onStart(startedAt(page?.serverTime, performance.now() - begun));
        first = false;
        if (!page) break;
        this.reads.inc({ way }, page.items.length);
        await onPage({ found: this.foundOf(page.items), bracket, leftOut: page.count - page.items.length });
        // Stock does not wait for the comparison of article data; but pages do not pile up in memory either.
        await seeing;
        seeing = this.catalogue.see(page.items, bracket.started);
        if (page.count < this.config.SWEEP_PAGE) break;
      }
    } finally {
      await seeing;
    }
  }

  /**
   * Just the articles that an order or an event has touched; what is touched meanwhile is read together,
   * next.
   */
  private async readTouched(term: Term): Promise<void> {
    let lastMs = 0;
    for (;;) {
      const articles = await this.figures.unsettled(ARTICLES_PER_READ);
      if (articles.length === 0 || term.ended.aborted) return;
      // The first of many is followed by others of the same moment, and with a lag set, figures are read
      // when they have caught up.
      const restMs = Math.max(this.config.STOCK_DEBOUNCE_MS, lastMs * REST_PER_READ);
      await new Wake().wait(restMs + this.config.WMS_SETTLE_MS, term.ended);
      const begun = performance.now();
      const { answer, bracket } = await this.steps.bracket(() =>
        this.ongoing.reads.getArticles({ articleNumbers: articles }),
      );
      this.reads.inc({ way: 'touched' }, answer.length);
      await this.take([{ found: this.foundOf(answer), bracket, asked: articles }]);
      lastMs = performance.now() - begun;
      if (this.reachability.pauseMs() > 0) return;
    }
  }

  /** Nobody can promise an article whose number no message takes; all others are told. */
  private foundOf(articles: readonly OngoingArticle[]) {
    const sound = articles.filter(({ articleNumber, articleSystemId: id }) =>
      this.odd.tellable({ operation: 'GET articles', id }, () => ArticleNumber.parse(articleNumber)),
    );
    return new Map(sound.map((article) => [article.articleNumber, figuresOf(article)]));
  }
}
