import { describe, expect, it } from '@jest/globals';
import type { DataOf, OrderReturned } from '@samlast/contracts';
import { followReturn, type CameBack, type ToldReturns } from './follow-return.ts';

const order = { number: '1-SE', channel: 'SE', wmsOrderId: 7 };
const back = (quantity: string, restocked: boolean, more: Partial<CameBack> = {}): CameBack => ({
  row: '1',
  article: 'TEE',
  quantity,
  restocked,
  ...more,
});
const R1 = { of: 'R1-SE' };
const R2 = { of: 'R2-SE' };

/** What is told of one look after the other. */
function looks(...seen: CameBack[][]) {
  let told: ToldReturns | undefined;
  return seen.map((one) => {
    const news = followReturn(order, told, one, '2026-03-05T10:00:00Z');
    told = news?.told ?? told;
    return (news?.events ?? []).flatMap(({ data }) => {
      const { return: of, lines } = data as DataOf<typeof OrderReturned>;
      return lines.map(({ quantity, restocked, cause }) =>
        [of ?? 'dock', quantity, restocked ? 'fit' : 'scrap', cause?.code].filter(Boolean).join(' '),
      );
    });
  });
}

describe('what is told of goods that came back', () => {
  it('is each piece once, by return and by whether it is fit', () => {
    const seen = [back('1', true, R1), back('1', false, R2), back('2', true)];
    expect(looks(seen, seen, [back('3', true, R1), ...seen.slice(1)])).toEqual([
      ['R1-SE 1 fit', 'R2-SE 1 scrap', 'dock 2 fit'],
      [],
      ['R1-SE 2 fit'],
    ]);
  });

  it('is no piece a second time that is scrapped after it was told as fit', () => {
    const both = [back('1', true, R1), back('1', false, R1)];
    expect(looks([back('2', true, R1)], both, [...both, back('1', true, R2)])).toEqual([
      ['R1-SE 2 fit'],
      [],
      ['R2-SE 1 fit'],
    ]);
    expect(looks([back('1', true)], [back('1', false, { cause: { code: 'BROKEN' } })])).toEqual([
      ['dock 1 fit'],
      [],
    ]);
  });

  it('is what came since, also where some of what came before was scrapped meanwhile', () => {
    const later = [back('1', true, R1), back('2', false, R1)];
    expect(looks([back('2', true, R1)], later, later)).toEqual([['R1-SE 2 fit'], ['R1-SE 1 scrap'], []]);
  });

  it('is each cause by itself', () => {
    const broken = { cause: { code: 'BROKEN' } };
    const small = { cause: { code: 'SMALL' } };
    expect(
      looks(
        [back('1', true)],
        [back('1', true), back('1', false, broken), back('1', true, small)],
        [back('1', true), back('3', false, broken), back('1', true, small)],
      ),
    ).toEqual([['dock 1 fit'], ['dock 1 scrap BROKEN', 'dock 1 fit SMALL'], ['dock 2 scrap BROKEN']]);
  });

  it('is no piece a second time that was found at the dock and then booked on a return', () => {
    expect(looks([back('1', true)], [back('1', true, R1)], [back('2', true, R1)])).toEqual([
      ['dock 1 fit'],
      [],
      ['R1-SE 1 fit'],
    ]);
  });

  it('is nothing where the warehouse corrects its count downwards', () => {
    expect(looks([back('2', true, R1)], [back('1', true, R1)], [back('2', true, R1)])).toEqual([
      ['R1-SE 2 fit'],
      [],
      [],
    ]);
  });
});
