import { describe, expect, it } from '@jest/globals';
import { BatchSize } from './batch-size.ts';

/** Batches one after another, of which each takes 10 ms and so much a message; answers how long the last one took. */
function lastOf(batches: number, size: BatchSize, eachMs: number): number {
  let ms = 0;
  for (let batch = 0; batch < batches; batch += 1) {
    const rows = size.rows(true);
    ms = 10 + eachMs * rows;
    size.took(rows, ms);
  }
  return ms;
}

describe('the size of a batch', () => {
  it('is the largest while nobody else waits, however slow its messages are', () => {
    const size = new BatchSize();
    expect(size.rows(false)).toBe(500);
    size.took(500, 10_000);
    expect(size.rows(false)).toBe(500);
  });

  it('is what is over soon while others wait', () => {
    const size = new BatchSize();
    size.took(500, 1_500);
    expect(size.rows(true)).toBeLessThan(50);
    expect(lastOf(10, size, 0.3)).toBeGreaterThan(35);
    expect(lastOf(10, size, 0.3)).toBeLessThan(60);
  });

  it('is small before anything is known, and grows to the largest where messages are quick', () => {
    const size = new BatchSize();
    expect(size.rows(true)).toBeLessThan(50);
    lastOf(20, size, 0.01);
    expect(size.rows(true)).toBe(500);
  });

  it('is never so small that each message costs a transaction', () => {
    const size = new BatchSize();
    lastOf(10, size, 1_000);
    expect(size.rows(true)).toBe(20);
  });
});
