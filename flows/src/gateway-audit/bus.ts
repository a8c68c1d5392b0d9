import { createHash, randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import type { Chance } from '../testing/chance.ts';
import type { Sent } from './sent.ts';

const TOPIC = 'stock.orders.v1';
const PARTITIONS = 6;
const ROWS_AT_ONCE = 500;
const TWICE = 0.05;

interface Message {
  key: string;
  channel: string;
  type: string;
  data: object;
}

/** `early`: every order, and of every other one all that follows; `late`: what follows of the rest. */
export type Wave = 'early' | 'late';

/**
 * Says on the bus what the stock authority would of these orders: each revision, then the cancel. Some of it is said
 * twice, as the same message and as another one with the same content, as a bus may.
 */
export async function offer(
  client: Client,
  sent: readonly Sent[],
  wave: Wave,
  chance: Chance,
): Promise<number> {
  const messages = sent.flatMap((one, place) => {
    const all = messagesOf(one);
    const early = place % 2 === 0 ? all.length : 1;
    return wave === 'early' ? all.slice(0, early) : all.slice(early);
  });
  const rows = messages.flatMap((message) => {
    const row = rowOf(message, randomUUID());
    if (chance.next() >= TWICE) return [row];
    return [row, chance.next() < 0.5 ? row : rowOf(message, randomUUID())];
  });
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    const { rows: ends } = await client.query<{ topic: string; partition: number; next_offset: string }>(
      'SELECT topic, partition, next_offset FROM bus.append($1)',
      [JSON.stringify(rows.slice(from, from + ROWS_AT_ONCE))],
    );
    const words = ends.map(({ topic, partition, next_offset }) => `${topic}/${partition}/${next_offset}`);
    await client.query("SELECT pg_notify('samlast_bus', $1)", [words.join(' ')]);
  }
  return rows.length;
}

function messagesOf({ revisions, cancelled }: Sent): Message[] {
  const messages = revisions.map((order): Message => {
    const { number, channel, revision } = order;
    const data = { number, channel, revision, order, counted: [] };
    return { key: number, channel, type: 'order.reserved', data };
  });
  const last = revisions.at(-1);
  if (cancelled && last) {
    const { number, channel, revision } = last;
    const data = { number, channel, revision: revision + 1 };
    messages.push({ key: number, channel, type: 'order.cancel-forwarded', data });
  }
  return messages;
}

function rowOf({ key, channel, type, data }: Message, id: string) {
  const headers = {
    ce_specversion: '1.0',
    ce_id: id,
    ce_type: type,
    ce_source: 'samlast/stock-authority',
    ce_time: new Date().toISOString(),
    ce_subject: key,
    'content-type': 'application/json',
    samlast_channel: channel,
  };
  return { topic: TOPIC, partition: partitionOf(key), id, key, headers, data: JSON.stringify(data) };
}

/** Whichever, so long as a key always has the same. */
const partitionOf = (key: string) => createHash('md5').update(key).digest().readUInt16BE(0) % PARTITIONS;
