import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Ongoing carries out the writes of a goods owner one at a time; the others wait. A client that gives up
 * waiting does not take its write back.
 */
export class WriteQueue {
  private tail: Promise<unknown> = Promise.resolve();
  /** Writes that wait or run. */
  length = 0;

  run<T>(latencyMs: number, work: () => T): Promise<T> {
    this.length++;
    const turn = this.tail.then(async () => {
      try {
        if (latencyMs > 0) await sleep(latencyMs, undefined, { ref: false });
        return work();
      } finally {
        this.length--;
      }
    });
    this.tail = turn.catch(() => undefined);
    return turn;
  }
}
