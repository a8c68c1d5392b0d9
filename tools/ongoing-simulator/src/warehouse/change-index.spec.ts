import { describe, expect, it } from '@jest/globals';
import { ChangeIndex } from './change-index.ts';

describe('the index of changes', () => {
  it('finds what changed later than a time, each once, by id', () => {
    const index = new ChangeIndex();
    for (const [id, at] of [
      [3, 10],
      [1, 20],
      [2, 30],
      [3, 40],
    ] as const)
      index.note(id, at);
    expect(index.since(20)).toEqual([2, 3]);
    expect(index.since(0)).toEqual([1, 2, 3]);
    expect(index.since(40)).toEqual([]);
  });

  it('finds the same after a clock was set back', () => {
    const index = new ChangeIndex();
    for (const [id, at] of [
      [1, 100],
      [2, 50],
      [3, 70],
      [1, 60],
    ] as const)
      index.note(id, at);
    expect(index.since(55)).toEqual([1, 3]);
    expect(index.since(65)).toEqual([3]);
  });

  it('stays as small as the number of things, however often they change', () => {
    const index = new ChangeIndex();
    for (let at = 0; at < 100_000; at++) index.note(at % 10, at);
    expect(index.since(0)).toHaveLength(10);
    expect(index.length).toBeLessThan(1100);
  });
});
