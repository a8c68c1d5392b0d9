import { describe, expect, it } from '@jest/globals';
import { tellExpected, type ExpectedLine } from './expect.ts';

const line = (article: string, on: string | null, quantity: string): ExpectedLine => ({
  article,
  on,
  quantity,
});
const said = (articles: string[], ...lines: ExpectedLine[]) =>
  tellExpected(articles, lines, '2026-11-24T10:00:00Z').map(({ key, data }) => [
    key,
    (data as { expected: unknown }).expected,
  ]);

describe('what is expected of an article', () => {
  it('is summed by day, soonest first, and what has no day comes last', () => {
    const lines = [
      line('TEE', null, '1'),
      line('TEE', '2026-12-03', '10'),
      line('TEE', '2026-12-01', '2.5'),
      line('TEE', '2026-12-03', '5'),
      line('CAP', '2026-12-01', '7'),
    ];
    expect(said(['TEE'], ...lines)).toEqual([
      [
        'TEE',
        [{ on: '2026-12-01', quantity: '2.5' }, { on: '2026-12-03', quantity: '15' }, { quantity: '1' }],
      ],
    ]);
  });

  it('is told once per article, also when nothing is expected any more', () => {
    expect(said(['TEE', 'CAP', 'TEE'], line('CAP', null, '1'))).toEqual([
      ['CAP', [{ quantity: '1' }]],
      ['TEE', []],
    ]);
  });
});
