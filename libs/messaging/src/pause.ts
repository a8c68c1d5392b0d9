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

interface Waiting {
  readonly kind: string;
  readonly letIn: () => void;
}

/**
 * Lets so many through at one time; the others wait in order, but not behind many of another kind: those take turns.
 */
export class Turnstile {
  private readonly waiting: Waiting[] = [];
  private last = '';

  constructor(private free: number) {}

  lineUp(kind = ''): Turn {
    let letIn = () => {};
    const come = new Promise<void>((resolve) => (letIn = resolve));
    const one = { kind, letIn };
    if (this.free > 0) {
      this.free -= 1;
      this.last = kind;
      letIn();
    } else this.waiting.push(one);
    return {
      come,
      leave: () => {
        const at = this.waiting.indexOf(one);
        if (at >= 0) this.waiting.splice(at, 1);
        else this.next();
      },
    };
  }

  async pass<Result>(work: () => Promise<Result>, kind?: string): Promise<Result> {
    const turn = this.lineUp(kind);
    try {
      await turn.come;
      return await work();
    } finally {
      turn.leave();
    }
  }

  private next(): void {
    const another = this.waiting.findIndex(({ kind }) => kind !== this.last);
    const [next] = this.waiting.splice(Math.max(0, another), 1);
    if (!next) {
      this.free += 1;
      return;
    }
    this.last = next.kind;
    next.letIn();
  }
}
