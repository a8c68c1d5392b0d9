import type { DataSource } from 'typeorm';
import { describe } from './failure.ts';
import type { BusLog } from './options.ts';
import type { Transport } from './transport.ts';

const HOUR_MS = 3_600_000;
const CHUNK_ROWS = 10_000;
/** Longer than any topic keeps a message: whatever can be delivered again must be known again. */
export const INBOX_DAYS = 37;
/** Settled dead letters hold whole orders, so they go when the topics' own copies go. */
export const LETTER_DAYS = 35;

/** Deletes what nobody can need any more, once an hour. */
export class Retention {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly source: DataSource,
    private readonly transport: Transport,
    private readonly log: BusLog,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.tryPrune(), HOUR_MS).unref();
  }

  stop(): void {
    clearInterval(this.timer);
  }

  async prune(): Promise<void> {
    await this.chunks('inbox', 'at', INBOX_DAYS);
    // Open letters have no settled_at, so they stay however old they are.
    await this.chunks('dead_letters', 'settled_at', LETTER_DAYS);
    await this.transport.prune();
  }

  private async tryPrune(): Promise<void> {
    try {
      await this.prune();
    } catch (error) {
      this.log.warn('old messages could not be deleted, the next hour tries again', {
        reason: describe(error),
      });
    }
  }

  private async chunks(table: 'inbox' | 'dead_letters', column: string, days: number): Promise<void> {
    for (let deleted = CHUNK_ROWS; deleted === CHUNK_ROWS;) {
      const [, count]: [unknown[], number] = await this.source.query(
        `DELETE FROM ${table} WHERE id IN (
           SELECT id FROM ${table} WHERE ${column} < now() - make_interval(days => $1) LIMIT ${CHUNK_ROWS})`,
        [days],
      );
      deleted = count;
    }
  }
}
