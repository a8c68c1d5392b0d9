import { describe, expect, it } from '@jest/globals';
import { otherWarehouse } from './other-warehouse.ts';

describe('a position', () => {
  it('is decided on where it names no warehouse, or the one in use', () => {
    expect(otherWarehouse(undefined, undefined)).toBeUndefined();
    expect(otherWarehouse(undefined, 'GBG')).toBeUndefined();
    expect(otherWarehouse('GBG', 'GBG')).toBeUndefined();
  });

  it('of another warehouse is refused with what to correct', () => {
    expect(otherWarehouse('STO', 'GBG')).toBe(
      'names warehouse STO, but only pieces of warehouse GBG are promised here. Correct the warehouse, or leave it out',
    );
    expect(otherWarehouse('STO', undefined)).toContain('name it in WAREHOUSE');
  });
});
