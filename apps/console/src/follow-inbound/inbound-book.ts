import { fromWmsNumber, fitText } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';
import { searchKey } from '../look-up/search-key.ts';
import { sayInbound, type InboundKind, type InboundMessage } from './say-inbound.ts';

const kindOf = (message: InboundMessage): InboundKind => message.type.split('.')[0] as InboundKind;

/** The tables of what is announced to come in, and its events. */
export class InboundBook {
  constructor(private readonly tx: EntityManager) {}

  /** Writes the events down and works out anew where each stands, in whatever batches and order they come. */
  async write(messages: readonly InboundMessage[]): Promise<string[]> {
    if (messages.length === 0) return [];
    const rows = messages.map((message) => {
      const { station, text, state } = sayInbound(message);
      const { number, channel } = message.data;
      return {
        id: message.id,
        kind: kindOf(message),
        number,
        number_key: searchKey(number),
        shop_number_key: searchKey(fromWmsNumber(number)?.shopNumber ?? number),
        channel,
        topic: message.topic,
        position: message.offset,
        at: message.time,
        source: message.source,
        type: message.type,
        station,
        text: fitText(text, 2000),
        state: state ?? null,
      };
    });
    const json = JSON.stringify(rows);
    const columns = `r(id text, kind text, number text, number_key text, shop_number_key text, channel text, topic text,
      position bigint, at timestamptz, source text, type text, station text, text text, state text)`;
    // Locked in ascending order: topics are read at the same time, and the second must see what the first wrote.
    await this.tx.query(
      `INSERT INTO inbound (kind, number, number_key, shop_number_key, channel, state, first_at, last_at)
       SELECT DISTINCT ON (kind, number) kind, number, number_key, shop_number_key, channel, 'placed', at, at
       FROM jsonb_to_recordset($1::jsonb) AS ${columns} ORDER BY kind, number
       ON CONFLICT (kind, number) DO UPDATE SET number = excluded.number`,
      [json],
    );
    // What was sent twice has one id and two offsets; the first one says when it happened among its neighbours.
    await this.tx.query(
      `INSERT INTO inbound_events (id, kind, number, topic, position, at, source, type, station, text, state)
       SELECT DISTINCT ON (id) id, kind, number, topic, position, at, source, type, station, text, state
       FROM jsonb_to_recordset($1::jsonb) AS ${columns} ORDER BY id, position
       ON CONFLICT (id) DO UPDATE SET position = LEAST(inbound_events.position, excluded.position)`,
      [json],
    );
    // The warehouse's word counts before its system's.
    await this.tx.query(
      `UPDATE inbound i SET first_at = e.first_at, last_at = e.last_at, state = e.state
       FROM (
         SELECT kind, number, min(at) AS first_at, max(at) AS last_at,
           coalesce((array_agg(state ORDER BY topic LIKE 'wms.%' DESC, position DESC) FILTER (WHERE state IS NOT NULL))[1],
             'placed') AS state
         FROM inbound_events WHERE (kind, number) IN (
           SELECT kind, number FROM jsonb_to_recordset($1::jsonb) AS ${columns})
         GROUP BY kind, number
       ) e WHERE i.kind = e.kind AND i.number = e.number`,
      [json],
    );
    return [...new Set(rows.map((row) => row.number))];
  }
}
