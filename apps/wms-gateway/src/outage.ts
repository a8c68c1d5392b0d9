import { backoffMs } from './write-queue/backoff.ts';

/** So many failures in a row are no hiccup: what they have put off is not at fault. */
const NO_HICCUP = 3;
/** Whoever asks for more is taken for a proxy that says the same to everybody. */
const ASKED_MOST_MS = 10 * 60_000;

interface Pauses {
  RETRY_MIN_MS: number;
  RETRY_MAX_MS: number;
}

/**
 * How long all requests wait while Ongoing gives no answer. It knows no clock: `now` is handed in, in milliseconds of
 * a clock that never goes back.
 */
export class Outage {
  /** In a row, those side by side counted once. */
  failures = 0;
  /** When the first of them was. */
  since: number | undefined;
  private faults = 0;
  private pausedUntil = 0;
  /** As Ongoing asked: an answer to what was under way by then does not end it. */
  private askedUntil = 0;

  constructor(private readonly pauses: Pauses) {}

  pauseMs(now: number): number {
    return Math.max(0, Math.max(this.pausedUntil, this.askedUntil) - now);
  }

  /** Answers whether it was an outage, and no hiccup. */
  answered(): boolean {
    const was = this.failures >= NO_HICCUP;
    this.failures = 0;
    this.faults = 0;
    this.pausedUntil = 0;
    this.since = undefined;
    return was;
  }

  /**
   * @param allowed from so many faults in a row on they concern all requests, and not one alone
   * @param random in [0, 1)
   * @param askedMs so long Ongoing itself asks to be left alone
   * @returns whether a new pause began
   */
  failed(now: number, allowed: number, random: number, askedMs = 0): boolean {
    this.faults += 1;
    if (this.faults < allowed) return false;
    this.since ??= now;
    const isPause = this.pauseMs(now) > 0;
    if (askedMs > 0) this.askedUntil = Math.max(this.askedUntil, now + Math.min(askedMs, ASKED_MOST_MS));
    // Requests that run side by side fail side by side: together they are one failure.
    if (isPause) return false;
    this.failures += 1;
    const { RETRY_MIN_MS, RETRY_MAX_MS } = this.pauses;
    this.pausedUntil = now + backoffMs(this.failures, RETRY_MIN_MS, RETRY_MAX_MS, random);
    return true;
  }
}
