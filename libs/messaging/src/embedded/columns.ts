import { bigintArray, intArray, uuidArray } from '../fixed-array.ts';
import { textArray } from '../text-array.ts';
import type { Outgoing } from '../transport.ts';
import { headsOf } from './heads.ts';

interface Target {
  readonly index: number;
  readonly name: string;
  readonly topic: string;
  readonly partition: number;
  count: number;
}

/** The last nine parameters of `bus.write` and `bus.leave`. */
export function asColumns(outgoing: readonly Outgoing[], prefix: string): unknown[] {
  const targets = new Map<string, Target>();
  const indexes: number[] = [];
  const places: number[] = [];
  let target: Target | undefined;
  for (const { topic, partition } of outgoing) {
    // Most go where the one before went.
    if (target?.partition !== partition || target.name !== topic) {
      const place = `${topic}/${partition}`;
      target = targets.get(place) ?? {
        index: targets.size + 1,
        name: topic,
        topic: prefix + topic,
        partition,
        count: 0,
      };
      targets.set(place, target);
    }
    target.count += 1;
    indexes.push(target.index);
    places.push(target.count);
  }
  const all = [...targets.values()];
  return [
    all.map(({ topic }) => topic),
    intArray(all.map(({ partition }) => partition)),
    bigintArray(all.map(({ count }) => count)),
    intArray(indexes),
    intArray(places),
    uuidArray(outgoing.map(({ id }) => id)),
    textArray(outgoing.map(({ key }) => key)),
    textArray(outgoing.map(headsOf)),
    textArray(outgoing.map(({ data }) => data)),
  ];
}
