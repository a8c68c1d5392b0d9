const WINDOW_MS = 60_000;
const FAILURES_PER_ADDRESS = 5;
const FAILURES_IN_ALL = 30;

/** Slows guessing down: after some wrong passwords within a minute, nobody from there may try for the rest of it. */
export class Attempts {
  private failures: { address: string; at: number }[] = [];

  constructor(private readonly now: () => number = Date.now) {}

  /** Seconds until this address may try again; 0 when it may now. */
  waitSeconds(address: string): number {
    this.failures = this.failures.filter(({ at }) => at > this.now() - WINDOW_MS);
    const own = this.failures.filter((failure) => failure.address === address);
    const nextOwn = own.at(-FAILURES_PER_ADDRESS);
    const nextOfAll = this.failures.at(-FAILURES_IN_ALL);
    const until = Math.max(nextOwn?.at ?? -Infinity, nextOfAll?.at ?? -Infinity) + WINDOW_MS;
    return Math.max(0, Math.ceil((until - this.now()) / 1000));
  }

  failed(address: string): void {
    this.failures.push({ address, at: this.now() });
  }
}
