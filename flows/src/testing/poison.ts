import { randomUUID } from 'node:crypto';
import type { System } from './system.ts';

const TOPIC = 'channel.orders.v1';

export interface Poison {
  type: string;
  key: string;
  /** The value as it stands on the bus. */
  value: string;
}

/**
 * Puts something on the orders' topic that no channel of ours would send: into the SE channel's outbox on Kafka, into
 * the log itself on the embedded bus.
 */
export async function poison(system: System, { type, key, value }: Poison): Promise<void> {
  const id = randomUUID();
  const headers = {
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: type,
    ce_source: 'samlast/stranger',
    ce_time: new Date().toISOString(),
    ce_subject: key,
    'content-type': 'application/json',
    samlast_channel: 'SE',
  };
  const { query } = system.database;
  if (system.bus === 'embedded') {
    const row = { topic: TOPIC, partition: 0, id, key, headers, data: value };
    await query('SELECT bus.append($1)', [JSON.stringify([row])]);
    return;
  }
  await query(
    'INSERT INTO channel_se.outbox (topic, partition, id, key, headers, data) VALUES ($1, 0, $2, $3, $4, $5)',
    [TOPIC, id, key, JSON.stringify(headers), value],
  );
}
