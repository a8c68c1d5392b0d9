import { gradeOf, type Safety } from '../safety.ts';

interface Race {
  readonly way: Safety;
  /** In words, such as '4 buyers at once for 2 leased pieces'. */
  readonly name: string;
  /** Why buyers were told yes too often, or why nobody was; undefined where all was right. */
  readonly lost?: string;
}

/** What races between buyers and the channel have shown of a shop: its grade is computed, never believed. */
export class Races {
  private readonly run: Race[] = [];

  add(way: Safety, name: string, lost?: string): void {
    this.run.push({ way, name, ...(lost !== undefined && { lost }) });
  }

  /** A way of selling is safe when it was raced, and no race was lost. */
  earned(): Safety[] {
    const ways = [...new Set(this.run.map(({ way }) => way))].toSorted();
    return ways.filter((way) => this.run.every((race) => race.way !== way || race.lost === undefined));
  }

  /** For people: the grade, and how each race ended. */
  report(channel: string): string {
    const each = this.run.map(({ way, name, lost }) => `  ${way}: ${name}: ${lost ?? 'won'}`);
    return [`channel ${channel}: ${gradeOf(this.earned())}`, ...each].join('\n');
  }

  /** @throws when the adapter declares another grade than it has earned */
  compare(channel: string, declared: readonly Safety[] = []): void {
    const [said, seen] = [gradeOf(declared), gradeOf(this.earned())];
    if (said === seen) return;
    throw new Error(
      `The adapter declares '${said}' in features.safety, but its races say '${seen}'. Correct the one or the other, ` +
        `and the line 'Safety grade' of its README.md.\n${this.report(channel)}`,
    );
  }
}
