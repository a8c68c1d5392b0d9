import { expect, it } from '@jest/globals';
import { jumpClock } from './clock.ts';

const HOUR = 3_600_000;

it('jumps forwards and backwards, and back to what it was', () => {
  const before = new Date();
  for (const jump of [HOUR, -HOUR]) {
    const back = jumpClock(jump);
    try {
      for (const now of [Date.now(), new Date().getTime()])
        expect(Math.abs(now - before.getTime() - jump)).toBeLessThan(60_000);
      expect(before instanceof Date).toBe(true);
      expect(new Date('2026-01-02T03:04:05Z').toISOString()).toBe('2026-01-02T03:04:05.000Z');
    } finally {
      back();
    }
  }
  expect(Date.now() - before.getTime()).toBeLessThan(60_000);
});
