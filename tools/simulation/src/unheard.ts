/** Pieces that a shop has gained or lost past its orders, of one article. */
interface Change {
  readonly name: string;
  readonly count: number;
  /** When the channel has read of it; undefined for what a reading of the shop's number alone tells. */
  readonly isRead?: () => boolean;
}

/**
 * What happened in shops on lease that nobody can have told the authority yet. It is excused until a report is taken in
 * that was made after the channel had read of it.
 */
export class Unheard {
  private readonly changes = new Set<Change>();
  private readonly sums = new Map<string, number>();
  private readonly reported = new WeakMap<object, readonly Change[]>();

  /** Pieces by which the shop can sell more than anybody was told. */
  of(name: string): number {
    return this.sums.get(name) ?? 0;
  }

  add(name: string, count: number, isRead?: () => boolean): void {
    if (count === 0) return;
    this.changes.add({ name, count, ...(isRead && { isRead }) });
    this.sums.set(name, this.of(name) + count);
  }

  /** What a look at this shelf, which begins now, will know of. */
  known(name: string): readonly Change[] {
    if (this.of(name) === 0 && this.changes.size === 0) return [];
    return [...this.changes].filter((one) => one.name === name && (one.isRead?.() ?? true));
  }

  /** This message says what a look has found that knew of these. */
  reports(data: object, known: readonly Change[]): void {
    if (known.length > 0) this.reported.set(data, known);
  }

  heard(data: object): void {
    for (const one of this.reported.get(data) ?? []) {
      if (!this.changes.delete(one)) continue;
      this.sums.set(one.name, this.of(one.name) - one.count);
    }
  }
}
