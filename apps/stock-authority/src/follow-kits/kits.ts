import type { Needs } from '../reserve-stock/decide.ts';

const PIECE = 1000n;

/** What one piece of each kit consists of in the end, in thousandths of a piece, by kit and part. */
export type Kits = ReadonlyMap<string, ReadonlyMap<string, bigint>>;

/**
 * What is taken from the shelf for what was ordered, summed over lines: of a kit its parts, since lines that share a
 * part would each be checked against the same pieces. The kit stays among them as a mark; it has no stock of its own.
 */
export function expand(kits: Kits, wants: Needs): Needs {
  if (kits.size === 0) return wants;
  const needs = new Map<string, bigint>();
  const add = (article: string, quantity: bigint) =>
    needs.set(article, (needs.get(article) ?? 0n) + quantity);
  for (const [article, quantity] of wants) {
    add(article, quantity);
    for (const [part, each] of kits.get(article) ?? []) add(part, (quantity * each + PIECE - 1n) / PIECE);
  }
  return needs;
}

/** These articles, with the parts of those that are kits: where a kit moves, its parts do. */
export function withParts(kits: Kits, articles: Iterable<string>): Set<string> {
  return new Set([...articles].flatMap((article) => [article, ...(kits.get(article)?.keys() ?? [])]));
}

/** How many whole kits can be made of these parts: the fewest that any one of them allows. */
export function makeable(parts: ReadonlyMap<string, bigint>, there: (part: string) => bigint): bigint {
  let fewest: bigint | undefined;
  for (const [part, each] of parts) {
    const kits = each > 0n ? there(part) / each : 0n;
    if (fewest === undefined || kits < fewest) fewest = kits;
  }
  return (fewest ?? 0n) * PIECE;
}
