interface Task {
  at: number;
  run: () => void;
}

export interface ClockSetting {
  /** Simulated seconds per real second; 0 stops the clock. */
  factor?: number | undefined;
  /** Sets the time itself. */
  at?: string | undefined;
  advanceMs?: number | undefined;
}

const LONGEST_WAIT_MS = 2 ** 30;

/** The simulator's own time. Everything in it that has a time or waits for one follows this clock. */
export class Clock {
  private factor = 1;
  private realAnchor = Date.now();
  private anchor = this.realAnchor;
  private tasks: Task[] = [];
  private timer: NodeJS.Timeout | undefined;

  /** Milliseconds since 1970 in simulated time, whole. */
  now(): number {
    return Math.floor(this.anchor + (Date.now() - this.realAnchor) * this.factor);
  }

  set(setting: ClockSetting): void {
    this.anchor = setting.at === undefined ? this.now() : Date.parse(setting.at);
    this.anchor += setting.advanceMs ?? 0;
    this.realAnchor = Date.now();
    if (setting.factor !== undefined) this.factor = setting.factor;
    this.runDue();
  }

  get(): { now: string; factor: number } {
    return { now: new Date(this.now()).toISOString(), factor: this.factor };
  }

  /** Runs the task once its simulated time has come; answers how to call it off. */
  schedule(at: number, run: () => void): () => void {
    const task = { at, run };
    let index = this.tasks.length;
    while (index > 0 && (this.tasks[index - 1]?.at ?? 0) > at) index--;
    this.tasks.splice(index, 0, task);
    this.wait();
    return () => {
      this.tasks = this.tasks.filter((other) => other !== task);
      this.wait();
    };
  }

  stop(): void {
    this.tasks = [];
    clearTimeout(this.timer);
  }

  private runDue(): void {
    for (let task = this.tasks[0]; task && task.at <= this.now(); task = this.tasks[0]) {
      this.tasks.shift();
      task.run();
    }
    this.wait();
  }

  private wait(): void {
    clearTimeout(this.timer);
    const [next] = this.tasks;
    if (!next || this.factor === 0) return;
    const waitMs = Math.min(LONGEST_WAIT_MS, Math.max(0, Math.ceil((next.at - this.now()) / this.factor)));
    this.timer = setTimeout(() => this.runDue(), waitMs);
    this.timer.unref();
  }
}
