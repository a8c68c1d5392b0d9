import type { EntityManager } from 'typeorm';
import type { Wish } from './book.ts';
import type { OrderRecord } from './orders.ts';

/** One queued order's wish for one article. */
export interface Demand extends Wish {
  readonly order: Pick<OrderRecord, 'id'>;
  readonly articleId: string;
}

interface Row {
  order: string;
  article: string;
  quantity: string;
  own: string;
  firm: boolean;
}

function wishesOf(rows: readonly Row[]): Map<string, Map<string, Wish>> {
  const found = new Map<string, Map<string, Wish>>();
  for (const { order, article, quantity, own, firm } of rows) {
    const wishes = found.get(order) ?? new Map<string, Wish>();
    found.set(order, wishes.set(article, { quantity: BigInt(quantity), own: BigInt(own), firm }));
  }
  return found;
}

/** What all queued orders want of these articles, by order number, oldest order first. */
export async function loadQueue(
  tx: EntityManager,
  articleIds: readonly string[],
): Promise<Map<string, Map<string, Wish>>> {
  if (articleIds.length === 0) return new Map();
  const rows: Row[] = await tx.query(
    `SELECT orders.number AS "order", articles.number AS article, quantity, own, firm
     FROM demands JOIN orders ON orders.id = demands.order_id JOIN articles ON articles.id = demands.article_id
     WHERE demands.article_id = ANY($1::bigint[]) ORDER BY demands.order_id, articles.number`,
    [articleIds],
  );
  return wishesOf(rows);
}

/** What these queued orders want, by order number. */
export async function loadDemands(
  tx: EntityManager,
  numbers: readonly string[],
): Promise<Map<string, Map<string, Wish>>> {
  if (numbers.length === 0) return new Map();
  const rows: Row[] = await tx.query(
    `SELECT orders.number AS "order", articles.number AS article, quantity, own, firm
     FROM orders JOIN demands ON demands.order_id = orders.id JOIN articles ON articles.id = demands.article_id
     WHERE orders.number = ANY($1::text[]) ORDER BY articles.number`,
    [numbers],
  );
  return wishesOf(rows);
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
      `INSERT INTO demands (order_id, article_id, quantity, own, firm)
       SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::boolean[])
       ON CONFLICT (article_id, order_id) DO UPDATE SET firm = excluded.firm, own = excluded.own`,
      [
        joined.map((demand) => demand.order.id),
        joined.map((demand) => demand.articleId),
        joined.map((demand) => demand.quantity.toString()),
        joined.map((demand) => demand.own.toString()),
        joined.map((demand) => demand.firm),
      ],
    );
  }
}
