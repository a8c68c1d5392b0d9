import { setTimeout as wait } from 'node:timers/promises';

/** Troubles that a test gives a demo shop's API. */
export class Faults {
  /** No call of the API is answered, nor done. */
  down = false;
  /** Every answer of the API takes this much longer. */
  latencyMs = 0;
  private dropping: { route: RegExp; left: number } | undefined;

  /** The next calls whose `METHOD /path` matches are done, but their answers are lost. */
  dropAnswers(route: RegExp, times = 1): void {
    this.dropping = { route, left: times };
  }

  async beforeAnswer(): Promise<void> {
    if (this.latencyMs > 0) await wait(this.latencyMs);
  }

  drops(method: string, path: string): boolean {
    const { dropping } = this;
    if (!dropping || dropping.left === 0 || !dropping.route.test(`${method} ${path}`)) return false;
    dropping.left--;
    return true;
  }
}
