import { describe, expect, it } from '@jest/globals';
import { StartTime } from './start-time.ts';

const times = (count: number, work: () => void) => Array.from({ length: count }, work);

describe('how long an intent waits for its request', () => {
  it('doubles when it ran out, once for all that ran out together, up to what a write may take', () => {
    const time = new StartTime(3_000);
    times(5, () => time.ranOut(1_000));
    expect(time.withinMs).toBe(2_000);
    times(9, () => time.ranOut(time.withinMs));
    expect(time.withinMs).toBe(10_000);
  });

  it('comes down while requests start in time', () => {
    const time = new StartTime(3_000);
    time.ranOut(1_000);
    time.started();
    expect(time.withinMs).toBe(1_900);
    times(20, () => time.started());
    expect(time.withinMs).toBe(1_000);
  });
});
