import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, Log, Metrics } from '@samlast/service';
import type { Config } from '../config.ts';
import { Signals } from '../signals.ts';
import { Steps } from '../steps.ts';
import { ArticleFigures, type Figures, NOTHING_LEFT } from './article-figures.ts';
import {
  differing,
  type Doubt,
  doubtOf,
  fewest,
  type Gate,
  type Held,
  isShorter,
  sells,
  wasEmptied,
} from './doubt.ts';
import { type GateState, type HeldArticle, HeldReads } from './held-reads.ts';
import { OwnPieces } from './own-pieces.ts';
import { type As, type Page, PublishRead } from './publish-read.ts';

/** What was read at once. */
export interface StockRead {
  readonly pages: readonly Page[];
  /** All articles were asked for. */
  readonly whole: boolean;
  /** No page is missing. */
  readonly complete: boolean;
  /** It began when the gate wanted everything to be read again. */
  readonly again: boolean;
}

type HeldArticles = ReadonlyMap<string, HeldArticle>;

const KNOWN_AT_ONCE = 1_000;

/**
 * Stands between what Ongoing answers and what is told of it (design 6.4): a read that would zero many articles at
 * once, or lacks some, is told as doubtful and made a second time. Where both agree it was true; where they differ a
 * person decides.
 */
@Injectable()
export class StockGate {
  private readonly outcomes;
  private readonly gate: Gate;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly figures: ArticleFigures,
    private readonly held: HeldReads,
    private readonly own: OwnPieces,
    private readonly publishRead: PublishRead,
    private readonly steps: Steps,
    private readonly signals: Signals,
    private readonly log: Log,
    metrics: Metrics,
  ) {
    this.gate = {
      share: config.GATE_SHARE,
      articles: config.GATE_ARTICLES,
      listShare: config.GATE_LIST_SHARE,
    };
    this.outcomes = metrics.counter('stock_reads_held_total', 'Stock reads in doubt by what became of them', [
      'outcome',
    ]);
  }

  /** Whether everything was read once; before that there is nothing to compare with. */
  async knowsList(): Promise<boolean> {
    return (await this.held.state()).listed !== undefined;
  }

  async wantsRead(): Promise<boolean> {
    return this.held.wantsRead();
  }

  /** The first list of all articles was read, page by page. */
  async firstList(listed: number): Promise<void> {
    await this.held.remember(listed);
  }

  async take(read: StockRead): Promise<void> {
    const gate = await this.held.state();
    if (gate.state === undefined) return this.takeOpen(read, gate);
    const held = await this.held.articles();
    if (!read.whole || !read.again) return this.takeBeside(read, gate, held);
    if (!read.complete) {
      this.log.warn('the second read of all stock lacks a page too, it is made once more', {
        count: held.size,
      });
      await this.held.readLater(this.config.GATE_SECOND_READ_MS);
      return this.publish(read, 'plain');
    }
    if (gate.state === 'accepted') return this.settle(read, held, gate);
    if (gate.state === 'discarded') return this.takeAnew(read, gate, held);
    if (gate.state === 'differs') return this.publish(read, 'plain');
    return this.compare(read, gate, held);
  }

  private async takeOpen(read: StockRead, gate: GateState): Promise<void> {
    const { doubt, emptied } = await this.judge(read, gate, new Map());
    if (doubt) return this.hold(read, doubt, true);
    await this.publish(read, 'plain', emptied);
    if (read.whole) await this.held.remember(listedOf(read));
  }

  /** A read of some articles, or of all too early: what is held stays so, and more may be. */
  private async takeBeside(read: StockRead, gate: GateState, held: HeldArticles): Promise<void> {
    const others = without(read, held);
    const judged = await this.judge({ ...others, whole: false, complete: true }, gate, new Map());
    if (judged.doubt) return this.hold(read, judged.doubt, false);
    return this.publish(read, 'plain', judged.emptied);
  }

  /** After a person's word that what was held is wrong. */
  private async takeAnew(read: StockRead, gate: GateState, held: HeldArticles): Promise<void> {
    const { doubt } = await this.judge(read, gate, held);
    return doubt ? this.hold(read, doubt, true) : this.settle(read, held, gate);
  }

  private async compare(read: StockRead, gate: GateState, held: HeldArticles): Promise<void> {
    const since = new Map([...held].map(([article, { started }]) => [article, started]));
    const articles = differing(held, figuresOf(read), await this.own.movedSince(since));
    const { doubt: fresh } = await this.judge({ ...without(read, held), whole: false }, gate, new Map());
    const before = gate.doubt === 'list-shrunk' ? gate.heldListed : gate.listed;
    const shorter = before !== undefined && isShorter(listedOf(read), before, this.gate);
    if (articles.length === 0 && !fresh && !shorter) return this.settle(read, held, gate);
    await this.publish(read, fresh ? 'hold' : 'plain');
    await this.held.differ(articles);
    this.outcomes.inc({ outcome: 'differs' });
    this.log.error(
      'two reads of all stock differ and both are in doubt: decide at POST /ops/stock-gate/accept or /discard',
      { count: held.size, reason: reasonOf(gate.doubt), kind: `${articles.length} of them differ` },
    );
  }

  private async hold(read: StockRead, doubt: Doubt, anew: boolean): Promise<void> {
    const secondInMs = this.config.GATE_SECOND_READ_MS;
    await this.held.begin(doubt, { ...(read.whole && { listed: listedOf(read) }), anew, secondInMs });
    await this.publish(read, 'hold');
    this.outcomes.inc({ outcome: 'held' });
    this.log.warn('a read of stock is held until a second one says the same: lower figures count at once', {
      reason: reasonOf(doubt),
      count: read.pages.reduce((sum, page) => sum + page.found.size, 0),
      duration_ms: secondInMs,
    });
  }

  /** The read is true, and so is what it says of all that was held. */
  private async settle(read: StockRead, held: HeldArticles, gate: GateState): Promise<void> {
    await this.publish(read, 'settle');
    const seen = figuresOf(read);
    const gone = [...held.keys()].filter((article) => !seen.has(article));
    if (gone.length > 0) {
      const { bracket } = await this.steps.bracket(() => Promise.resolve());
      const found = new Map(gone.map((article) => [article, NOTHING_LEFT]));
      await this.publishRead.publish({ found, bracket }, 'settle');
    }
    await this.held.end(listedOf(read), this.config.GATE_SECOND_READ_MS);
    this.signals.stock.ring();
    const outcome = gate.state === 'discarded' ? 'discarded' : 'accepted';
    this.outcomes.inc({ outcome });
    this.log.warn('a read of stock that was held is settled', {
      kind: outcome,
      reason: gate.reason ?? reasonOf(gate.doubt),
      caller: gate.author ?? 'the second read',
      count: held.size,
    });
  }

  private async publish(read: StockRead, as: As, emptied?: ReadonlySet<string>): Promise<void> {
    for (const page of read.pages) await this.publishRead.publish(page, as, emptied);
  }

  /** By what was last told without doubt. */
  private async judge(
    read: Omit<StockRead, 'again'>,
    gate: GateState,
    held: HeldArticles,
  ): Promise<{ doubt: Doubt | undefined; emptied: ReadonlySet<string> }> {
    const figures = figuresOf(read);
    const emptied = await this.emptiedBy(figures, held);
    const before =
      emptied.size > 0
        ? (await this.held.emptiedWithin(this.config.GATE_WINDOW_MS)).filter(
            (article) => !emptied.has(article) && !sells(figures.get(article)),
          )
        : [];
    const zeroed = emptied.size + before.length;
    const enough = zeroed > 0 && zeroed >= fewest(this.gate);
    const had = enough ? (await this.held.countSelling()) + before.length : 0;
    const { complete, whole } = read;
    const lists = whole ? { listed: figures.size, listedBefore: gate.listed } : {};
    return { doubt: doubtOf({ complete, had, zeroed, ...lists }, this.gate), emptied };
  }

  /** Articles that these figures leave nothing of, though our own orders did not take it. */
  private async emptiedBy(figures: ReadonlyMap<string, Figures>, held: HeldArticles): Promise<Set<string>> {
    const empty = [...figures].filter(([, now]) => !sells(now));
    const gone: { article: string; now: Figures; before: Held | undefined; started: number }[] = [];
    // A goods owner may have a hundred thousand articles: only what was emptied is kept of them.
    for (let from = 0; from < empty.length; from += KNOWN_AT_ONCE) {
      const some = empty.slice(from, from + KNOWN_AT_ONCE);
      const known = await this.figures.known(some.map(([article]) => article));
      for (const [article, now] of some) {
        const one = held.get(article);
        const before = one ? one.before : known.get(article)?.figures;
        const started = one?.started ?? known.get(article)?.started ?? 0;
        if (wasEmptied(before, now, 0n)) gone.push({ article, now, before, started });
      }
    }
    const own = await this.own.movedSince(new Map(gone.map(({ article, started }) => [article, started])));
    return new Set(
      gone
        .filter(({ article, now, before }) => wasEmptied(before, now, own.get(article) ?? 0n))
        .map(({ article }) => article),
    );
  }
}

function figuresOf({ pages }: Pick<StockRead, 'pages'>): Map<string, Figures> {
  const all = new Map<string, Figures>();
  for (const { found } of pages) for (const [article, figures] of found) all.set(article, figures);
  return all;
}

const listedOf = (read: StockRead) => figuresOf(read).size;

function without(read: StockRead, held: HeldArticles): StockRead {
  const pages = read.pages.map((page) => ({
    ...page,
    found: new Map([...page.found].filter(([article]) => !held.has(article))),
  }));
  return { ...read, pages };
}

const REASONS: Record<Doubt, string> = {
  zeroed: 'it would leave nothing of too many articles',
  'page-missing': 'a page of it is missing',
  'list-shrunk': 'it lists far fewer articles than the one before',
};
const reasonOf = (doubt: Doubt | undefined) => (doubt ? REASONS[doubt] : 'unknown');
