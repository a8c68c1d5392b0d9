/** At the start, before anything was measured. */
const AT_FIRST = 512;
const LEAST = 32;
/** One article may take so much of the room, so that a rush for it does not keep buyers of others out. */
const OF_ONE_ARTICLE = 0.75;
/** How quickly the room becomes larger again while everybody is answered in time and somebody was refused. */
const GROWTH = 1 / 16;

/**
 * How many claims may be waited for: as many as can be answered in time, found from how long those of the last batches
 * waited. More would only make all of them wait longer, for shops that have long given up.
 */
export class WaitingRoom {
  private readonly byArticle = new Map<string, number>();
  private inside = 0;
  private room = AT_FIRST;
  private refused = false;

  /** @param timeMs after which a claim should be answered */
  constructor(private readonly timeMs: number) {}

  get size(): number {
    return this.room;
  }

  /** Lets a claim on these articles in, or not. */
  enter(articles: Iterable<string>): boolean {
    const all = [...articles];
    const most = Math.ceil(this.room * OF_ONE_ARTICLE);
    if (this.inside >= this.room || all.some((article) => (this.byArticle.get(article) ?? 0) >= most)) {
      this.refused = true;
      return false;
    }
    this.count(all, 1);
    return true;
  }

  leave(articles: Iterable<string>): void {
    this.count(articles, -1);
  }

  /** The one that waited longest of a batch was answered after so long. */
  answered(longestMs: number): void {
    // Where few waited long, something stood still, and fewer of them would not have been answered sooner.
    const crowded = this.refused || 2 * this.inside >= this.room;
    if (longestMs > this.timeMs && crowded) {
      const there = Math.min(this.room, this.inside);
      this.room = Math.max(LEAST, Math.floor(there * (this.timeMs / longestMs)));
    } else if (this.refused) this.room += Math.max(1, Math.ceil(this.room * GROWTH));
    this.refused = false;
  }

  private count(articles: Iterable<string>, change: number): void {
    this.inside += change;
    for (const article of articles) {
      const count = (this.byArticle.get(article) ?? 0) + change;
      if (count > 0) this.byArticle.set(article, count);
      else this.byArticle.delete(article);
    }
  }
}
