import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

export interface Hint {
  wmsOrderId: number;
  number: string;
}

export interface Taken extends Hint {
  due: Date;
  /** This one counted. */
  tries: number;
}

/** Orders that something was said about: they are fetched, whatever was said. */
@Injectable()
export class Hints {
  constructor(private readonly database: DataSource) {}

  async add(tx: EntityManager, hints: Hint[], delayMs = 0): Promise<void> {
    if (hints.length === 0) return;
    await tx.query(
      `INSERT INTO hints (wms_order_id, number, due)
       SELECT DISTINCT ON (id) id, number, now() + $2 * interval '1 ms'
       FROM jsonb_to_recordset($1::jsonb) AS h(id integer, number text) ORDER BY id
       ON CONFLICT (wms_order_id) DO UPDATE SET due = LEAST(hints.due, EXCLUDED.due), tries = 0`,
      [JSON.stringify(hints.map(({ wmsOrderId, number }) => ({ id: wmsOrderId, number }))), delayMs],
    );
  }

  /**
   * Takes hints that are due, so that no other process follows them for the next while; `done` removes
   * them.
   */
  async take(limit: number, leaseMs: number): Promise<Taken[]> {
    const [rows] = await this.database.query<
      [{ wms_order_id: number; number: string; due: Date; tries: number }[], number]
    >(
      `UPDATE hints SET due = now() + $2 * interval '1 ms' * (tries + 1), tries = tries + 1
       WHERE wms_order_id = ANY (ARRAY(
         SELECT wms_order_id FROM hints WHERE due <= now() ORDER BY due LIMIT $1 FOR UPDATE SKIP LOCKED
       )) RETURNING wms_order_id, number, due, tries`,
      [limit, leaseMs],
    );
    return rows.map(({ wms_order_id: wmsOrderId, number, due, tries }) => ({
      wmsOrderId,
      number,
      due,
      tries,
    }));
  }

  /** A hint that was renewed meanwhile stays. */
  async done(hint: Taken): Promise<void> {
    await this.database.query(
      `DELETE FROM hints WHERE wms_order_id = $1 AND due >= $2::timestamptz - interval '1 ms'`,
      [hint.wmsOrderId, hint.due],
    );
  }
}
