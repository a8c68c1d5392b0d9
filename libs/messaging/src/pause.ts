import { Stopped } from './transport.ts';

/** Waits, or throws Stopped as soon as the process is ending. */
export function pause(ms: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stopped = () => {
      clearTimeout(timer);
      reject(new Stopped('stopped while waiting'));
    };
    if (stop.aborted) {
      reject(new Stopped('stopped before waiting'));
      return;
    }
    const timer = setTimeout(() => {
      stop.removeEventListener('abort', stopped);
      resolve();
    }, ms);
    stop.addEventListener('abort', stopped, { once: true });
  });
}

/** Waits for the work, but no longer than so many milliseconds; the work goes on. */
export async function atMost(ms: number, work: Promise<unknown> | undefined): Promise<void> {
  const done = new AbortController();
  await Promise.race([work, pause(ms, done.signal).catch(() => {})]);
  done.abort();
}

/** Doubles from `firstMs` to `mostMs`, spread by half, so that many who failed together do not come back together. */
export function backoffMs(attempt: number, firstMs: number, mostMs: number): number {
  return Math.min(mostMs, firstMs * 2 ** Math.min(attempt, 20)) * (0.75 + Math.random() / 2);
}

/** Lets so many through at one time; the others wait in order. */
export class Turnstile {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  async pass<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.free > 0) this.free -= 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.free += 1;
    }
  }
}
