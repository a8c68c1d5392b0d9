import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '../testing/chance.ts';
import type { Supervisor } from './supervisor.ts';

/** Ends one service after the other at random moments, and starts it again a moment later. */
export class Killer {
  readonly killed: string[] = [];
  private waiting: string[] = [];
  private readonly over = new AbortController();

  constructor(
    private readonly supervisor: Supervisor,
    private readonly names: readonly string[],
    private readonly chance: Chance,
  ) {}

  /** Until `end` is called. */
  async work(): Promise<void> {
    // The first one early, so that the shortest day has one.
    let calmMs = 1_000 + this.chance.below(3_000);
    while (await this.pause(calmMs)) {
      const startedInMs = await this.strike();
      // Where a start takes long there would else be no moment in which all of them run.
      calmMs = 4_000 + this.chance.below(8_000) + startedInMs;
    }
  }

  /**
   * One of them; every service has its turn before one has its second.
   * @param withinMs when at the latest
   * @returns how long its start took, in ms
   */
  async strike(withinMs = 0): Promise<number> {
    await this.pause(this.chance.below(withinMs + 1));
    if (this.waiting.length === 0) this.waiting = [...this.names];
    const [name = ''] = this.waiting.splice(this.chance.below(this.waiting.length), 1);
    this.killed.push(name);
    await this.supervisor.kill(name);
    await this.pause(this.chance.below(2_500));
    const beganAt = performance.now();
    await this.supervisor.start(name);
    return performance.now() - beganAt;
  }

  end(): void {
    this.over.abort();
  }

  private async pause(ms: number): Promise<boolean> {
    await wait(ms, undefined, { signal: this.over.signal }).catch(() => undefined);
    return !this.over.signal.aborted;
  }
}
