/**
 * How the shop's stock is written, and what that promises (design 6.3). The kit computes what is to be written,
 * recomputes it at the moment of sending, and remembers what it allowed; an adapter only reads and writes.
 *
 * - `compare-and-set`: `to` is written only if the number still is `from`.
 * - `stocked`: the number counts pieces on the shelf, the shop subtracts its own reservations from it (Medusa).
 *   The kit writes the pieces to offer plus those of imported orders that are not fulfilled there, and reads back.
 * - `relative`: `to − from` is added; the shop refuses what would end below zero.
 * - `absolute`: `to` replaces whatever the number is. A sale in that moment is erased and found later.
 * - `none`: as absolute, in a shop whose number falls for other reasons or that sells without asking it: best effort.
 */
export interface ShelfAccess {
  readonly method: 'compare-and-set' | 'stocked' | 'relative' | 'absolute' | 'none';
  /** The shop takes whole numbers only: what is offered is rounded down. */
  readonly wholePieces: boolean;
  /** Articles in one call of `write`, and at most as many old when sent; 8 when left out. */
  readonly atOnce?: number;
  /** Articles in one call of `read`; 100 when left out. */
  readonly readAtOnce?: number;
  /** The shop's own numbers now. An article that the shop does not have is left out of the answer. */
  read(articles: readonly string[]): Promise<ReadonlyMap<string, ShelfNumber>>;
  /**
   * One answer per write that has one. A write without an answer, and every write when this throws, counts as of
   * unknown outcome: the kit never repeats it, it reads the number and computes anew.
   */
  write(writes: readonly ShelfWrite[]): Promise<readonly ShelfAnswer[]>;
}

export interface ShelfNumber {
  /** What a sale lowers; for `stocked` the number before the shop's own reservations. */
  readonly number: string;
  /** Only for `stocked`: what the shop has reserved for its own orders. */
  readonly reserved?: string;
  /**
   * Only for `stocked`: what buyers are about to pay for and the shop has not reserved yet. They may still get it,
   * however low the number is written. Read before `reserved`, so that who pays meanwhile is counted in one at least.
   */
  readonly atPayment?: string;
}

export interface ShelfWrite {
  readonly article: string;
  /** Unique for this attempt; for the shop's log. */
  readonly writeId: string;
  /** The number that was read just before. */
  readonly from: string;
  readonly to: string;
}

export type ShelfAnswer =
  /** Written. `number` is what the shop says it is now; with compare-and-set it may have kept more than was asked. */
  | { readonly article: string; readonly outcome: 'set'; readonly number?: string }
  /** Not written: the number was not `from` any more, or would have ended below zero. */
  | { readonly article: string; readonly outcome: 'changed' }
  | { readonly article: string; readonly outcome: 'unknown-article' }
  /** Not written, and the same write would be refused again. */
  | { readonly article: string; readonly outcome: 'refused'; readonly text: string };
