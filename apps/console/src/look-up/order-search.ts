import { Injectable } from '@nestjs/common';
import { fromWmsNumber } from '@samlast/contracts';
import { DataSource } from 'typeorm';
import { inOrder, type OrderNow, type OrderStateName } from '../follow-orders/fold.ts';
import { OrderBook } from '../follow-orders/order-book.ts';
import { say, sayDays, sayShortage } from '../follow-orders/say.ts';
import type { BackOrder, HeldOrder, OrderDetail, OrderRow, OrdersPage } from './shapes.ts';
import { searchKey } from './search-key.ts';

const PAGE = 50;
/** PostgreSQL's largest bigint; a longer text of digits is no order id. */
const ID_DIGITS_MAX = 18;

interface Row {
  number: string;
  channel: string;
  state: OrderStateName;
  since: Date;
  first_at: Date;
  last_at: Date;
  now: OrderNow;
}

/** Reads the orders' projection for the pages. */
@Injectable()
export class OrderSearch {
  constructor(private readonly database: DataSource) {}

  /** Newest first. A search finds the shop's number, the WMS's, the warehouse's own id, or how a number begins. */
  async list(wanted: { search?: string; state?: OrderStateName; before?: string }): Promise<OrdersPage> {
    const { search, state, before } = wanted;
    const values: unknown[] = [];
    const value = (given: unknown) => `$${values.push(given)}`;
    const conditions: string[] = [];
    let rank = '';
    if (search) {
      const exact = value(searchKey(search));
      const prefix = value(`${searchKey(search).replace(/[\\%_]/g, '\\$&')}%`);
      const id = /^\d+$/.test(search) && search.length <= ID_DIGITS_MAX ? value(search) : 'NULL';
      rank = `CASE WHEN number_key = ${exact} THEN 0 WHEN shop_number_key = ${exact} OR wms_order_id = ${id}::bigint THEN 1 ELSE 2 END, `;
      conditions.push(
        `(number_key LIKE ${prefix} OR shop_number_key LIKE ${prefix} OR wms_order_id = ${id}::bigint)`,
      );
    }
    if (state) conditions.push(`state = ${value(state)}`);
    if (before) {
      const at = before.indexOf(' ');
      conditions.push(
        `(first_at, number) < (${value(before.slice(0, at))}::timestamptz, ${value(before.slice(at + 1))})`,
      );
    }
    const rows = await this.database.query<Row[]>(
      `SELECT number, channel, state, since, first_at, last_at, now FROM orders
       ${conditions.length ? `WHERE ${conditions.join(' AND ')}` : ''}
       ORDER BY ${rank}first_at DESC, number DESC LIMIT ${PAGE + 1}`,
      values,
    );
    const last = rows.length > PAGE ? rows[PAGE - 1] : undefined;
    const next = last && !search ? `${last.first_at.toISOString()} ${last.number}` : undefined;
    return { orders: rows.slice(0, PAGE).map(orderRow), next };
  }

  async one(number: string): Promise<OrderDetail | undefined> {
    const [row] = await this.database.query<Row[]>(
      `SELECT number, channel, state, since, first_at, last_at, now FROM orders WHERE number_key = $1
       ORDER BY number = $2 DESC LIMIT 1`,
      [searchKey(number), number],
    );
    if (!row) return undefined;
    const events = (await new OrderBook(this.database.manager).eventsOf([row.number])).get(row.number) ?? [];
    const { revision, lines, shortages, refusal, wmsStatus, parcels, shopOrderId } = row.now;
    const naming = { channel: row.channel, shopNumber: shopNumberOf(row.number) };
    return {
      ...orderRow(row),
      revision,
      shopOrderId,
      lines,
      shortages: shortages.map((shortage) => ({ ...shortage, text: sayShortage(shortage) })),
      refusal,
      wmsStatus,
      parcels,
      events: inOrder(events).map(({ id, at, source, kept }) => ({
        id,
        at,
        source,
        type: kept.type,
        ...say(kept, naming),
      })),
    };
  }

  /** Oldest first: who has waited longest comes first. */
  async held(): Promise<HeldOrder[]> {
    const rows = await this.database.query<Row[]>(
      `SELECT number, channel, state, since, first_at, last_at, now FROM orders WHERE state = 'held'
       ORDER BY since, number LIMIT 500`,
    );
    return rows.map(heldOrder);
  }

  /** Those first whose day does not hold any more, then those that wait longest. */
  async backOrders(): Promise<BackOrder[]> {
    const rows = await this.database.query<Row[]>(
      `SELECT number, channel, state, since, first_at, last_at, now FROM orders WHERE state = 'backordered'
       ORDER BY ${LATE} DESC, first_at, number LIMIT 500`,
    );
    return rows.map((row) => {
      const { expectedOn, expectedBefore } = row.now;
      const late = expectedBefore !== undefined && expectedOn === undefined;
      return { ...heldOrder(row), days: sayDays(row.now), late };
    });
  }

  async countLate(): Promise<number> {
    const [row] = await this.database.query<{ count: number }[]>(
      `SELECT count(*)::int AS count FROM orders WHERE state = 'backordered' AND ${LATE}`,
    );
    return row?.count ?? 0;
  }

  async countByState(): Promise<Record<string, number>> {
    const rows = await this.database.query<{ state: string; count: number }[]>(
      'SELECT state, count(*)::int AS count FROM orders GROUP BY state',
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }
}

const LATE = `(now ->> 'expectedBefore' IS NOT NULL AND now ->> 'expectedOn' IS NULL)`;

function heldOrder(row: Row): HeldOrder {
  return {
    ...orderRow(row),
    lines: row.now.lines,
    shortages: row.now.shortages.map((shortage) => ({ ...shortage, text: sayShortage(shortage) })),
  };
}

const shopNumberOf = (number: string) => fromWmsNumber(number)?.shopNumber ?? number;

function orderRow({ number, channel, state, since, first_at, last_at, now }: Row): OrderRow {
  return {
    number,
    shopNumber: shopNumberOf(number),
    channel,
    state,
    since: since.toISOString(),
    firstAt: first_at.toISOString(),
    lastAt: last_at.toISOString(),
    placedAt: now.placedAt,
    orderType: now.orderType,
    wmsOrderId: now.wmsOrderId,
    cancelAsked: now.cancelAsked ?? false,
    lineCount: now.lines?.length ?? 0,
  };
}
