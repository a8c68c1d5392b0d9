import { setTimeout as wait } from 'node:timers/promises';

/** Troubles that a test gives a demo shop's API. */
export class Faults {
  /** No call of the API is answered, nor done. */
  down = false;
  /** Every answer of the API takes this much longer. */
  latencyMs = 0;
  private dropping: { route: RegExp; left: number } | undefined;
  private readonly refusing: { route: RegExp; left: number; status: number; message: string }[] = [];

  /** The next calls whose `METHOD /path` matches are done, but their answers are lost. */
  dropAnswers(route: RegExp, times = 1): void {
    this.dropping = { route, left: times };
  }

  /** The next calls whose `METHOD /path` matches are refused in these words. */
  refuse(route: RegExp, refusal: { status: number; message: string; times?: number }): void {
    const { times = 1, ...answer } = refusal;
    this.refusing.push({ route, left: times, ...answer });
  }

  /** Refusals that no call has met yet. */
  get refusalsLeft(): number {
    return this.refusing.reduce((sum, { left }) => sum + left, 0);
  }

  refusalOf(method: string, path: string): { status: number; message: string } | undefined {
    const refusal = this.refusing.find(({ route, left }) => left > 0 && route.test(`${method} ${path}`));
    if (refusal) refusal.left--;
    return refusal;
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
