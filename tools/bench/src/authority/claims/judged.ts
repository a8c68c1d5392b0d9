/** Below this share of its best the empty handler says that the machine was busy with something else. */
const ENOUGH = 0.8;

/** Which rounds count: those in which the empty handler came near its best. */
export function judged(empty: readonly number[]): boolean[] {
  const best = Math.max(...empty);
  return empty.map((rate) => rate >= ENOUGH * best);
}

/** The values of the rounds that count. */
export function counted(values: readonly number[], counts: readonly boolean[]): number[] {
  return values.filter((_, round) => counts[round]);
}
