/** The line that is believed in before anything was measured: a batch of a single claim, and a large one. */
const BELIEVED = [
  { count: 1, ms: 5 },
  { count: 100, ms: 15 },
];
/** Enough to have a line where all batches were of one size, and next to nothing where they were not. */
const BELIEF = 1e-5;
/** Batches of about this time tell, so that one which took as long counts more than all before it. */
const MEMORY_MS = 1_000;
/** A batch that takes so many times what was thought. */
const STOOD_STILL = 2;
/** What was thought rests on a fifth of the memory, and not on beliefs. */
const ENOUGH = 0.2;
/** A claim costs at least so much, whatever a few uneven batches say. */
const LEAST_MS = 0.01;

/**
 * How long a batch takes by how many are in it: a part that is the same for each batch and a part for each claim, the
 * straight line through the last batches. So a quiet hour of single claims does not make a rush look hopeless.
 */
export class Pace {
  private weight = 0;
  private counts = 0;
  private times = 0;
  private squares = 0;
  private products = 0;
  private each = 0;
  private base = 0;

  constructor() {
    for (const { count, ms } of BELIEVED) this.add(BELIEF, count, ms);
    this.draw();
  }

  msFor(count: number): number {
    return this.base + this.each * count;
  }

  took(count: number, ms: number): void {
    // Something else took that long, so it makes every batch look longer. Taken as it is, a small one of that kind
    // would make claims look as if they cost nothing, and a whole crowd be let in.
    const stoodStill = this.weight > ENOUGH && ms > STOOD_STILL * this.msFor(count);
    const kept = Math.exp(-ms / MEMORY_MS);
    for (const name of ['weight', 'counts', 'times', 'squares', 'products'] as const) this[name] *= kept;
    // Beliefs do not fade.
    for (const one of BELIEVED) this.add(BELIEF * (1 - kept), one.count, one.ms);
    this.add(1 - kept, stoodStill ? Math.max(count, this.counts / this.weight) : count, ms);
    this.draw();
  }

  private add(weight: number, count: number, ms: number): void {
    this.weight += weight;
    this.counts += weight * count;
    this.times += weight * ms;
    this.squares += weight * count * count;
    this.products += weight * count * ms;
  }

  private draw(): void {
    const mean = this.counts / this.weight;
    const meanMs = this.times / this.weight;
    const slope = (this.products - this.counts * meanMs) / (this.squares - this.counts * mean);
    // Never so steep that a batch of nothing would take less than no time.
    this.each = Math.min(Math.max(LEAST_MS, slope), meanMs / mean);
    this.base = meanMs - this.each * mean;
  }
}
