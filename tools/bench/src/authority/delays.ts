/** What an observer saw of the partitions of a topic at one moment: the offset after the last committed message. */
export interface Look {
  readonly at: number;
  readonly ends: readonly number[];
}

/** A message of a partition. */
export interface Place {
  readonly key: string;
  readonly partition: number;
  readonly offset: number;
}

/** When each message was first seen to be committed, by its key. Looks ascend in time. */
export function seenAt(places: readonly Place[], looks: readonly Look[]): Map<string, number> {
  const seen = new Map<string, number>();
  const byPartition = new Map<number, Place[]>();
  for (const place of places) {
    const others = byPartition.get(place.partition);
    if (others) others.push(place);
    else byPartition.set(place.partition, [place]);
  }
  for (const [partition, messages] of byPartition) {
    let look = 0;
    for (const { key, offset } of messages.toSorted((a, b) => a.offset - b.offset)) {
      while (look < looks.length && (looks[look]?.ends[partition] ?? 0) <= offset) look += 1;
      const at = looks[look]?.at;
      if (at !== undefined) seen.set(key, at);
    }
  }
  return seen;
}

/**
 * Milliseconds from the moment each order could be taken until it was seen to be committed. Throws where one
 * was never seen.
 */
export function delays(offered: ReadonlyMap<string, number>, seen: ReadonlyMap<string, number>): number[] {
  return [...offered].map(([key, from]) => {
    const to = seen.get(key);
    if (to === undefined) throw new Error(`Order ${key} was offered, and nobody saw what became of it.`);
    return to - from;
  });
}
