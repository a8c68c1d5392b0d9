import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Bracket } from '../steps.ts';

export interface Figures {
  status: 'active' | 'inactive' | 'not-stocked';
  /** Thousandths. */
  sellable: bigint;
  incoming: bigint | undefined;
}

/** What is told of an article that the warehouse does not have any more. */
export const NOTHING_LEFT: Figures = { status: 'inactive', sellable: 0n, incoming: undefined };

/**
 * What was last published of an article, between which steps it was read, and the step after which the next read must
 * start to count.
 */
export interface KnownFigures {
  figures: Figures | undefined;
  started: number;
  ended: number;
  unsettled: number;
  /** The newest list of all articles lacks it, or so many of them that nothing of it is left. */
  absent?: 'missing' | 'vanished';
}

interface Row {
  article: string;
  status: Figures['status'] | null;
  sellable: string;
  incoming: string | null;
  started: string;
  ended: string;
  unsettled: string;
  missing: boolean;
  vanished: boolean;
}

const COLUMNS = `article, status, sellable, incoming, started, ended, unsettled, missing_at IS NOT NULL AS missing, vanished`;

/** The table of articles: the only file that knows it. Rows are locked in ascending order of articles. */
@Injectable()
export class ArticleFigures {
  constructor(private readonly database: DataSource) {}

  /** From now on only a read that starts at or after this step settles these articles. */
  async unsettle(tx: EntityManager, marks: { article: string; step: number }[]): Promise<void> {
    if (marks.length === 0) return;
    await tx.query(
      `INSERT INTO articles AS a (article, unsettled)
       SELECT article, max(step) FROM jsonb_to_recordset($1::jsonb) AS m(article text, step bigint)
       GROUP BY article ORDER BY article
       ON CONFLICT (article) DO UPDATE SET unsettled = GREATEST(a.unsettled, EXCLUDED.unsettled)`,
      [JSON.stringify(marks)],
    );
  }

  async lock(tx: EntityManager, articles: string[]): Promise<Map<string, KnownFigures>> {
    const sorted = articles.toSorted();
    await tx.query(
      `INSERT INTO articles (article) SELECT unnest($1::text[]) ORDER BY 1 ON CONFLICT DO NOTHING`,
      [sorted],
    );
    const rows = await tx.query<Row[]>(
      `SELECT ${COLUMNS} FROM articles
       WHERE article = ANY($1) ORDER BY article FOR UPDATE`,
      [sorted],
    );
    return new Map(rows.map((row) => [row.article, known(row)]));
  }

  /** What was last published, without a lock. */
  async known(articles: string[]): Promise<Map<string, KnownFigures>> {
    const rows = await this.database.query<Row[]>(
      `SELECT ${COLUMNS} FROM articles
       WHERE article = ANY($1)`,
      [articles],
    );
    return new Map(rows.map((row) => [row.article, known(row)]));
  }

  async record(
    tx: EntityManager,
    reads: { article: string; figures?: Figures; emptied?: boolean }[],
    { started, ended }: Pick<Bracket, 'started' | 'ended'>,
  ): Promise<void> {
    if (reads.length === 0) return;
    const rows = reads.map(({ article, figures, emptied }) => ({
      article,
      emptied: emptied ?? false,
      status: figures?.status,
      sellable: figures?.sellable.toString() ?? '0',
      incoming: figures?.incoming?.toString(),
    }));
    await tx.query(
      `UPDATE articles a SET status = r.status, sellable = r.sellable, incoming = r.incoming, started = $2, ended = $3,
         emptied_at = CASE WHEN r.emptied THEN clock_timestamp()
           WHEN r.status = 'active' AND r.sellable > 0 THEN NULL ELSE a.emptied_at END
       FROM jsonb_to_recordset($1::jsonb)
         AS r(article text, emptied boolean, status text, sellable bigint, incoming bigint)
       WHERE a.article = r.article`,
      [JSON.stringify(rows), started, ended],
    );
  }

  /**
   * Articles that were told of, and that a list of all does not have; those that one of at least so long ago lacked too
   * are `again`.
   */
  async lackedBy(list: readonly string[], ms: number): Promise<{ article: string; again: boolean }[]> {
    return this.database.query(
      `SELECT article, COALESCE(missing_at <= clock_timestamp() - $2 * interval '1 ms', false) AS again
       FROM articles a WHERE status IS NOT NULL AND NOT vanished
         AND NOT EXISTS (SELECT 1 FROM unnest($1::text[]) AS list(article) WHERE list.article = a.article)
       ORDER BY article`,
      [list, ms],
    );
  }

  /** A list that was begun so long ago lacks them; they are locked. */
  async miss(tx: EntityManager, articles: readonly string[], ms: number): Promise<void> {
    if (articles.length === 0) return;
    await tx.query(
      `UPDATE articles SET missing_at = COALESCE(missing_at, clock_timestamp() - $2 * interval '1 ms')
       WHERE article = ANY($1)`,
      [articles, ms],
    );
  }

  async vanish(tx: EntityManager, articles: readonly string[], bracket: Bracket): Promise<void> {
    await this.record(
      tx,
      articles.map((article) => ({ article, figures: NOTHING_LEFT })),
      bracket,
    );
    await tx.query(`UPDATE articles SET vanished = true WHERE article = ANY($1)`, [articles]);
  }

  /** They were seen again; they are locked. */
  async comeBack(tx: EntityManager, articles: readonly string[]): Promise<void> {
    if (articles.length === 0) return;
    await tx.query(`UPDATE articles SET missing_at = NULL, vanished = false WHERE article = ANY($1)`, [
      articles,
    ]);
  }

  /** Those of them that have vanished are looked for, from this step on. */
  async lookFor(tx: EntityManager, articles: readonly string[], step: number): Promise<void> {
    const rows = await tx.query<{ article: string }[]>(
      `SELECT article FROM articles WHERE article = ANY($1) AND vanished`,
      [articles],
    );
    await this.unsettle(
      tx,
      rows.map(({ article }) => ({ article, step })),
    );
  }

  /** Articles that wait for a read, those that waited longest first. */
  async unsettled(limit: number): Promise<string[]> {
    const rows = await this.database.query<{ article: string }[]>(
      `SELECT article FROM articles WHERE unsettled > started ORDER BY unsettled, article LIMIT $1`,
      [limit],
    );
    return rows.map((row) => row.article);
  }
}

const known = (row: Row): KnownFigures => ({
  figures: row.status
    ? {
        status: row.status,
        sellable: BigInt(row.sellable),
        incoming: row.incoming === null ? undefined : BigInt(row.incoming),
      }
    : undefined,
  started: Number(row.started),
  ended: Number(row.ended),
  unsettled: Number(row.unsettled),
  ...(row.missing && { absent: row.vanished ? 'vanished' : 'missing' }),
});
