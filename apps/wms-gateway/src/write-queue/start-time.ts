const FIRST_MS = 1_000;
/** Before its request a write may take two reads and a commit. */
const CALLS_BEFORE = 3;
const SHRINK_MS = 100;

/**
 * How long an intent waits for its request. An intent that ran out is written anew with twice the time: where Ongoing
 * or the database is slow, the same time again would run out again, and no write would ever be made. The longer it
 * is, the longer the successor of a killed process waits, so it shrinks while requests start in time.
 */
export class StartTime {
  withinMs = FIRST_MS;
  private readonly mostMs: number;

  constructor(requestTimeoutMs: number) {
    this.mostMs = FIRST_MS + CALLS_BEFORE * requestTimeoutMs;
  }

  /**
   * @param withinMs what the intent had: of several that ran out together only one doubles it
   * @returns whether intents last longer now
   */
  ranOut(withinMs: number): boolean {
    const before = this.withinMs;
    this.withinMs = Math.min(this.mostMs, Math.max(before, 2 * withinMs));
    return this.withinMs > before;
  }

  started(): void {
    this.withinMs = Math.max(FIRST_MS, this.withinMs - SHRINK_MS);
  }
}
