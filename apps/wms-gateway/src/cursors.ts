import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/**
 * How far each feed of Ongoing has been read, on the clock of Ongoing's server. Moved only after everything
 * before it is stored.
 */
@Injectable()
export class Cursors {
  constructor(private readonly database: DataSource) {}

  async read(feed: string): Promise<Date | undefined> {
    const [row] = await this.database.query<{ since: Date }[]>(`SELECT since FROM cursors WHERE feed = $1`, [
      feed,
    ]);
    return row?.since;
  }

  async move(feed: string, since: Date): Promise<void> {
    await this.database.query(
      `INSERT INTO cursors (feed, since) VALUES ($1, $2) ON CONFLICT (feed) DO UPDATE SET since = EXCLUDED.since`,
      [feed, since],
    );
  }
}

/**
 * The server's time when a read began: its answer's time less how long the answer took. Our own where it
 * did not say.
 */
export function startedAt(serverTime: string | undefined, durationMs: number): Date {
  const answered = serverTime === undefined ? Date.now() : Date.parse(serverTime);
  return new Date(answered - durationMs);
}
