import { fromWmsNumber } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';
import { fold, type OrderNow, type StoredEvent } from './fold.ts';
import { keep, type OrderMessage } from './keep.ts';
import { searchKey } from '../look-up/search-key.ts';

/** The tables of orders and their events. */
export class OrderBook {
  constructor(private readonly tx: EntityManager) {}

  /** Writes the events down and works out anew where their orders stand. Answers the orders' numbers. */
  async write(messages: readonly OrderMessage[]): Promise<string[]> {
    const numbers = [...new Set(messages.map((message) => message.data.number))].toSorted();
    if (numbers.length === 0) return [];
    await this.lock(messages, numbers);
    await this.writeEvents(messages);
    const events = await this.eventsOf(numbers);
    await this.writeOrders([...events].map(([number, list]) => ({ number, now: fold(list) })));
    return numbers;
  }

  /**
   * Topics are read at the same time, so two batches may tell of one order: the second must see what the first wrote.
   */
  private async lock(messages: readonly OrderMessage[], numbers: string[]): Promise<void> {
    const byNumber = new Map(messages.map((message) => [message.data.number, message]));
    const rows = numbers.map((number) => {
      const channel = byNumber.get(number)?.data.channel ?? '';
      const shopNumber = fromWmsNumber(number)?.shopNumber ?? number;
      const at = byNumber.get(number)?.time;
      return {
        number,
        channel,
        at,
        number_key: searchKey(number),
        shop_number_key: searchKey(shopNumber),
      };
    });
    await this.tx.query(
      `INSERT INTO orders (number, number_key, shop_number_key, channel, state, since, first_at, last_at, now)
       SELECT number, number_key, shop_number_key, channel, 'placed', at, at, at, '{}'
       FROM jsonb_to_recordset($1::jsonb)
         AS r(number text, number_key text, shop_number_key text, channel text, at timestamptz)
       ORDER BY number
       ON CONFLICT (number) DO UPDATE SET number = excluded.number`,
      [JSON.stringify(rows)],
    );
  }

  private async writeEvents(messages: readonly OrderMessage[]): Promise<void> {
    const rows = messages.map((message) => ({
      id: message.id,
      number: message.data.number,
      topic: message.topic,
      position: message.offset,
      at: message.time,
      source: message.source,
      kept: keep(message),
    }));
    // What was sent twice has one id and two offsets; the first one says when it happened among its neighbours.
    await this.tx.query(
      `INSERT INTO order_events (id, number, topic, position, at, source, kept)
       SELECT DISTINCT ON (id) id, number, topic, position, at, source, kept
       FROM jsonb_to_recordset($1::jsonb)
         AS r(id text, number text, topic text, position bigint, at timestamptz, source text, kept jsonb)
       ORDER BY id, position
       ON CONFLICT (id) DO UPDATE SET position = LEAST(order_events.position, excluded.position)`,
      [JSON.stringify(rows)],
    );
  }

  /** All that is known of these orders, by number. */
  async eventsOf(numbers: readonly string[]): Promise<Map<string, StoredEvent[]>> {
    const rows = await this.tx.query<(Omit<StoredEvent, 'at'> & { number: string; at: Date })[]>(
      'SELECT id, number, topic, position, at, source, kept FROM order_events WHERE number = ANY($1) ORDER BY id',
      [numbers],
    );
    const byNumber = new Map<string, StoredEvent[]>(numbers.map((number) => [number, []]));
    for (const row of rows) byNumber.get(row.number)?.push({ ...row, at: row.at.toISOString() });
    return byNumber;
  }

  private async writeOrders(orders: { number: string; now: OrderNow }[]): Promise<void> {
    const rows = orders.map(({ number, now }) => ({
      number,
      state: now.state,
      since: now.since,
      first_at: now.firstAt,
      last_at: now.lastAt,
      wms_order_id: now.wmsOrderId ?? null,
      now,
    }));
    await this.tx.query(
      `UPDATE orders o SET state = r.state, since = r.since, first_at = r.first_at, last_at = r.last_at,
         wms_order_id = r.wms_order_id, now = r.now
       FROM jsonb_to_recordset($1::jsonb) AS r(number text, state text, since timestamptz, first_at timestamptz,
         last_at timestamptz, wms_order_id bigint, now jsonb)
       WHERE o.number = r.number`,
      [JSON.stringify(rows)],
    );
  }
}
