import type { EntityManager } from 'typeorm';
import type { Fault } from './decode.ts';
import { sizeOf } from './encode.ts';
import { partitionOf } from './partition.ts';
import { newMessageId } from './trace.ts';
import type { Outgoing, RawMessage } from './transport.ts';
import type { Topic } from '@samlast/contracts';

/** A message that is set aside: with a fault it is parked, without one it queues behind a parked one of its key. */
export interface Letter {
  readonly id: string;
  readonly raw: RawMessage;
  readonly fault?: Fault;
}

/** What of a batch is new to the inbox, and the keys, as `topic/key`, behind which messages queue. */
export interface Claimed<Claim> {
  readonly news: Claim[];
  readonly parked: Set<string>;
}

const OPEN = `SELECT topic, key FROM dead_letters
   WHERE state IN ('parked', 'queued') AND (topic, key) IN (SELECT * FROM unnest($1::text[], $2::text[])) FOR SHARE`;

/**
 * Claims the messages in the inbox and looks for parked keys, in one statement. The letters' rows are locked, so that a
 * replay which is about to release a key and this batch go one after the other.
 */
export async function claim<Claim extends Letter>(
  tx: EntityManager,
  letters: readonly Claim[],
): Promise<Claimed<Claim>> {
  const ids = [...new Set(letters.map(({ id }) => id))].toSorted();
  const keys = keysOf(letters);
  const rows: Found[] = await tx.query(
    `WITH claimed AS (INSERT INTO inbox (id) SELECT unnest($3::uuid[]) ON CONFLICT DO NOTHING RETURNING id),
          open AS (${OPEN})
     SELECT id, NULL AS topic, NULL AS key FROM claimed UNION ALL SELECT NULL, topic, key FROM open`,
    [...keys, ids],
  );
  const fresh = new Set(rows.flatMap(({ id }) => id ?? []));
  // Whoever has claimed some of them may have parked their keys since this statement began, so it takes a later look.
  const open = fresh.size === ids.length ? rows.filter(({ id }) => id === null) : await tx.query(OPEN, keys);
  // Deleting what is taken leaves out the second one of two within one batch as well.
  return { news: letters.filter(({ id }) => fresh.delete(id)), parked: parkedIn(open as Found[]) };
}

/**
 * Whether anything was ever settled apart: until then a batch needs no look. Asked under the batch's cursors, as nobody
 * else sets aside a message of these partitions while they are held.
 */
export async function anyApart(tx: EntityManager): Promise<boolean> {
  const [any]: { found: boolean }[] = await tx.query(
    `SELECT EXISTS (SELECT FROM inbox) OR EXISTS (SELECT FROM dead_letters WHERE state IN ('parked', 'queued')) AS found`,
  );
  return any?.found ?? true;
}

/**
 * The same where the cursor moves in this very transaction, which keeps everything from being taken twice but what was
 * settled apart, ahead of the cursor, and stands in the inbox.
 *
 * @param apart what `anyApart` has answered
 */
export async function look<Claim extends Letter>(
  tx: EntityManager,
  letters: readonly Claim[],
  apart: boolean,
): Promise<Claimed<Claim>> {
  if (!apart) return { news: [...letters], parked: new Set() };
  const rows: Found[] = await tx.query(
    `WITH open AS (${OPEN})
     SELECT id, NULL AS topic, NULL AS key FROM inbox WHERE id = ANY ($3::uuid[])
     UNION ALL SELECT NULL, topic, key FROM open`,
    [...keysOf(letters), letters.map(({ id }) => id)],
  );
  const taken = new Set(rows.map(({ id }) => id));
  const parked = parkedIn(rows.filter(({ id }) => id === null));
  return { news: letters.filter(({ id }) => !taken.has(id)), parked };
}

interface Found {
  id: string | null;
  topic: string;
  key: string;
}

function keysOf(letters: readonly Letter[]): [topics: string[], keys: (string | null)[]] {
  const keyed = letters.filter(({ raw }) => raw.key !== null);
  return [keyed.map(({ raw }) => raw.topic), keyed.map(({ raw }) => raw.key)];
}

const parkedIn = (open: readonly Found[]) => new Set(open.map(({ topic, key }) => `${topic}/${key}`));

export async function setAside(tx: EntityManager, letters: readonly Letter[]): Promise<void> {
  for (const { id, raw, fault } of letters) {
    await tx.query(
      `INSERT INTO dead_letters (message_id, state, topic, partition, "offset", key, headers, value, code, reason)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (message_id) DO NOTHING`,
      [
        id,
        fault ? 'parked' : 'queued',
        raw.topic,
        raw.partition,
        raw.offset,
        raw.key,
        JSON.stringify(raw.headers),
        raw.value === null ? null : Buffer.from(raw.value as string),
        fault?.code ?? null,
        fault?.reason ?? null,
      ],
    );
  }
}

/** The copies of parked messages for those who watch the dead-letter topic; the table is what counts. */
export function copies(letters: readonly Letter[], topic: Topic): Outgoing[] {
  return letters.flatMap(({ id, raw, fault }) => {
    if (!fault) return [];
    const key = raw.key ?? id;
    const headers: Record<string, string> = {
      ...raw.headers,
      samlast_dead_code: fault.code,
      samlast_dead_reason: fault.reason.slice(0, 2000),
      samlast_dead_topic: raw.topic,
      samlast_dead_partition: String(raw.partition),
      samlast_dead_offset: raw.offset,
    };
    const copy = {
      id: newMessageId(),
      topic: topic.name,
      partition: partitionOf(key, topic.partitions),
      key,
      headers,
      data: String(raw.value ?? '').replaceAll('\0', '\uFFFD'),
    };
    return [sizeOf(copy) > topic.maxMessageBytes ? cut(copy, topic) : copy];
  });
}

/** With the reason on top a message near the limit would pass it and block the relay: then only the reason is sent. */
function cut(copy: Outgoing, topic: Topic): Outgoing {
  const own = Object.entries(copy.headers).filter(([name]) => name.startsWith('samlast_dead_'));
  const key = copy.id;
  return {
    ...copy,
    key,
    partition: partitionOf(key, topic.partitions),
    headers: { ...Object.fromEntries(own), samlast_dead_cut: 'true' },
    data: '',
  };
}
