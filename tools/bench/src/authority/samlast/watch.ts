import { setTimeout as wait } from 'node:timers/promises';
import type { Client } from 'pg';
import type { Look } from '../delays.ts';

const LOOK_EVERY_MS = 1;

/** How far a topic's partitions reach, on the database's clock. */
export async function look(client: Client, topic: string): Promise<Look> {
  const { rows } = await client.query<Look>({
    name: 'look',
    text: `SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS at,
             array_agg(next_offset::float8 ORDER BY partition) AS ends
           FROM bus.partitions WHERE topic = $1`,
    values: [topic],
  });
  return rows[0] as Look;
}

const reach = ({ ends }: Look) => ends.reduce((total, end) => total + end, 0);

/**
 * Looks every millisecond until the partitions reach so many messages further. Offsets are handed out in the
 * order of the commits, so whatever is below an end that is seen is committed.
 */
export async function looksFrom(client: Client, topic: string, first: Look, count: number): Promise<Look[]> {
  const looks: Look[] = [];
  for (let newest = first; reach(newest) < reach(first) + count; looks.push(newest)) {
    await wait(LOOK_EVERY_MS);
    newest = await look(client, topic);
  }
  return looks;
}
