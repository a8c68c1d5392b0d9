import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from 'pg';

const LOOK_EVERY_MS = 1;
/** A position may be committed after so many higher ones, or never. */
const LATE = 200;

export async function newestPosition(client: Client): Promise<number> {
  const sql = 'SELECT coalesce(max(position), 0)::float8 AS position FROM outbox';
  return (await client.query<{ position: number }>(sql)).rows[0]?.position ?? 0;
}

/**
 * Looks every millisecond what is committed in the outbox beyond a position, until it is so many rows. Gives
 * when each was first seen, by key, on the database's clock.
 */
export async function seenFrom(client: Client, first: number, count: number): Promise<Map<string, number>> {
  const seen = new Map<string, number>();
  for (let highest = first; seen.size < count;) {
    await wait(LOOK_EVERY_MS);
    const { rows } = await client.query<{ at: number; position: number; key: string }>({
      name: 'look',
      text: `SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS at, position::float8, key
             FROM outbox WHERE position > $1`,
      values: [Math.max(first, highest - LATE)],
    });
    for (const { at, position, key } of rows) {
      if (!seen.has(key)) seen.set(key, at);
      highest = Math.max(highest, position);
    }
  }
  return seen;
}
