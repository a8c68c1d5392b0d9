import { describe, expect, it } from '@jest/globals';
import { lowered } from './doubt.ts';

const known = { status: 'active', sellable: 10_000n, takenLow: 2_000n } as const;
const said = { status: 'active', sellable: 0n, takenLow: 0n } as const;

describe('a doubtful read', () => {
  it('counts where it is lower, and what it lacks is in doubt', () => {
    expect(lowered(known, said)).toEqual({ sellable: 0n, doubt: 8_000n });
    expect(lowered(known, { ...said, sellable: 7_000n })).toEqual({ sellable: 7_000n, doubt: 1_000n });
  });

  it('is left out where it is higher', () => {
    expect(lowered(known, { ...said, sellable: 8_001n })).toBeUndefined();
    expect(lowered(known, { ...said, sellable: 9_000n, takenLow: 1_000n })).toEqual({ sellable: 9_000n });
  });

  it('is no doubt where orders explain it', () => {
    expect(lowered(known, { ...said, sellable: 8_000n })).toEqual({ sellable: 8_000n });
  });

  it('adds to the doubt that there was', () => {
    const before = { ...known, sellable: 6_000n, doubt: 4_000n };
    expect(lowered(before, said)).toEqual({ sellable: 0n, doubt: 8_000n });
    expect(lowered(before, { ...said, sellable: 4_000n })).toEqual({ sellable: 4_000n, doubt: 4_000n });
  });

  it('of an article that is inactive there counts as none', () => {
    expect(lowered(known, { ...said, status: 'inactive', sellable: 9_000n })).toEqual({
      sellable: 0n,
      doubt: 8_000n,
    });
    expect(lowered(known, { ...said, status: 'inactive', sellable: -1_000n })).toEqual({
      sellable: -1_000n,
      doubt: 9_000n,
    });
  });

  it('is left out of what is not sold here, and of what would not be counted any more', () => {
    expect(lowered({ ...known, status: 'inactive' }, said)).toBeUndefined();
    expect(lowered({ ...known, status: 'unknown', sellable: 0n, takenLow: 0n }, said)).toBeUndefined();
    expect(lowered(known, { ...said, status: 'not-stocked' })).toBeUndefined();
  });
});
