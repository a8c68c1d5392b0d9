import { describe, expect, it } from '@jest/globals';
import { Races } from './races.ts';

function races(...run: [way: 'claim-safe' | 'lease-safe', lost?: string][]): Races {
  const all = new Races();
  for (const [way, lost] of run) all.add(way, 'some buyers at once', lost);
  return all;
}

describe("a channel's races", () => {
  it('earn a grade for each way of selling in which none was lost', () => {
    expect(races(['claim-safe'], ['lease-safe'], ['lease-safe']).earned()).toEqual([
      'claim-safe',
      'lease-safe',
    ]);
    expect(races(['claim-safe'], ['lease-safe'], ['lease-safe', 'sold 2 of 1']).earned()).toEqual([
      'claim-safe',
    ]);
  });

  it('earn none where nobody raced', () => {
    expect(races().earned()).toEqual([]);
    expect(() => races().compare('x', ['lease-safe'])).toThrow("declares 'lease-safe'");
  });

  it('refuse an adapter that declares more, or less, than they show, and say which race was lost', () => {
    const lost = races(['lease-safe', 'sold 4 of 2']);
    expect(() => lost.compare('x', ['lease-safe'])).toThrow(
      /but its races say 'best effort'[^]*some buyers at once: sold 4 of 2/,
    );
    expect(() => races(['lease-safe']).compare('x')).toThrow("declares 'best effort'");
    expect(() => lost.compare('x')).not.toThrow();
    expect(() =>
      races(['lease-safe'], ['claim-safe']).compare('x', ['lease-safe', 'claim-safe']),
    ).not.toThrow();
  });
});
