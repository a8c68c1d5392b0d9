import { describe, expect, it } from '@jest/globals';
import { Outage } from './outage.ts';

const MINUTE_MS = 60_000;
const HOURS_8_MS = 8 * 60 * MINUTE_MS;
const pauses = { RETRY_MIN_MS: 250, RETRY_MAX_MS: MINUTE_MS };

/** Asks again whenever the pause is over, each request failing after so long, until that time; answers all pauses. */
function lastFor(outage: Outage, untilMs: number, requestMs: number, random: () => number): number[] {
  const each: number[] = [];
  for (let now = 0; now < untilMs; now += requestMs + (each.at(-1) ?? 0)) {
    outage.failed(now + requestMs, 1, random());
    each.push(outage.pauseMs(now + requestMs));
  }
  return each;
}

describe('an outage', () => {
  it('of eight hours ends in a pause of at most a minute, whatever chance says', () => {
    for (const random of [() => 0, () => 0.999_999, Math.random]) {
      const each = lastFor(new Outage(pauses), HOURS_8_MS, 3_000, random);
      expect(Math.max(...each)).toBeLessThanOrEqual(MINUTE_MS);
      expect(Math.min(...each)).toBeGreaterThan(0);
      // Neither a storm of requests: less than one in half a minute.
      expect(each.length).toBeLessThan(1_000);
    }
  });

  it('pauses longer from failure to failure, and anew from the shortest after an answer', () => {
    const outage = new Outage(pauses);
    expect(lastFor(outage, 16_000, 0, () => 0.999_999).slice(0, 5)).toEqual([250, 500, 1000, 2000, 4000]);
    expect(outage.answered()).toBe(true);
    expect([outage.pauseMs(0), outage.since]).toEqual([0, undefined]);
    outage.failed(0, 1, 0.999_999);
    expect(outage.pauseMs(0)).toBe(250);
    // One failure is a hiccup.
    expect(outage.answered()).toBe(false);
  });

  it('counts failures side by side as one, and a fault of a single request not before it has company', () => {
    const outage = new Outage(pauses);
    expect([1, 2, 3].map((now) => outage.failed(now, 3, 0))).toEqual([false, false, true]);
    expect(outage.failed(4, 3, 0)).toBe(false);
    expect(outage.failures).toBe(1);
    expect(outage.since).toBe(3);
  });

  it('pauses as long as Ongoing asks for, within reason, and never shorter than by itself', () => {
    const outage = new Outage(pauses);
    outage.failed(0, 1, 0.999_999, 7_000);
    expect(outage.pauseMs(0)).toBe(7_000);
    // One that ran beside it was asked for more.
    outage.failed(1_000, 1, 0, 9_000);
    expect([outage.pauseMs(1_000), outage.failures]).toEqual([9_000, 1]);
    outage.failed(20_000, 1, 0.999_999, 0);
    expect(outage.pauseMs(20_000)).toBe(500);
    outage.failed(30_000, 1, 0, 24 * 3_600_000);
    expect(outage.pauseMs(30_000)).toBe(10 * MINUTE_MS);
    // The answer to what was under way meanwhile does not end it.
    expect(outage.answered()).toBe(true);
    expect(outage.pauseMs(30_000)).toBe(10 * MINUTE_MS);
  });
});
