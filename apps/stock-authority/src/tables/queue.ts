import type { EntityManager } from 'typeorm';
import type { OrderRecord } from './orders.ts';

/** One queued order's wish for one article. */
export interface Demand {
  readonly order: Pick<OrderRecord, 'id'>;
  readonly articleId: string;
  readonly quantity: bigint;
  readonly firm: boolean;
}

export interface QueueRow {
  orderId: string;
  orderNumber: string;
  articleNumber: string;
  quantity: bigint;
  firm: boolean;
  /** Wants one of the articles that moved, so it is decided again. */
  decidable: boolean;
}

/**
 * The orders that want one of these articles, with all their wishes, and who else wants any of those;
 * oldest first.
 */
export async function loadQueue(tx: EntityManager, articleIds: readonly string[]): Promise<QueueRow[]> {
  const rows: (Omit<QueueRow, 'quantity'> & { quantity: string })[] = await tx.query(
    `WITH decidable AS (SELECT DISTINCT order_id FROM demands WHERE article_id = ANY($1::bigint[])),
       concerned AS (SELECT DISTINCT article_id FROM demands JOIN decidable USING (order_id))
     SELECT demands.order_id AS "orderId", orders.number AS "orderNumber", articles.number AS "articleNumber",
       demands.quantity, demands.firm, decidable.order_id IS NOT NULL AS decidable
     FROM concerned JOIN demands USING (article_id) LEFT JOIN decidable USING (order_id)
     JOIN orders ON orders.id = demands.order_id JOIN articles ON articles.id = demands.article_id
     ORDER BY demands.order_id, articles.number`,
    [articleIds],
  );
  return rows.map((row) => ({ ...row, quantity: BigInt(row.quantity) }));
}

/** What one queued order wants, by article number. */
export async function loadDemands(
  tx: EntityManager,
  numbers: readonly string[],
): Promise<Map<string, Map<string, { quantity: bigint; firm: boolean }>>> {
  const found = new Map<string, Map<string, { quantity: bigint; firm: boolean }>>();
  if (numbers.length === 0) return found;
  const rows: { order: string; article: string; quantity: string; firm: boolean }[] = await tx.query(
    `SELECT orders.number AS "order", articles.number AS article, quantity, firm
     FROM orders JOIN demands ON demands.order_id = orders.id JOIN articles ON articles.id = demands.article_id
     WHERE orders.number = ANY($1::text[]) ORDER BY articles.number`,
    [numbers],
  );
  for (const { order, article, quantity, firm } of rows) {
    const demands = found.get(order) ?? new Map();
    found.set(order, demands.set(article, { quantity: BigInt(quantity), firm }));
  }
  return found;
}

/** Takes orders out of the queue and puts others in, or in anew. */
export async function saveQueue(
  tx: EntityManager,
  left: readonly Pick<OrderRecord, 'id'>[],
  joined: readonly Demand[],
): Promise<void> {
  if (left.length > 0) {
    await tx.query('DELETE FROM demands WHERE order_id = ANY($1::bigint[])', [left.map((order) => order.id)]);
  }
  if (joined.length > 0) {
    await tx.query(
      `INSERT INTO demands (order_id, article_id, quantity, firm)
       SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::boolean[])
       ON CONFLICT (article_id, order_id) DO UPDATE SET firm = excluded.firm`,
      [
        joined.map((demand) => demand.order.id),
        joined.map((demand) => demand.articleId),
        joined.map((demand) => demand.quantity.toString()),
        joined.map((demand) => demand.firm),
      ],
    );
  }
}
