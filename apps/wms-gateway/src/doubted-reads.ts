/**
 * What a read seems to show and nobody was told, by number, until the next read says whether it has the same. Gone with
 * the process: two other reads say it again then.
 */
export class DoubtedReads<T> {
  private readonly seen = new Map<string, { what: T; started: number }>();

  /** What an earlier read had, by the step before it: one read does not confirm itself. */
  before(number: string, started: number): T | undefined {
    const doubt = this.seen.get(number);
    return doubt && doubt.started < started ? doubt.what : undefined;
  }

  /** What this read leaves in doubt; undefined ends a doubt. */
  note(number: string, what: T | undefined, started: number): void {
    if (what === undefined) this.seen.delete(number);
    else this.seen.set(number, { what, started });
  }
}
