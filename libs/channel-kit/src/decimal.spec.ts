import { describe, expect, it } from '@jest/globals';
import { decimal } from './decimal.ts';

describe('a number of a shop', () => {
  it.each([
    [2, 3, '2'],
    [0.5, 3, '0.5'],
    [19.9, 4, '19.9'],
    [100, 4, '100'],
    [1e-7, 4, '0'],
  ])('%p becomes a decimal text', (value, digits, text) => {
    expect(decimal(value, digits)).toBe(text);
  });
});
