/** Handlers ring before their transaction commits, so a ring is heard at once and again a moment later. */
const ECHO_MS = [4, 10, 18, 30, 50];

/** Lets a loop wait for work or for a time, whichever comes first. */
export class Wake {
  private waiting: (() => void) | undefined;
  private rung = false;

  ring(): void {
    if (this.waiting) this.waiting();
    else this.rung = true;
  }

  /** For callers within a transaction that is still open. */
  ringSoon(): void {
    this.ring();
    for (const ms of ECHO_MS) setTimeout(() => this.ring(), ms).unref();
  }

  /** Returns at once where it rang since the last wait. */
  async wait(ms: number, signal?: AbortSignal): Promise<void> {
    if (this.rung || signal?.aborted) {
      this.rung = false;
      return;
    }
    await new Promise<void>((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        this.waiting = undefined;
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
      this.waiting = done;
    });
    this.rung = false;
  }
}
