import { setTimeout as wait } from 'node:timers/promises';

export interface ThrottleStatus {
  readonly maximumAvailable?: number;
  readonly currentlyAvailable?: number;
  readonly restoreRate?: number;
}

const UNKNOWN_COST = 100;
const PAUSE_MOST_MS = 20_000;

/** How many points Shopify still takes, by its last answer and the time since; what is asked for waits for its room. */
export class Points {
  private readonly costs = new Map<string, number>();
  private most = 1000;
  private available = 1000;
  private perSecond = 50;
  private at = performance.now();

  /**
   * Waits until the shop is likely to take this query.
   *
   * @param patient leaves half of all room to others
   */
  async wait(query: string, patient: boolean): Promise<void> {
    const cost = this.costs.get(query) ?? UNKNOWN_COST;
    const wanted = Math.min(cost + (patient ? this.most / 2 : 0), this.most);
    const missing = wanted - this.now();
    if (missing > 0) await wait(Math.min((missing / this.perSecond) * 1000, PAUSE_MOST_MS));
    this.available = Math.max(0, this.now() - cost);
  }

  /** What the last answer said. */
  learn(query: string, requested: number | undefined, status: ThrottleStatus | undefined): void {
    if (requested !== undefined) this.costs.set(query, requested);
    if (!status) return;
    this.most = status.maximumAvailable ?? this.most;
    this.perSecond = status.restoreRate || this.perSecond;
    this.available = status.currentlyAvailable ?? this.available;
    this.at = performance.now();
  }

  private now(): number {
    const now = performance.now();
    this.available = Math.min(this.most, this.available + ((now - this.at) / 1000) * this.perSecond);
    this.at = now;
    return this.available;
  }
}
