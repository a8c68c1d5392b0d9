import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { fromMilli, NonNegativeQuantity, PositiveQuantity, Quantity, toMilli } from './quantity.ts';

const LARGEST = 999_999_999_999_999n;
const milli = fc.bigInt({ min: -LARGEST, max: LARGEST });
const quantity = fc.stringMatching(/^-?(0|[1-9]\d{0,11})(\.\d{1,3})?$/);

describe('quantities', () => {
  it('come back the same after a way through their text', () => {
    fc.assert(
      fc.property(milli, (size) => {
        expect(toMilli(fromMilli(size))).toBe(size);
        expect(Quantity.safeParse(fromMilli(size)).success).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('have one shortest text', () => {
    fc.assert(
      fc.property(quantity, (text) => {
        const shortest = fromMilli(toMilli(text));
        expect(toMilli(shortest)).toBe(toMilli(text));
        expect(shortest.length).toBeLessThanOrEqual(text.length);
        expect(shortest).not.toMatch(/\.\d*0$|\.$|^-0$/);
      }),
      { numRuns: 2000 },
    );
  });

  it('add up without the errors of floating point', () => {
    expect(fromMilli(toMilli('0.1') + toMilli('0.2'))).toBe('0.3');
    fc.assert(
      fc.property(milli, milli, (a, b) => {
        expect(toMilli(fromMilli(a)) + toMilli(fromMilli(b))).toBe(a + b);
      }),
    );
  });

  it('are counted in thousandths', () => {
    expect(toMilli('2')).toBe(2000n);
    expect(toMilli('0.125')).toBe(125n);
    expect(toMilli('-0.5')).toBe(-500n);
    expect(toMilli('-0')).toBe(0n);
    expect(fromMilli(0n)).toBe('0');
    expect(fromMilli(-1n)).toBe('-0.001');
    expect(fromMilli(LARGEST)).toBe('999999999999.999');
  });

  it.each([
    '',
    'abc',
    '1,5',
    '1.2345',
    '.5',
    '5.',
    '01',
    '1e3',
    '+1',
    ' 1',
    '1\n',
    '--1',
    '1000000000000',
    '٣',
  ])('are refused as %j, as text and as thousandths', (text) => {
    expect(Quantity.safeParse(text).success).toBe(false);
    expect(PositiveQuantity.safeParse(text).success).toBe(false);
    expect(() => toMilli(text)).toThrow(RangeError);
  });

  it('are above zero on an order line and not below it in a margin', () => {
    fc.assert(
      fc.property(quantity, (text) => {
        expect(PositiveQuantity.safeParse(text).success).toBe(toMilli(text) > 0n);
        if (toMilli(text) < 0n) expect(NonNegativeQuantity.safeParse(text).success).toBe(false);
        if (toMilli(text) > 0n) expect(NonNegativeQuantity.safeParse(text).success).toBe(true);
      }),
      { numRuns: 2000 },
    );
    expect(PositiveQuantity.safeParse('0.000').error?.issues[0]?.message).toBe('must be greater than 0');
  });
});
