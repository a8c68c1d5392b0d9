import { describe, expect, it } from '@jest/globals';
import { addQuantities, id, list, optional, quantity, text, toQuantity } from './answer-parts.ts';

describe('a quantity', () => {
  it.each([
    [2, '2'],
    [2.5, '2.5'],
    [0.1 + 0.2, '0.3'],
    [1.999, '1.999'],
    [-3, '-3'],
    [0, '0'],
    [-0, '0'],
    ['1.500', '1.5'],
    [' 7 ', '7'],
    ['007', '7'],
    [123456789.123, '123456789.123'],
    [5e-7, '0'],
  ])('%p becomes %p', (value, expected) => {
    expect(toQuantity(value)).toBe(expected);
  });

  it('rounds down, also below zero, so that no piece is made of nothing', () => {
    expect(toQuantity(0.9996)).toBe('0.999');
    expect(toQuantity('-0.0001')).toBe('-0.001');
  });

  it.each(['', 'many', '1,5', '1e5', '--1', Number.NaN, Infinity, 1e30])('%p is none', (value) => {
    expect(toQuantity(value)).toBeUndefined();
    expect(quantity.safeParse(value).success).toBe(false);
  });

  it('is added without loss', () => {
    expect(addQuantities(['0.1', '0.2', '-1'])).toBe('-0.7');
    expect(addQuantities([])).toBe('0');
  });
});

describe('members of answers', () => {
  it('may be null or absent', () => {
    expect(optional(text).parse(null)).toBeUndefined();
    expect(optional(text).parse(undefined)).toBeUndefined();
    expect(list(text).parse(null)).toEqual([]);
  });

  it('may be numbers where text is meant, and numeric strings where ids are meant', () => {
    expect(text.parse(17)).toBe('17');
    expect(id.parse('61007')).toBe(61007);
    expect(id.safeParse('61007a').success).toBe(false);
  });
});
