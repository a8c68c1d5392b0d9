/**
 * Waits in lanes, and takes from the lane that was served longest ago. A lane that is new or was idle comes
 * first.
 */
export class Turns<T> {
  private readonly lanes = new Map<string, T[]>();
  private readonly servedAt = new Map<string, number>();
  private served = 0;

  add(lane: string, item: T): void {
    const items = this.lanes.get(lane);
    if (items) items.push(item);
    else this.lanes.set(lane, [item]);
  }

  take(): T | undefined {
    let next: string | undefined;
    for (const lane of this.lanes.keys()) {
      if (next === undefined || this.rank(lane) < this.rank(next)) next = lane;
    }
    if (next === undefined) return undefined;
    const items = this.lanes.get(next);
    const item = items?.shift();
    if (items?.length === 0) this.lanes.delete(next);
    this.served += 1;
    this.servedAt.set(next, this.served);
    return item;
  }

  get size(): number {
    let size = 0;
    for (const items of this.lanes.values()) size += items.length;
    return size;
  }

  sizeOf(lane: string): number {
    return this.lanes.get(lane)?.length ?? 0;
  }

  clear(): void {
    this.lanes.clear();
  }

  private rank(lane: string): number {
    return this.servedAt.get(lane) ?? 0;
  }
}
