import { describe, expect, it } from '@jest/globals';
import { isOver } from './purchase-states.ts';

const over = (PURCHASE_OPEN_TO: number, own: [number, 'received' | 'receiving'][] = []) => {
  const config = { PURCHASE_OPEN_TO, PURCHASE_STATUSES: new Map(own) };
  return [100, 300, 350, 400, 450, 500, 900].filter((status) => isOver(status, config));
};

describe('a purchase order of which nothing more comes', () => {
  it('has a status above the highest open one, whether anybody knows that status or not', () => {
    expect(over(399)).toEqual([400, 450, 500, 900]);
    expect(over(499)).toEqual([500, 900]);
  });

  it('is received or cancelled, whatever its number', () => {
    expect(over(999)).toEqual([500, 900]);
    expect(over(399, [[350, 'received']])).toEqual([350, 400, 450, 500, 900]);
    expect(over(599, [[500, 'receiving']])).toEqual([900]);
  });
});
