import { quantile } from '../../rounds.ts';

/** Of moments in ascending order: how long nothing came, at most and nearly always. */
export function longestGaps(times: readonly number[]): { longestMs: number; p99Ms: number } {
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? at));
  return { longestMs: quantile(gaps, 1), p99Ms: quantile(gaps, 0.99) };
}
