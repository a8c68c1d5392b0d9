import { describe, expect, it } from '@jest/globals';
import { counted, judged } from './judged.ts';

describe('a round of claims', () => {
  it('counts where the empty handler reached four fifths of its best', () => {
    expect(judged([100, 80, 79, 95])).toEqual([true, true, false, true]);
    expect(judged([5])).toEqual([true]);
    expect(judged([])).toEqual([]);
  });

  it('is left out of the medians where it does not', () => {
    expect(counted([1, 2, 3], [true, false, true])).toEqual([1, 3]);
  });
});
