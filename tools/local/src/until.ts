import { setTimeout as wait } from 'node:timers/promises';

/** Asks until the answer is as it should be, or the time is over; gives back the last answer either way. */
export async function until<T>(
  ask: () => Promise<T>,
  good: (answer: T) => boolean,
  withinMs: number,
  everyMs = 20,
): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const answer = await ask();
    if (good(answer) || performance.now() > deadline) return answer;
    await wait(everyMs);
  }
}
