import { Inject, Injectable } from '@nestjs/common';
import { UnitOfWork } from '@samlast/messaging';
import { CONFIG, Log } from '@samlast/service';
import type { EntityManager } from 'typeorm';
import type { Config } from '../config.ts';
import { ArticleWords } from '../publish-articles/article-words.ts';
import { BookArticles } from '../publish-articles/book-articles.ts';
import type { Bracket, InFlight } from '../steps.ts';
import { ArticleFigures, NOTHING_LEFT } from './article-figures.ts';
import { HeldReads } from './held-reads.ts';
import { observed, type Page } from './publish-read.ts';
import { isLater, same } from './worth-telling.ts';

const AT_ONCE = 200;

/**
 * Articles that were deleted at the warehouse, or got another number. No feed of changes tells of it, so what is not on
 * the list of all articles twice has vanished: one list may be odd.
 */
@Injectable()
export class VanishedArticles {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly figures: ArticleFigures,
    private readonly held: HeldReads,
    private readonly books: BookArticles,
    private readonly words: ArticleWords,
    private readonly unitOfWork: UnitOfWork,
    private readonly log: Log,
  ) {}

  /**
   * Looks at a complete list of all articles, which the gate has taken or held.
   *
   * @param tookMs since it was begun
   */
  async lookAt(pages: readonly Page[], tookMs: number): Promise<void> {
    const bracket = spanOf(pages);
    if (!bracket) return;
    const list = pages.flatMap(({ found }) => [...found.keys()]);
    const lacked = await this.figures.lackedBy(list, this.config.GATE_SECOND_READ_MS);
    let count = 0;
    for (let from = 0; from < lacked.length; from += AT_ONCE) {
      const some = lacked.slice(from, from + AT_ONCE);
      count += await this.unitOfWork.run((tx) => this.miss(tx, some, { bracket, tookMs }));
    }
    if (count > 0) {
      this.log.warn(
        'articles have vanished from the warehouse: nothing of them is left to sell, see the catalogue',
        {
          count,
        },
      );
    }
  }

  private async miss(
    tx: EntityManager,
    lacked: readonly { article: string; again: boolean }[],
    { bracket, tookMs }: { bracket: Bracket; tookMs: number },
  ) {
    const all = lacked.map(({ article }) => article);
    const known = await this.figures.lock(tx, all);
    // What was told of since the list was begun was not there for it to see, or was there.
    const absent = lacked.filter(({ article }) => isLater(known.get(article) ?? NEVER, bracket));
    await this.figures.miss(
      tx,
      absent.map(({ article }) => article),
      tookMs,
    );
    const twice = absent.filter(({ again }) => again).map(({ article }) => article);
    // A list that is held is a first look, but nothing is told by it.
    const isHolding = (await this.held.state()).state !== undefined;
    if (twice.length === 0 || isHolding) return { events: [], answer: 0 };
    const written = await this.books.forgetSeen(tx, twice, bracket.started);
    const gone = twice.filter((article) => !written.has(article));
    const told = gone.filter((article) => {
      const before = known.get(article)?.figures;
      return !before || !same(before, NOTHING_LEFT);
    });
    await this.figures.vanish(tx, gone, bracket);
    await this.words.mark(tx, gone);
    return {
      events: told.map((article) => observed(article, NOTHING_LEFT, bracket, false)),
      answer: gone.length,
    };
  }
}

const NEVER = { started: 0, ended: 0 };

/**
 * The pages as one read. Undefined where it says nothing of what it lacks: an entry that cannot be read may be any
 * article, and a list without articles is no list.
 */
export function spanOf(pages: readonly Page[]): Bracket | undefined {
  const [first, last] = [pages[0], pages.at(-1)];
  const readable = pages.every(({ leftOut = 0 }) => leftOut === 0);
  if (!first || !last || !readable || pages.every(({ found }) => found.size === 0)) return undefined;
  const writes = new Map<string, InFlight>();
  for (const write of pages.flatMap(({ bracket }) => bracket.inFlight))
    writes.set(`${write.number}/${write.revision}`, write);
  const { started, begun } = first.bracket;
  return { started, begun, ended: last.bracket.ended, inFlight: [...writes.values()] };
}
