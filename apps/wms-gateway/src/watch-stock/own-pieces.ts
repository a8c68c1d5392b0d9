import { Injectable } from '@nestjs/common';
import { toMilli } from '@samlast/contracts';
import { DataSource } from 'typeorm';
import type { RegisteredLine } from '../push-orders/order-registry.ts';

interface Row {
  number: string;
  /** The step at which its write was settled; null for one that is under way. */
  closed: string | null;
  lines: RegisteredLine[];
}

/** How many pieces of which articles our own writes can have moved in the warehouse. */
@Injectable()
export class OwnPieces {
  constructor(private readonly database: DataSource) {}

  /**
   * Each order moves no more pieces than it has, down by being written and up by being cancelled. What was settled so
   * long ago that no read could overlap it is not counted.
   *
   * @param since by article, the step after which a write counts
   * @returns thousandths by article, of articles that were moved at all
   */
  async movedSince(since: ReadonlyMap<string, number>): Promise<Map<string, bigint>> {
    if (since.size === 0) return new Map();
    const rows = await this.database.query<Row[]>(
      `SELECT w.number, CASE WHEN bool_or(w.closed IS NULL) THEN NULL ELSE max(w.closed) END AS closed, o.lines
       FROM (
         SELECT number, closed FROM closed_writes WHERE closed > $1
         UNION ALL SELECT subject, NULL FROM writes WHERE sent IS NOT NULL AND kind = 'order'
       ) AS w JOIN orders o ON o.number = w.number
       GROUP BY w.number, o.lines`,
      [Math.min(...since.values())],
    );
    const moved = new Map<string, bigint>();
    for (const { closed, lines } of rows) {
      for (const { article, quantity, picked } of lines) {
        const step = since.get(article);
        if (!picked || step === undefined || (closed !== null && Number(closed) <= step)) continue;
        moved.set(article, (moved.get(article) ?? 0n) + toMilli(quantity));
      }
    }
    return moved;
  }
}
