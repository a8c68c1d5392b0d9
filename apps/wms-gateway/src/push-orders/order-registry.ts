import { Injectable } from '@nestjs/common';
import { sameNumberKey, type Order } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';
import type { Written } from './order-parts.ts';

export interface RegisteredLine {
  row: string;
  article: string;
  quantity: string;
  picked: boolean;
  /** No line of the order: pieces that its kits are made of. */
  part?: true;
}

/**
 * One order of ours, as far as the gateway has to know it. Nobody's name or address is in it, but in
 * `refused_order`.
 */
export interface Registered {
  number: string;
  channel: string;
  origin: string;
  claimed: boolean;
  state: 'queued' | 'accepted' | 'refused' | 'cancelled';
  revision: number;
  accepted_revision: number | null;
  lines: RegisteredLine[];
  refusal_reason: string | null;
  refusal_text: string | null;
  wms_order_id: number | null;
}

export interface Change {
  number: string;
  state: Registered['state'];
  revision: number;
  acceptedRevision?: number | undefined;
  /** The lines that the WMS took with it. */
  wmsLines?: { row: string; article: string; quantity: string }[] | undefined;
  /** The step of that answer. */
  acceptedAt?: number | undefined;
  wmsOrderId?: number | undefined;
  lines?: RegisteredLine[] | undefined;
  refusalReason?: string | undefined;
  refusalText?: string | undefined;
  refusedOrder?: unknown;
  /** What was written of its parts with it. */
  written?: Written | undefined;
}

const COLUMNS = `number, channel, origin, claimed, state, revision, accepted_revision, lines, refusal_reason, refusal_text,
  wms_order_id`;

export type Parts = readonly { article: string; quantity: string }[];

export const linesOf = (order: Order, parts: Parts = []): RegisteredLine[] => [
  ...order.lines.map(({ row, article, quantity, picked }) => ({ row, article, quantity, picked })),
  ...parts.map((one) => ({ ...one, row: '', picked: true, part: true as const })),
];

/** Articles that an order takes from the shelf. */
export const pickedArticles = (lines: RegisteredLine[]): string[] =>
  [...new Set(lines.filter((line) => line.picked).map((line) => line.article))].toSorted();

/** Whose a number is. A number is claimed before anything is sent under it, and stays claimed. */
@Injectable()
export class OrderRegistry {
  /** Locks the orders in one order everywhere, before their writes. */
  async lock(tx: EntityManager, numbers: string[]): Promise<Map<string, Registered>> {
    const rows = await tx.query<Registered[]>(
      `SELECT ${COLUMNS} FROM orders WHERE number = ANY($1) ORDER BY number FOR UPDATE`,
      [numbers],
    );
    return new Map(rows.map((row) => [row.number, row]));
  }

  /**
   * Claims the numbers of new orders; answers those that are free. Ongoing may compare without case and
   * blanks, so this does.
   */
  async claim(
    tx: EntityManager,
    orders: { order: Order; origin: string; parts?: Parts }[],
  ): Promise<Set<string>> {
    const rows = orders.map(({ order, origin, parts }) => row(order, origin, 'queued', parts));
    const claimed = await tx.query<{ number: string }[]>(
      `INSERT INTO orders (number, number_key, claimed, channel, origin, state, revision, lines)
       SELECT number, number_key, true, channel, origin, state, revision, lines FROM ${recordset} ORDER BY number
       ON CONFLICT DO NOTHING RETURNING number`,
      [JSON.stringify(rows)],
    );
    return new Set(claimed.map(({ number }) => number));
  }

  /** Who has the number, or one that Ongoing may take for it. */
  async holderOf(tx: EntityManager, number: string): Promise<Registered | undefined> {
    const [holder] = await tx.query<Registered[]>(
      `SELECT ${COLUMNS} FROM orders WHERE number_key = $1 AND claimed`,
      [sameNumberKey(number)],
    );
    return holder;
  }

  /** Keeps an order whose number is another's, so that it can be seen and cancelled. */
  async keepUnclaimed(tx: EntityManager, order: Order, origin: string, text: string): Promise<void> {
    await tx.query(
      `INSERT INTO orders (number, number_key, claimed, channel, origin, state, revision, lines, refusal_reason, refusal_text)
       SELECT number, number_key, false, channel, origin, state, revision, lines, 'foreign', $2 FROM ${recordset}
       ON CONFLICT DO NOTHING`,
      [JSON.stringify([row(order, origin, 'refused')]), text],
    );
  }

  async change(tx: EntityManager, changes: Change[]): Promise<void> {
    if (changes.length === 0) return;
    await tx.query(
      `UPDATE orders o SET state = c.state, revision = GREATEST(o.revision, c.revision),
         accepted_revision = COALESCE(c."acceptedRevision", o.accepted_revision),
         accepted_at = COALESCE(c."acceptedAt", o.accepted_at),
         wms_lines = CASE WHEN c."acceptedAt" IS NULL THEN o.wms_lines ELSE COALESCE(c."wmsLines", o.wms_lines) END,
         edited = o.edited AND c."acceptedAt" IS NULL,
         wms_order_id = COALESCE(c."wmsOrderId", o.wms_order_id), lines = COALESCE(c.lines, o.lines),
         written = CASE WHEN c.written IS NULL THEN o.written ELSE COALESCE(o.written, '{}') || c.written END,
         refusal_reason = c."refusalReason", refusal_text = c."refusalText", refused_order = c."refusedOrder",
         updated_at = now()
       FROM jsonb_to_recordset($1::jsonb) AS c(number text, state text, revision integer, "acceptedRevision" integer,
         "acceptedAt" bigint, "wmsLines" jsonb,
         "wmsOrderId" integer, lines jsonb, written jsonb, "refusalReason" text, "refusalText" text, "refusedOrder" jsonb)
       WHERE o.number = c.number`,
      [JSON.stringify(changes)],
    );
  }
}

const recordset = `jsonb_to_recordset($1::jsonb) AS r(number text, number_key text, channel text, origin text, state text,
  revision integer, lines jsonb)`;

function row(order: Order, origin: string, state: Registered['state'], parts?: Parts) {
  const { number, channel, revision } = order;
  return {
    number,
    number_key: sameNumberKey(number),
    channel,
    origin,
    state,
    revision,
    lines: linesOf(order, parts),
  };
}
