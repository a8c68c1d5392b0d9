import type { Random } from './random.ts';
import { add, type Pieces } from './pieces.ts';

/** What each kit consists of, in pieces of each part. */
export type KitPlan = ReadonlyMap<string, Pieces>;

const NUMBERS = ['SET', 'BOX'];

export function kitsOf(random: Random, articles: readonly string[]): KitPlan {
  const plan = new Map<string, Pieces>();
  for (const number of NUMBERS.slice(0, random.between(1, 2))) {
    const parts = new Map<string, number>();
    for (let count = random.between(1, 2); count > 0; count--)
      parts.set(random.pick(articles), random.between(1, 2));
    plan.set(number, parts);
  }
  return plan;
}

/** The same pieces with every kit taken apart. Own arithmetic: the deciders have theirs. */
export function apart(kits: KitPlan, pieces: Pieces): Pieces {
  if (kits.size === 0) return pieces;
  const all = new Map<string, number>();
  for (const [article, count] of pieces) {
    const parts = kits.get(article);
    if (parts) for (const [part, each] of parts) add(all, part, count * each);
    else add(all, article, count);
  }
  return all;
}

/** How many of it can be made where so many there are of each part. */
export function fewest(parts: Pieces, there: (part: string) => number): number {
  return Math.min(...[...parts].map(([part, each]) => Math.floor(there(part) / each)));
}

/** As the authority holds it, in thousandths. */
export function inMilli(plan: KitPlan): Map<string, Map<string, bigint>> {
  const milli = (parts: Pieces) => new Map([...parts].map(([part, each]) => [part, BigInt(each) * 1000n]));
  return new Map([...plan].map(([kit, parts]) => [kit, milli(parts)]));
}
