import { z } from 'zod';

const count = z.int().min(0).max(1_000_000);

/** What goes wrong from now on. Counts run down with each request or delivery that they spoil. */
export const FaultSettings = z.strictObject({
  /** Answers that are lost after the shop has done what was asked. */
  dropAnswers: count.optional(),
  /** Requests that get HTTP 500 and are not done. */
  fail: count.optional(),
  /** Queries that get THROTTLED, however much room there is. */
  throttle: count.optional(),
  /** Only queries that hold these words are dropped, failed or throttled. */
  only: z.string().optional(),
  /** How long each answer takes. */
  latencyMs: count.optional(),
  /** Webhooks that are never sent, sent twice, or sent this much later. */
  loseWebhooks: count.optional(),
  duplicateWebhooks: count.optional(),
  delayWebhooksMs: count.optional(),
  /** Each delivery waits a random time up to this long, so that later ones overtake earlier ones. */
  shuffleWebhooksMs: count.optional(),
});
export type FaultSettings = z.infer<typeof FaultSettings>;

type Countdown = 'dropAnswers' | 'fail' | 'throttle' | 'loseWebhooks' | 'duplicateWebhooks';

export class Faults {
  private settings: FaultSettings = {};

  set(settings: FaultSettings): void {
    this.settings = { ...this.settings, ...settings };
  }

  /** Whether this request or delivery is to be spoilt in that way. */
  strikes(fault: Countdown, query?: string): boolean {
    if (query !== undefined && this.settings.only && !query.includes(this.settings.only)) return false;
    const left = this.settings[fault] ?? 0;
    if (left > 0) this.settings[fault] = left - 1;
    return left > 0;
  }

  get latencyMs(): number {
    return this.settings.latencyMs ?? 0;
  }

  webhookDelayMs(): number {
    const { delayWebhooksMs = 0, shuffleWebhooksMs = 0 } = this.settings;
    return delayWebhooksMs + Math.random() * shuffleWebhooksMs;
  }
}
