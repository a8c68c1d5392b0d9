import { setTimeout as wait } from 'node:timers/promises';

export interface EventuallyOptions {
  /** How long to go on trying, in milliseconds. 10 seconds when left out. */
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
  { withinMs = 10_000, everyMs = 50, message }: EventuallyOptions = {},
): Promise<Exclude<T, undefined | false | void>> {
  const deadline = performance.now() + withinMs;
  let last: unknown;
  do {
    try {
      const value = await check();
      if (value !== undefined && value !== false) return value as Exclude<T, undefined | false | void>;
      last = new Error(`the check returned ${value}`);
    } catch (error) {
      last = error;
    }
    await wait(everyMs);
  } while (performance.now() < deadline);
  const why = last instanceof Error ? last.message : String(last);
  throw new Error(`Not within ${withinMs} ms${message ? `: ${message}` : ''}. Last try: ${why}`, {
    cause: last,
  });
}
