import { describe, expect, it } from '@jest/globals';
import { ownPieces } from './own-pieces.ts';

const line = (row: string, quantity: string) => ({ row, article: 'TEE', quantity });
const left = new Map([
  ['1', 2000n],
  ['2', 500n],
]);

describe('what of a parcel its shop can take', () => {
  it('is all of it where nothing was added, with its serial numbers', () => {
    const lines = [{ ...line('1', '2'), serials: ['S1', 'S2'] }, line('2', '0.5')];
    expect(ownPieces(lines, left)).toEqual(lines);
  });

  it('is nothing of a line that the shop does not have', () => {
    expect(ownPieces([line('1', '1'), line('H1', '4')], left)).toEqual([line('1', '1')]);
  });

  it('is what it has sold of a line that has become more, and nobody knows which pieces those are', () => {
    expect(ownPieces([{ ...line('1', '5'), serials: ['S1'] }], left)).toEqual([line('1', '2')]);
  });

  it('is no piece twice where a row is in it twice', () => {
    expect(ownPieces([line('1', '1.5'), line('1', '1.5')], left)).toEqual([
      line('1', '1.5'),
      line('1', '0.5'),
    ]);
  });

  it('is for the shop to refuse where nothing in it is its own', () => {
    const lines = [line('H1', '4')];
    expect(ownPieces(lines, left)).toBe(lines);
    expect(ownPieces([], left)).toEqual([]);
  });
});
