import { setTimeout as wait } from 'node:timers/promises';
import type { Chance } from '../testing/chance.ts';
import type { Supervisor } from './supervisor.ts';

/** Ends one service after the other at random moments, and starts it again a moment later. */
export class Killer {
  readonly killed: string[] = [];
  private readonly over = new AbortController();

  constructor(
    private readonly supervisor: Supervisor,
    private readonly names: readonly string[],
    private readonly chance: Chance,
  ) {}

  /** Until `end` is called; every service has its turn before one has its second. */
  async work(): Promise<void> {
    let waiting: string[] = [];
    // The first one early, so that the shortest day has one.
    let calmMs = 1_000 + this.chance.below(3_000);
    while (await this.pause(calmMs)) {
      if (waiting.length === 0) waiting = [...this.names];
      const [name = ''] = waiting.splice(this.chance.below(waiting.length), 1);
      this.killed.push(name);
      await this.supervisor.kill(name);
      await this.pause(this.chance.below(2_500));
      const beganAt = performance.now();
      await this.supervisor.start(name);
      const startedInMs = performance.now() - beganAt;
      // Where a start takes long there would else be no moment in which all of them run.
      calmMs = 4_000 + this.chance.below(8_000) + startedInMs;
    }
  }

  end(): void {
    this.over.abort();
  }

  private async pause(ms: number): Promise<boolean> {
    await wait(ms, undefined, { signal: this.over.signal }).catch(() => undefined);
    return !this.over.signal.aborted;
  }
}
