export interface ThrottleStatus {
  readonly maximumAvailable: number;
  readonly currentlyAvailable: number;
  readonly restoreRate: number;
}

/** Points that an app may spend in a shop: a query needs room for its requested cost and pays its actual one. */
export class Bucket {
  private available: number;
  private at = performance.now();

  constructor(
    private readonly most: number,
    private readonly perSecond: number,
  ) {
    this.available = most;
  }

  /** False when there is no room. */
  take(points: number): boolean {
    this.restore();
    if (points > this.available) return false;
    this.available -= points;
    return true;
  }

  giveBack(points: number): void {
    this.available = Math.min(this.most, this.available + points);
  }

  empty(): void {
    this.restore();
    this.available = 0;
  }

  status(): ThrottleStatus {
    this.restore();
    return {
      maximumAvailable: this.most,
      currentlyAvailable: Math.floor(this.available),
      restoreRate: this.perSecond,
    };
  }

  private restore(): void {
    const now = performance.now();
    this.available = Math.min(this.most, this.available + ((now - this.at) / 1000) * this.perSecond);
    this.at = now;
  }
}
