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

/**
 * The keys, as `topic/key`, behind which messages queue. The rows are locked, so that a replay which is about to
 * release a key and this batch go one after the other.
 */
export async function parkedKeys(tx: EntityManager, messages: readonly RawMessage[]): Promise<Set<string>> {
  const keys = messages.filter((raw) => raw.key !== null);
  if (keys.length === 0) return new Set();
  const rows: { topic: string; key: string }[] = await tx.query(
    `SELECT topic, key FROM dead_letters
      WHERE state IN ('parked', 'queued')
        AND (topic, key) IN (SELECT * FROM unnest($1::text[], $2::text[])) FOR SHARE`,
    [keys.map((raw) => raw.topic), keys.map((raw) => raw.key)],
  );
  return new Set(rows.map(({ topic, key }) => `${topic}/${key}`));
}

export async function setAside(tx: EntityManager, letters: readonly Letter[]): Promise<void> {
  for (const { id, raw, fault } of letters) {
    await tx.query(
      `INSERT INTO dead_letters (message_id, state, topic, partition, "offset", key, headers, value, code, reason)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
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
