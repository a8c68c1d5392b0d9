import { textArray } from '../text-array.ts';
import type { Outgoing } from '../transport.ts';

/** The last nine parameters of `bus.put` and `bus.settle`. */
export function asColumns(outgoing: readonly Outgoing[], prefix: string): unknown[] {
  const targets = new Map<string, { index: number; topic: string; partition: number; count: number }>();
  const indexes: number[] = [];
  const places: number[] = [];
  for (const { topic, partition } of outgoing) {
    const name = `${topic}/${partition}`;
    let target = targets.get(name);
    if (!target) {
      target = { index: targets.size + 1, topic: prefix + topic, partition, count: 0 };
      targets.set(name, target);
    }
    target.count += 1;
    indexes.push(target.index);
    places.push(target.count);
  }
  const all = [...targets.values()];
  return [
    all.map(({ topic }) => topic),
    all.map(({ partition }) => partition),
    all.map(({ count }) => count),
    indexes,
    places,
    textArray(outgoing.map(({ id }) => id)),
    textArray(outgoing.map(({ key }) => key)),
    textArray(outgoing.map(({ headers }) => JSON.stringify(headers))),
    textArray(outgoing.map(({ data }) => data)),
  ];
}
