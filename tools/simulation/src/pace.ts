const SEEDS_TOGETHER = 25;

/**
 * Steps in each second of CPU time: what else runs on the machine takes none of that, but it slows the caches and the
 * clock down, so some seeds together at their best say more of the code than all of them.
 */
export class Pace {
  private readonly all = { steps: 0, us: 0 };
  private some = { steps: 0, us: 0, seeds: 0 };
  private most = 0;

  measure<Result extends { readonly world: { readonly steps: number } }>(run: () => Result): Result {
    const before = process.cpuUsage();
    const result = run();
    const { user, system } = process.cpuUsage(before);
    for (const sum of [this.all, this.some]) {
      sum.steps += result.world.steps;
      sum.us += user + system;
    }
    if (++this.some.seeds === SEEDS_TOGETHER) {
      this.most = Math.max(this.most, rateOf(this.some));
      this.some = { steps: 0, us: 0, seeds: 0 };
    }
    return result;
  }

  get average(): number {
    return rateOf(this.all);
  }

  get best(): number {
    return this.most || this.average;
  }
}

const rateOf = ({ steps, us }: { steps: number; us: number }) =>
  Math.round((steps * 1_000_000) / Math.max(us, 1));
