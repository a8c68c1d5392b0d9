import { setTimeout as wait } from 'node:timers/promises';
import { environment } from './config.ts';

export interface EventuallyOptions {
  /** How long to go on trying, in milliseconds, times TEST_PATIENCE. 30 seconds when left out. */
  withinMs?: number;
  /** Pause between two tries, in milliseconds. 50 when left out. */
  everyMs?: number;
  /** What was awaited, for the error: 'the order is reserved'. */
  message?: string;
}

/**
 * Calls check until it returns without throwing, with something other than undefined or false, and gives that back.
 * A check that only asserts must therefore end in `return true`.
 *
 * @throws when the time is over: an Error with the message and, as its cause, what the last try threw.
 */
export async function eventually<T>(
  check: () => T | Promise<T>,
  { withinMs = 30_000, everyMs = 50, message }: EventuallyOptions = {},
): Promise<Exclude<T, undefined | false | void>> {
  const patientMs = withinMs * environment.patience;
  const deadline = performance.now() + patientMs;
  for (;;) {
    // The last try begins when the time is over, so that a machine that stood still meanwhile does not decide.
    const isLast = performance.now() >= deadline;
    let why: unknown;
    try {
      const value = await check();
      if (value !== undefined && value !== false) return value as Exclude<T, undefined | false | void>;
      why = new Error(`the check returned ${value}`);
    } catch (error) {
      why = error;
    }
    if (isLast) throw overdue(why, patientMs, message);
    await wait(everyMs);
  }
}

function overdue(cause: unknown, withinMs: number, message?: string): Error {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new Error(`Not within ${withinMs} ms${message ? `: ${message}` : ''}. Last try: ${why}`, { cause });
}
