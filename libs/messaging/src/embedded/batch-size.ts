const MOST = 500;
const LEAST = 20;
/**
 * While messages of another topic wait, a batch is to be over after this long. One that has been read already may lie
 * between, so they wait for two at most.
 */
const YIELD_AFTER_MS = 50;
/** How much the last batch counts beside all before it. */
const WEIGHT = 0.5;

/**
 * How many messages of a topic a batch may have: as many as are quick, so that a long read of one thing does not stop
 * another. Where nobody waits, a large batch costs least.
 */
export class BatchSize {
  private eachMs: number | undefined;

  rows(othersWait: boolean): number {
    if (!othersWait) return MOST;
    // Before anything is known the smallest batch tells.
    if (this.eachMs === undefined) return LEAST;
    return Math.round(Math.min(MOST, Math.max(LEAST, YIELD_AFTER_MS / this.eachMs)));
  }

  took(messages: number, ms: number): void {
    if (messages === 0) return;
    const eachMs = ms / messages;
    this.eachMs = this.eachMs === undefined ? eachMs : this.eachMs + WEIGHT * (eachMs - this.eachMs);
  }
}
