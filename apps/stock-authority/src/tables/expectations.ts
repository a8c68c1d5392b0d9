import type { EntityManager } from 'typeorm';
import type { Arrival } from '../expect-goods/arrivals.ts';
import type { ArticleStock } from './articles.ts';

/** What purchase orders announce of an article. Changed only while the article is locked. */
export interface Expectation {
  announced: readonly Arrival[];
  /** What the last read of stock says is still to be received. */
  incoming?: bigint;
  /** Today by the database's clock, as UTC has it. */
  readonly today: string;
  /** When the days of waiting orders are to be told anew: so many milliseconds from now, or at the end of a day. */
  lookAt?: { readonly inMs: number } | { readonly after: string | undefined };
  changed: boolean;
}

interface Row {
  number: string;
  announced: { on?: string; quantity: string }[];
  incoming: string | null;
  today: string;
}

/** Of these articles, by number. */
export async function loadExpectations(
  tx: EntityManager,
  articles: Iterable<ArticleStock>,
): Promise<Map<string, Expectation>> {
  const rows: Row[] = await tx.query(
    `SELECT number, announced, incoming, (now() AT TIME ZONE 'UTC')::date::text AS today
     FROM expectations JOIN articles ON articles.id = article_id WHERE article_id = ANY($1::bigint[])`,
    [Array.from(articles, ({ id }) => id)],
  );
  return new Map(
    rows.map(({ number, announced, incoming, today }) => [
      number,
      {
        announced: announced.map(({ quantity, ...day }) => ({ ...day, quantity: BigInt(quantity) })),
        today,
        changed: false,
        ...(incoming !== null && { incoming: BigInt(incoming) }),
      },
    ]),
  );
}

export async function today(tx: EntityManager): Promise<string> {
  const [row]: { today: string }[] = await tx.query(`SELECT (now() AT TIME ZONE 'UTC')::date::text AS today`);
  return row?.today ?? '';
}

export async function saveExpectations(
  tx: EntityManager,
  changed: readonly { readonly article: ArticleStock; readonly expectation: Expectation }[],
): Promise<void> {
  if (changed.length === 0) return;
  const rows = changed.map(({ article, expectation: { announced, incoming, lookAt } }) => ({
    id: article.id,
    announced: announced.map(({ quantity, ...day }) => ({ ...day, quantity: quantity.toString() })),
    incoming: incoming?.toString(),
    looks: lookAt !== undefined,
    in_ms: lookAt && 'inMs' in lookAt ? lookAt.inMs : undefined,
    after: lookAt && 'after' in lookAt ? lookAt.after : undefined,
  }));
  await tx.query(
    `INSERT INTO expectations AS e (article_id, announced, incoming, look_at)
     SELECT id, announced, incoming,
       coalesce(now() + in_ms * interval '1 ms', (after + 1)::timestamp AT TIME ZONE 'UTC')
     FROM jsonb_to_recordset($1::jsonb) AS n(id bigint, announced jsonb, incoming bigint,
       in_ms bigint, after date)
     ON CONFLICT (article_id) DO UPDATE SET announced = excluded.announced, incoming = excluded.incoming,
       look_at = CASE WHEN e.article_id = ANY($2::bigint[]) THEN excluded.look_at ELSE e.look_at END`,
    [JSON.stringify(rows), rows.filter(({ looks }) => looks).map(({ id }) => id)],
  );
}

/** Articles of which days are to be told anew now, those that waited longest first. */
export async function dueExpectations(tx: EntityManager, limit: number): Promise<string[]> {
  const rows: { number: string }[] = await tx.query(
    `SELECT number FROM expectations JOIN articles ON articles.id = article_id
     WHERE look_at <= now() ORDER BY look_at LIMIT $1`,
    [limit],
  );
  return rows.map(({ number }) => number);
}
