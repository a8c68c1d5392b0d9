import type { Figures } from './article-figures.ts';

/** From where on a read is not believed at once. */
export interface Gate {
  /** This share of all articles that have something to sell, of at least so many such articles. */
  readonly share: number;
  readonly articles: number;
  /** The list of articles is shorter by more than this share. */
  readonly listShare: number;
}

export type Doubt = 'zeroed' | 'page-missing' | 'list-shrunk';

/** What a read says, in numbers. */
export interface Sums {
  /** False where a page of it could not be read. */
  readonly complete: boolean;
  /** How many articles are on the list, and were on the last one; absent for a read of some articles only. */
  readonly listed?: number;
  readonly listedBefore?: number;
  /**
   * Articles that had something to sell, and how many of them have nothing after this read and those of a while before
   * it: a wipe may come in small steps.
   */
  readonly had: number;
  readonly zeroed: number;
}

/** Whether a read would do so much harm, were it wrong, that a second one has to say the same (design 6.4). */
export function doubtOf(sums: Sums, gate: Gate): Doubt | undefined {
  const { complete, listed, listedBefore, had, zeroed } = sums;
  if (!complete) return 'page-missing';
  if (listed !== undefined && listedBefore !== undefined && isShorter(listed, listedBefore, gate))
    return 'list-shrunk';
  return zeroed > 0 && had >= gate.articles && zeroed >= had * gate.share ? 'zeroed' : undefined;
}

/** Few articles come and go. */
export function isShorter(listed: number, before: number, gate: Gate): boolean {
  return before >= gate.articles && listed < before * (1 - gate.listShare);
}

/** Fewer zeroed articles than this are no reason to count all others. */
export const fewest = (gate: Gate) => gate.articles * gate.share;

export const sells = (figures: Pick<Figures, 'status' | 'sellable'> | undefined) =>
  figures?.status === 'active' && figures.sellable > 0n;

/**
 * Nothing is left of it that could be sold, and that is not the doing of our own orders: they took fewer pieces than
 * are missing, or it is not sold any more.
 *
 * @param own how many pieces our own orders may have moved since the earlier figure
 */
export function wasEmptied(
  before: Held | undefined,
  now: Pick<Figures, 'status' | 'sellable'>,
  own: bigint,
): boolean {
  if (!before || !sells(before) || sells(now)) return false;
  return now.status !== 'active' || before.sellable - now.sellable > own;
}

export interface Held {
  readonly status: Figures['status'];
  readonly sellable: bigint;
}

/** The held articles of which the second read says something else than our own orders can have made of the first. */
export function differing(
  held: ReadonlyMap<string, Held>,
  second: ReadonlyMap<string, Figures>,
  own: ReadonlyMap<string, bigint>,
): string[] {
  return [...held]
    .filter(([article, { status, sellable }]) => {
      const now = second.get(article);
      if (!now || now.status !== status) return true;
      const moved = now.sellable - sellable;
      return (moved < 0n ? -moved : moved) > (own.get(article) ?? 0n);
    })
    .map(([article]) => article);
}
