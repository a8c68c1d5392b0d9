import { z } from 'zod';

const Rate = z.number().min(0).max(1);

/** What goes wrong by chance. Everything is off at first. */
export const KnobSettings = z.strictObject({
  /** A 500 with WordPress' page "There has been a critical error on this website", before anything was done. */
  htmlErrorRate: Rate.optional(),
  /** A 500 in JSON, before anything was done. */
  errorRate: Rate.optional(),
  /** The request is carried out and its answer is lost. */
  lostAnswerRate: Rate.optional(),
  /** How late a list may show a change. */
  listDelayMs: z.number().min(0).max(60_000).optional(),
  webhookDelayMs: z.number().min(0).max(600_000).optional(),
  webhookLossRate: Rate.optional(),
  webhookDuplicateRate: Rate.optional(),
});
export type KnobSettings = z.output<typeof KnobSettings>;
export type Knobs = { -readonly [Name in keyof KnobSettings]-?: number };

export const calm = (): Knobs => ({
  htmlErrorRate: 0,
  errorRate: 0,
  lostAnswerRate: 0,
  listDelayMs: 0,
  webhookDelayMs: 0,
  webhookLossRate: 0,
  webhookDuplicateRate: 0,
});
