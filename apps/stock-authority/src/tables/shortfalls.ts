import type { EntityManager } from 'typeorm';
import type { Promised } from '../name-shortfalls/assign.ts';

/** Pieces of an article that an order was promised and will go without, in thousandths. */
export interface Shortfall extends Promised {
  readonly articleId: string;
  readonly article: string;
  readonly missing: bigint;
}

interface Row {
  number: string;
  channel: string;
  revision: number;
  quantity: string;
  article_id: string;
  article: string;
  missing: string;
}

/** What is named already of articles that are locked, oldest order first. */
export async function shortfallsOf(tx: EntityManager, articleIds: readonly string[]): Promise<Shortfall[]> {
  if (articleIds.length === 0) return [];
  const rows: Row[] = await tx.query(
    `SELECT orders.number, channel, revision, quantity, article_id, articles.number AS article, missing
     FROM shortfalls JOIN orders ON orders.id = order_id JOIN articles ON articles.id = article_id
     WHERE article_id = ANY($1::bigint[]) ORDER BY order_id, articles.number`,
    [articleIds],
  );
  return rows.map(shortfallOf);
}

/** Two processes that name the same order, each for an article of its own, would each leave the other's out. */
const NAMING_LOCK = 7_130_112;

/** What is named of these orders in all other articles; until the end of the transaction nobody else names any. */
export async function otherShortfallsOf(
  tx: EntityManager,
  numbers: readonly string[],
  articleIds: readonly string[],
): Promise<Shortfall[]> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [NAMING_LOCK]);
  const rows: Row[] = await tx.query(
    `SELECT orders.number, channel, revision, quantity, article_id, articles.number AS article, missing
     FROM shortfalls JOIN orders ON orders.id = order_id JOIN articles ON articles.id = article_id
     WHERE orders.number = ANY($1) AND article_id <> ALL($2::bigint[]) ORDER BY order_id, articles.number`,
    [numbers, articleIds],
  );
  return rows.map(shortfallOf);
}

const shortfallOf = ({ article_id: articleId, quantity, missing, ...rest }: Row): Shortfall => ({
  ...rest,
  articleId,
  quantity: BigInt(quantity),
  missing: BigInt(missing),
});

/**
 * Orders that were promised pieces of an article and still stand in the warehouse, youngest first, up to `missing`.
 */
export async function promisedOrders(
  tx: EntityManager,
  articleId: string,
  missing: bigint,
): Promise<Promised[]> {
  const rows: Omit<Row, 'article'>[] = await tx.query(
    `SELECT number, channel, revision, quantity FROM (
       SELECT orders.id, number, channel, orders.revision, wanted.quantity,
         sum(wanted.quantity) OVER (ORDER BY orders.id DESC) - wanted.quantity AS before
       FROM (SELECT DISTINCT ON (order_id) order_id, quantity FROM revisions
         WHERE article_id = $1 AND NOT refused ORDER BY order_id, revision DESC, nothing DESC) AS wanted
       JOIN orders ON orders.id = order_id
       WHERE state IN ('reserved', 'refused') AND NOT done AND wanted.quantity > 0) AS named
     WHERE before < $2 ORDER BY id DESC`,
    [articleId, missing.toString()],
  );
  return rows.map(({ number, channel, revision, quantity }) => ({
    number,
    channel,
    revision,
    quantity: BigInt(quantity),
  }));
}

/** What is named of these articles from now on. */
export async function replaceShortfalls(
  tx: EntityManager,
  articleIds: readonly string[],
  shortfalls: readonly Shortfall[],
): Promise<void> {
  await tx.query('DELETE FROM shortfalls WHERE article_id = ANY($1::bigint[])', [articleIds]);
  if (shortfalls.length === 0) return;
  await tx.query(
    `INSERT INTO shortfalls (article_id, order_id, quantity, missing)
     SELECT article_id, orders.id, quantity, missing
     FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[]) AS new (article_id, number, quantity, missing)
     JOIN orders USING (number)`,
    [
      shortfalls.map((one) => one.articleId),
      shortfalls.map((one) => one.number),
      shortfalls.map((one) => one.quantity.toString()),
      shortfalls.map((one) => one.missing.toString()),
    ],
  );
}

/** All that are named, for people to look at, oldest order first. */
export async function listShortfalls(tx: EntityManager, limit: number) {
  const rows: Row[] = await tx.query(
    `SELECT orders.number, channel, revision, quantity, article_id, articles.number AS article, missing
     FROM shortfalls JOIN orders ON orders.id = order_id JOIN articles ON articles.id = article_id
     ORDER BY order_id, articles.number LIMIT $1`,
    [limit],
  );
  return rows;
}
