import { describe, expect, it } from '@jest/globals';
import { array, assert, constantFrom, property } from 'fast-check';
import { backoffMs } from './backoff.ts';
import { Turns } from './turns.ts';

describe('the turns of the lanes', () => {
  it('lets a lone order wait for at most one of a lane that holds ten thousand', () => {
    const turns = new Turns<string>();
    for (let n = 0; n < 10_000; n++) turns.add('SE', `se-${n}`);
    expect([turns.take(), turns.take()]).toEqual(['se-0', 'se-1']);
    turns.add('EU', 'eu-0');
    expect([turns.take(), turns.take(), turns.take()]).toEqual(['eu-0', 'se-2', 'se-3']);
  });

  it('gives everything out once, in the order of its lane, and no lane two turns while another waits', () => {
    assert(
      property(array(constantFrom('SE', 'EU', 'ERP'), { maxLength: 60 }), (lanes) => {
        const turns = new Turns<{ lane: string; n: number }>();
        lanes.forEach((lane, n) => turns.add(lane, { lane, n }));
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
