import { givenSeed } from './config.ts';

/** Draws the same again for the same seed, which is printed so that a failed run can be played again. */
export class Chance {
  private state: number;

  constructor(readonly seed: number = givenSeed ?? Math.floor(Math.random() * 1_000_000)) {
    this.state = seed;
    console.error(`seed ${seed} (FLOW_SEED=${seed} plays it again)`);
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
