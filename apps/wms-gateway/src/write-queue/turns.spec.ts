import { describe, expect, it } from '@jest/globals';
import { array, assert, constantFrom, property } from 'fast-check';
import { backoffMs } from './backoff.ts';
import { Turns } from './turns.ts';

describe('the turns of the lanes', () => {
  it('lets a lone order wait for at most one of a lane that holds ten thousand', () => {
    const turns = new Turns<{ place: number; name: string }>();
    const next = () => turns.take()?.name;
    for (let n = 0; n < 10_000; n++) turns.add('SE', { place: n, name: `se-${n}` });
    expect([next(), next()]).toEqual(['se-0', 'se-1']);
    turns.add('EU', { place: 10_000, name: 'eu-0' });
    expect([next(), next(), next()]).toEqual(['eu-0', 'se-2', 'se-3']);
  });

  it('puts what was tried and waits again before what has waited shorter', () => {
    const turns = new Turns<{ place: number }>();
    for (const place of [3, 5, 1, 4, 2]) turns.add('SE', { place });
    expect([1, 2, 3, 4, 5].map(() => turns.take()?.place)).toEqual([1, 2, 3, 4, 5]);
  });

  it('knows a lane that would come before all that wait, and gives it alone where only it may be served', () => {
    const turns = new Turns<{ place: number; lane: string }>();
    const wait = (lane: string, place: number) => turns.add(lane, { lane, place });
    wait('SE', 1);
    turns.take();
    wait('SE', 2);
    // Never served, so it comes first; a lane that waits itself need not be asked for.
    expect([turns.wouldComeFirst('EU'), turns.wouldComeFirst('SE')]).toEqual([true, false]);
    wait('EU', 3);
    expect(turns.take((lane) => lane === 'SE')?.place).toBe(2);
    expect(turns.take((lane) => lane === 'SE')).toBeUndefined();
    expect(turns.clear().map(({ place }) => place)).toEqual([3]);
    expect(turns.size).toBe(0);
    wait('SE', 4);
    wait('EU', 5);
    expect(turns.take()?.lane).toBe('EU');
    // Two that were served: the one that is here was served before, and goes first.
    expect(turns.wouldComeFirst('EU')).toBe(false);
  });

  it('gives everything out once, in the order of its lane, and no lane two turns while another waits', () => {
    assert(
      property(array(constantFrom('SE', 'EU', 'ERP'), { maxLength: 60 }), (lanes) => {
        const turns = new Turns<{ lane: string; n: number; place: number }>();
        lanes.forEach((lane, n) => turns.add(lane, { lane, n, place: n }));
        const out: { lane: string; n: number }[] = [];
        for (let item = turns.take(); item; item = turns.take()) out.push(item);
        expect(out.toSorted((a, b) => a.n - b.n).map(({ lane }) => lane)).toEqual(lanes);
        for (const lane of ['SE', 'EU', 'ERP']) {
          const own = out.filter((item) => item.lane === lane).map(({ n }) => n);
          expect(own).toEqual(own.toSorted((a, b) => a - b));
        }
        out.forEach((item, i) => {
          const again = out.findIndex((other, j) => j > i && other.lane === item.lane);
          const waiting = new Set(out.slice(again === -1 ? out.length : again).map(({ lane }) => lane));
          const between = new Set(out.slice(i + 1, again === -1 ? undefined : again).map(({ lane }) => lane));
          for (const lane of waiting) if (lane !== item.lane) expect(between).toContain(lane);
        });
        expect(turns.size).toBe(0);
      }),
    );
  });
});

describe('the pause before another try', () => {
  it('doubles up to its most, with a random half', () => {
    expect([1, 2, 3, 4, 50].map((tries) => backoffMs(tries, 100, 500, 0.999_999))).toEqual([
      100, 200, 400, 500, 500,
    ]);
    expect([1, 2, 3, 4, 50].map((tries) => backoffMs(tries, 100, 500, 0))).toEqual([50, 100, 200, 250, 250]);
  });
});
