import { expect, it } from '@jest/globals';
import { longestGaps } from './gaps.ts';

it('tells the longest time in which nothing came', () => {
  expect(longestGaps([0, 10, 15, 115, 120])).toMatchObject({ longestMs: 100 });
  expect(longestGaps([5]).longestMs).toBeNaN();
});
