import type { Log } from '@samlast/service';
import { setTimeout as wait } from 'node:timers/promises';
import { ShopFailure, ShopUnavailable } from '../shop-errors.ts';

const STOP_WITHIN_MS = 5_000;
/** One failure is no news. */
const FAILURES_TOLD = 3;
const BACKOFF_FIRST_MS = 250;
const BACKOFF_MOST_MS = 15_000;
const COMMIT_MOSTLY_WITHIN_MS = 10;
const COMMIT_SURELY_WITHIN_MS = 100;

export interface LoopSettings {
  readonly name: string;
  /** Pause after a turn that had nothing more to do. */
  readonly pauseMs: number;
  /** Turns are at least this far apart, however often it is woken, so that what comes meanwhile goes in one. */
  readonly apartMs?: number;
  readonly log: Log;
  /** Does one piece of work; true when there may be more at once. An error makes it wait, longer each time. */
  readonly turn: () => Promise<boolean>;
}

/** A loop that has failed again and again. */
export interface Failing {
  readonly work: string;
  readonly since: Date;
  readonly attempts: number;
  /** In the shop's own words where it said any: for people, never for a log. */
  readonly reason: string;
}

/** One piece of work after another, never two at once, with growing pauses while the other side fails. */
export class Loop {
  private ended = false;
  private running: Promise<void> | undefined;
  private wakeUp: (() => void) | undefined;
  private woken = false;
  private failures = 0;
  private firstFailureAt = new Date();
  private lastFailure: unknown;
  private soon: NodeJS.Timeout | undefined;

  constructor(private readonly settings: LoopSettings) {}

  /** Undefined while it works. */
  get failing(): Failing | undefined {
    if (this.failures < FAILURES_TOLD) return undefined;
    const { lastFailure, firstFailureAt: since, failures: attempts } = this;
    const reason = lastFailure instanceof ShopFailure ? lastFailure.inFull : (lastFailure as Error).message;
    return { work: this.settings.name, since, attempts, reason };
  }

  start(): void {
    this.running ??= this.run();
  }

  /** Something is to be done: takes the next turn now, unless the other side is failing. */
  wake(): void {
    this.woken = true;
    if (this.failures === 0) this.wakeUp?.();
  }

  /** From within a transaction: what it leaves to be done can be seen after its commit, which is a moment away. */
  wakeSoon(): void {
    if (this.soon) return;
    this.soon = setTimeout(() => {
      this.wake();
      this.soon = setTimeout(() => {
        this.soon = undefined;
        this.wake();
      }, COMMIT_SURELY_WITHIN_MS).unref();
    }, COMMIT_MOSTLY_WITHIN_MS).unref();
  }

  /**
   * Ends after the turn that is under way, or without it: a call whose answer nobody waits for is of unknown outcome.
   */
  async stop(): Promise<void> {
    this.ended = true;
    this.wakeUp?.();
    await Promise.race([this.running, wait(STOP_WITHIN_MS, undefined, { ref: false })]);
  }

  private async run(): Promise<void> {
    while (!this.ended) {
      const begunAt = performance.now();
      const pauseMs = await this.takeTurn();
      const apartMs = (this.settings.apartMs ?? 0) - (performance.now() - begunAt);
      if (apartMs > 0 && !this.ended) await this.pause(apartMs);
      if (pauseMs > 0 && !this.ended && !(this.woken && this.failures === 0)) await this.pause(pauseMs);
    }
  }

  private async takeTurn(): Promise<number> {
    this.woken = false;
    const { name, pauseMs, log, turn } = this.settings;
    try {
      const more = await turn();
      if (this.failures > 0) log.info('works again', { kind: name, attempt: this.failures });
      this.failures = 0;
      return more ? 0 : pauseMs;
    } catch (error) {
      if (this.failures++ === 0) this.firstFailureAt = new Date();
      this.lastFailure = error;
      const waitMs = backoffMs(this.failures, error);
      // The first failures of an outage, then one line in a while.
      if (this.failures <= 3 || this.failures % 20 === 0) {
        log.warn('failed and is tried again', {
          kind: name,
          attempt: this.failures,
          duration_ms: Math.round(waitMs),
          error,
        });
      }
      return waitMs;
    }
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/**
 * How long to wait after so many failures in a row: doubled each time, up to 15 s, or longer where the shop asks for
 * it.
 */
export function backoffMs(failures: number, error?: unknown): number {
  const doubled = Math.min(BACKOFF_MOST_MS, BACKOFF_FIRST_MS * 2 ** Math.min(failures - 1, 10));
  const asked = error instanceof ShopUnavailable ? (error.retryAfterMs ?? 0) : 0;
  // Spread, so that channels of one failing system do not come back in step.
  return Math.max(asked, doubled * (0.75 + Math.random() / 2));
}
