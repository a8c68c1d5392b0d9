import { Pace } from './pace.ts';

/**
 * So many may always wait. Where that is too long, it is because each batch is, or something stands still: smaller
 * batches would then be answered no sooner, and fewer of them.
 */
const ALWAYS = 32;
/** An article that more than half of those inside want is waited for within this part of the time only. */
const OF_ONE_ARTICLE = 0.75;

/** Whether a claim may wait; where one article kept it out, which. */
export type Entrance = { readonly open: true } | { readonly open: false; readonly crowd?: string };

const OPEN: Entrance = { open: true };
const FULL: Entrance = { open: false };

/**
 * How many claims may be waited for: as many as are answered in time at the pace of the last batches. More would only
 * make all of them wait longer, for shops that have long given up.
 */
export class WaitingRoom {
  private readonly byArticle = new Map<string, number>();
  private waiting = 0;
  private deciding = 0;
  private beganAtMs = 0;

  /**
   * @param timeMs within which a claim should be answered
   * @param pace of batches of this kind, also those of another room
   */
  constructor(
    private readonly timeMs: number,
    private readonly pace = new Pace(),
  ) {}

  get inside(): number {
    return this.waiting + this.deciding;
  }

  /** Whether one more would wait too long, whatever it wants. */
  isFull(nowMs: number): boolean {
    return this.inside >= ALWAYS && this.waitMs(nowMs) > this.timeMs;
  }

  /** Lets a claim on these articles in, or not. */
  enter(articles: Iterable<string>, nowMs: number): Entrance {
    const entrance = this.entranceFor(articles, nowMs);
    if (entrance.open) this.letIn(articles);
    return entrance;
  }

  /** Whether it would be let in. */
  entranceFor(articles: Iterable<string>, nowMs: number): Entrance {
    if (this.inside >= OF_ONE_ARTICLE * ALWAYS) {
      const waitMs = this.waitMs(nowMs);
      const crowd = waitMs > OF_ONE_ARTICLE * this.timeMs ? this.crowdOf(articles) : undefined;
      if (crowd !== undefined) return { open: false, crowd };
      if (waitMs > this.timeMs && this.inside >= ALWAYS) return FULL;
    }
    return OPEN;
  }

  /** Lets somebody in who cannot be put off. */
  letIn(articles: Iterable<string>): void {
    this.waiting += 1;
    for (const article of articles) this.byArticle.set(article, (this.byArticle.get(article) ?? 0) + 1);
  }

  /** So many of those who wait are decided on from now on. */
  begin(count: number, nowMs: number): void {
    this.waiting -= count;
    this.deciding = count;
    this.beganAtMs = nowMs;
  }

  /** They are answered, whatever with. */
  end(nowMs: number): void {
    // What stood still for long says little about the next batch.
    this.pace.took(this.deciding, Math.min(nowMs - this.beganAtMs, 2 * this.timeMs));
    this.deciding = 0;
  }

  /** One of them has nothing to do with its articles any more. */
  leave(articles: Iterable<string>): void {
    for (const article of articles) {
      const count = (this.byArticle.get(article) ?? 0) - 1;
      if (count > 0) this.byArticle.set(article, count);
      else this.byArticle.delete(article);
    }
  }

  private crowdOf(articles: Iterable<string>): string | undefined {
    for (const article of articles) if (2 * (this.byArticle.get(article) ?? 0) > this.inside) return article;
    return undefined;
  }

  /** How long one more would wait: for the rest of the batch in work, and for its own. */
  private waitMs(nowMs: number): number {
    const rest = this.deciding > 0 ? this.pace.msFor(this.deciding) - (nowMs - this.beganAtMs) : 0;
    return Math.max(0, rest) + this.pace.msFor(this.waiting + 1);
  }
}
