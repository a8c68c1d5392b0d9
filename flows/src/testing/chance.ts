import { givenSeed } from './config.ts';

/** Draws the same again for the same seed, which is printed so that a failed run can be played again. */
export class Chance {
  private state: number;

  constructor(
    readonly seed: number = givenSeed ?? Math.floor(Math.random() * 1_000_000),
    isPart = false,
  ) {
    this.state = seed;
    if (!isPart) console.error(`seed ${seed} (FLOW_SEED=${seed} plays it again)`);
  }

  /** Another one that draws for itself: several who draw from one at a time would change each other's luck. */
  part(): Chance {
    return new Chance(Math.floor(this.next() * 2 ** 31), true);
  }

  /** From 0 to below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T;
  }
}
