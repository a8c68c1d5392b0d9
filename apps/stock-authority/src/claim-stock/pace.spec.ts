import { describe, expect, it } from '@jest/globals';
import { Pace } from './pace.ts';

function after(batches: number, of: (batch: number) => [count: number, ms: number], pace = new Pace()): Pace {
  for (let batch = 0; batch < batches; batch += 1) pace.took(...of(batch));
  return pace;
}

describe('how long a batch of claims takes', () => {
  it('is found from batches of different sizes, also of sizes that were never seen', () => {
    const pace = after(200, (batch) => [1 + (batch % 5), 10 + 2 * (1 + (batch % 5))]);
    expect(pace.msFor(1)).toBeCloseTo(12, 0);
    expect(pace.msFor(40)).toBeGreaterThan(80);
    expect(pace.msFor(40)).toBeLessThan(95);
  });

  it('is not taken for hopeless where only single claims came', () => {
    const pace = after(1_000, () => [1, 10]);
    expect(pace.msFor(1)).toBeCloseTo(10, 0);
    expect(pace.msFor(256)).toBeLessThan(60);
  });

  it('does not look shorter for many because something stood still while a few were decided', () => {
    const pace = after(200, (batch) => [20 + (batch % 5), 3 + 2 * (20 + (batch % 5))]);
    expect(after(1, () => [5, 100], pace).msFor(300)).toBeGreaterThan(400);
  });

  it('is known after one batch where the database has suddenly become slow', () => {
    const pace = after(100, () => [100, 10]);
    expect(after(1, () => [100, 1_000], pace).msFor(100)).toBeGreaterThan(500);
  });

  it('is known within a second where it has become quick again', () => {
    const pace = after(10, () => [100, 500]);
    expect(after(100, () => [100, 10], pace).msFor(100)).toBeLessThan(250);
    expect(after(200, () => [100, 10], pace).msFor(100)).toBeLessThan(50);
  });
});
