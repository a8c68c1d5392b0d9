import type { Message } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';

/** Remembers each channel's last sign of life: the newest event that it wrote itself. */
export async function notice(
  messages: readonly Pick<Message, 'channel' | 'time' | 'type'>[],
  tx: EntityManager,
) {
  const newest = new Map<string, { channel: string; at: string; type: string }>();
  for (const { channel, time, type } of messages) {
    if (!channel) continue;
    const known = newest.get(channel);
    if (!known || Date.parse(known.at) < Date.parse(time)) newest.set(channel, { channel, at: time, type });
  }
  if (newest.size === 0) return;
  await tx.query(
    `INSERT INTO channel_signs (channel, last_at, last_type)
     SELECT channel, at, type FROM jsonb_to_recordset($1::jsonb) AS r(channel text, at timestamptz, type text)
     ORDER BY channel
     ON CONFLICT (channel) DO UPDATE SET last_at = excluded.last_at, last_type = excluded.last_type
       WHERE excluded.last_at > channel_signs.last_at`,
    [JSON.stringify([...newest.values()])],
  );
}
