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

/** A place in the line of a turnstile. */
export interface Turn {
  /** Resolves when it is this one's turn. */
  readonly come: Promise<void>;
  /** Lets the next one through; also gives up a place whose turn has not come. */
  leave(): void;
}

/** Lets so many through at one time; the others wait in order. */
export class Turnstile {
  private readonly waiting: (() => void)[] = [];

  constructor(private free: number) {}

  lineUp(): Turn {
    let letIn = () => {};
    const come = new Promise<void>((resolve) => (letIn = resolve));
    if (this.free > 0) {
      this.free -= 1;
      letIn();
    } else this.waiting.push(letIn);
    return {
      come,
      leave: () => {
        const at = this.waiting.indexOf(letIn);
        if (at >= 0) this.waiting.splice(at, 1);
        else this.next();
      },
    };
  }

  async pass<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.lineUp();
    try {
      await turn.come;
      return await work();
    } finally {
      turn.leave();
    }
  }

  private next(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.free += 1;
  }
}
