/** The lines of an order, or pieces by article. */
export type Pieces = ReadonlyMap<string, number>;

/** Of each article the larger number of both. */
export function most(one: Pieces, other: Pieces): Pieces {
  const pieces = new Map(one);
  for (const [article, count] of other) pieces.set(article, Math.max(count, pieces.get(article) ?? 0));
  return pieces;
}

export function add(counts: Map<string, number>, key: string, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more);
}
