import type { EntityManager } from 'typeorm';

export interface RefusedArticle {
  readonly article: string;
  /** `unreadable`, `twice`: it never left this channel. The others are those of article.refused. */
  readonly reason: 'unreadable' | 'twice' | 'not-master' | 'implausible' | 'wms';
  readonly fields: readonly string[];
  readonly text: string;
}

const ROWS_MOST = 500;

/** Puts articles on the list of those that a person should look at. */
export async function listRefused(tx: EntityManager, refused: readonly RefusedArticle[]): Promise<void> {
  const rows = new Map(refused.map((one) => [`${one.reason}/${one.article}`, one]));
  if (rows.size === 0) return;
  await tx.query(
    `INSERT INTO refused_articles (article, reason, fields, text)
     SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(article text, reason text, fields text[], text text)
     ON CONFLICT (article, reason) DO UPDATE SET fields = excluded.fields, text = excluded.text`,
    [JSON.stringify([...rows.values()])],
  );
}

/** Of a list that was read to its end: these numbers stand there twice, and no others do. */
export async function listTwice(tx: EntityManager, refused: readonly RefusedArticle[]): Promise<void> {
  await tx.query(`DELETE FROM refused_articles WHERE reason = 'twice' AND NOT article = ANY($1)`, [
    refused.map(({ article }) => article),
  ]);
  await listRefused(tx, refused);
}

/** Takes articles off the list, for these reasons or for all. */
export async function settleRefused(
  tx: EntityManager,
  articles: readonly string[],
  reasons?: readonly RefusedArticle['reason'][],
): Promise<void> {
  if (articles.length === 0) return;
  await tx.query(
    'DELETE FROM refused_articles WHERE article = ANY($1) AND ($2::text[] IS NULL OR reason = ANY($2))',
    [articles, reasons ?? null],
  );
}

/** What never left this channel first. */
export function readRefused(on: Pick<EntityManager, 'query'>): Promise<object[]> {
  return on.query(
    `SELECT article, reason, fields, text, since FROM refused_articles
     ORDER BY array_position(array['unreadable', 'twice', 'wms', 'implausible', 'not-master'], reason), since, article
     LIMIT ${ROWS_MOST}`,
  ) as Promise<object[]>;
}
