interface Entry {
  at: number;
  id: number;
}

/**
 * Ids by the time of their latest change. Changes come in the order of time, so an append and a binary search
 * will do; entries that a later change made stale are dropped when they are half of the list.
 */
export class ChangeIndex {
  private entries: Entry[] = [];
  private readonly latest = new Map<number, number>();

  /** How many entries are held, stale ones among them. */
  get length(): number {
    return this.entries.length;
  }

  note(id: number, at: number): void {
    this.latest.set(id, at);
    const last = this.entries.at(-1);
    // Only a clock that was set back brings an older time.
    if (last && last.at > at) this.entries.splice(this.firstAfter(at), 0, { at, id });
    else if (last?.id !== id || last.at !== at) this.entries.push({ at, id });
    if (this.entries.length > 2 * this.latest.size + 1000) {
      this.entries = this.entries.filter((entry) => this.latest.get(entry.id) === entry.at);
    }
  }

  /** Ids whose latest change is later than this, each once, in ascending order. */
  since(at: number): number[] {
    const found = new Set<number>();
    for (let index = this.firstAfter(at); index < this.entries.length; index++) {
      const entry = this.entries[index];
      if (entry && this.latest.get(entry.id) === entry.at) found.add(entry.id);
    }
    return [...found].toSorted((a, b) => a - b);
  }

  /** It is in no answer any more. */
  forget(id: number): void {
    this.latest.delete(id);
  }

  clear(): void {
    this.entries = [];
    this.latest.clear();
  }

  private firstAfter(at: number): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.entries[middle]?.at ?? 0) > at) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
