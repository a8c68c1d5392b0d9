/**
 * Milliseconds to wait before try number `tries` (from 1 on): doubling from `min` up to `max`, of which a
 * random half, so that what failed together does not come back together. `random` lies in [0, 1).
 */
export function backoffMs(tries: number, min: number, max: number, random: number): number {
  const full = Math.min(max, min * 2 ** Math.min(tries - 1, 30));
  return Math.round(full / 2 + (full / 2) * random);
}
