import type { DataSource, EntityManager } from 'typeorm';
import type { FeedPosition } from '../shop.ts';

export interface Feed {
  readonly position: FeedPosition;
  readonly edition: number;
  /** The moment at which the last complete read was started; undefined before the first. */
  readonly readStartedAt?: Date;
}

/** Where the shop's feed has been read to. A channel that is new begins at `first`. */
export async function findFeed(database: DataSource, first: string): Promise<Feed> {
  const look = async () =>
    (await database.query('SELECT changed_at, last_id, edition, read_started_at FROM feed')) as {
      changed_at: Date;
      last_id: string;
      edition: number;
      read_started_at: Date | null;
    }[];
  let [row] = await look();
  if (!row) {
    await database.query(`INSERT INTO feed (changed_at, last_id) VALUES ($1, '') ON CONFLICT DO NOTHING`, [
      first,
    ]);
    [row] = await look();
  }
  if (!row) throw new Error('the feed has no row, although it was just made');
  return {
    position: { changedAt: row.changed_at.toISOString(), id: row.last_id },
    edition: row.edition,
    readStartedAt: row.read_started_at ?? undefined,
  };
}

export interface FeedMove {
  readonly edition: number;
  /** Not beyond `startedAt`, when the read began. */
  readonly to: FeedPosition;
  readonly startedAt: Date;
}

/** Forward, and back only from a time that is yet to come; false when a person has set the cursor meanwhile. */
export async function moveFeed(tx: EntityManager, { edition, to, startedAt }: FeedMove): Promise<boolean> {
  const rows = (await tx.query(
    `WITH mine AS (SELECT changed_at, last_id FROM feed WHERE edition = $1 FOR UPDATE),
       moved AS (UPDATE feed SET changed_at = $2, last_id = $3
         WHERE edition = $1 AND ((feed.changed_at, feed.last_id) < ($2::timestamptz, $3) OR feed.changed_at > $4))
     SELECT 1 FROM mine`,
    [edition, to.changedAt, to.id, startedAt],
  )) as unknown[];
  return rows.length > 0;
}

/** The feed has been read completely from that time on: whatever was sold before it has been seen. */
export async function endFeedRead(database: DataSource, edition: number, startedAt: Date): Promise<void> {
  await database.query(
    `UPDATE feed SET read_started_at = greatest(read_started_at, $2), read_ended_at = now() WHERE edition = $1`,
    [edition, startedAt],
  );
}
