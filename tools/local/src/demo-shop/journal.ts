import { appendFileSync, existsSync, readFileSync } from 'node:fs';

/** What happened in a demo shop, a JSON line each, so that it goes on where it was after a restart. */
export class Journal {
  /** @param file where it is kept; without one nothing outlives the process */
  constructor(private readonly file?: string) {}

  replay(take: (entry: Record<string, unknown>) => void): void {
    if (!this.file || !existsSync(this.file)) return;
    for (const line of readFileSync(this.file, 'utf8').split('\n')) {
      if (line === '') continue;
      try {
        take(JSON.parse(line) as Record<string, unknown>);
      } catch {
        // The process ended within this line: what it said was never answered to anybody.
      }
    }
  }

  append(entry: object): void {
    if (this.file) appendFileSync(this.file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
  }
}
