/**
 * Waits in lanes, each in the order of its items' places, and takes from the lane that was served longest ago. A lane
 * that is new or was idle comes first.
 */
export class Turns<T extends { place: number }> {
  private readonly lanes = new Map<string, T[]>();
  private readonly servedAt = new Map<string, number>();
  private served = 0;

  /** What was tried before and waits again comes before what has waited shorter. */
  add(lane: string, item: T): void {
    const items = this.lanes.get(lane);
    if (!items) {
      this.lanes.set(lane, [item]);
      return;
    }
    let at = items.length;
    while (at > 0 && (items[at - 1]?.place ?? 0) > item.place) at -= 1;
    items.splice(at, 0, item);
  }

  /** From any lane, or from those alone that may be served. */
  take(may: (lane: string) => boolean = () => true): T | undefined {
    let next: string | undefined;
    for (const lane of this.lanes.keys()) {
      if (may(lane) && (next === undefined || this.rank(lane) < this.rank(next))) next = lane;
    }
    if (next === undefined) return undefined;
    const items = this.lanes.get(next);
    const item = items?.shift();
    if (items?.length === 0) this.lanes.delete(next);
    this.served += 1;
    this.servedAt.set(next, this.served);
    return item;
  }

  /** Whether this lane has nothing here, and would be served before all that have. */
  wouldComeFirst(lane: string): boolean {
    return (
      !this.lanes.has(lane) && [...this.lanes.keys()].every((other) => this.rank(lane) < this.rank(other))
    );
  }

  get size(): number {
    let size = 0;
    for (const items of this.lanes.values()) size += items.length;
    return size;
  }

  sizeOf(lane: string): number {
    return this.lanes.get(lane)?.length ?? 0;
  }

  /** Gives everything back; which lane was served when is kept. */
  clear(): T[] {
    const all = [...this.lanes.values()].flat();
    this.lanes.clear();
    return all;
  }

  private rank(lane: string): number {
    return this.servedAt.get(lane) ?? 0;
  }
}
