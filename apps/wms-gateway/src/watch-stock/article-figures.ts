import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';

export interface Figures {
  status: 'active' | 'inactive' | 'not-stocked';
  /** Thousandths. */
  sellable: bigint;
  incoming: bigint | undefined;
}

/** What was last published of an article, and the step after which the next read must start to count. */
export interface KnownFigures {
  figures: Figures | undefined;
  started: number;
  unsettled: number;
}

interface Row {
  article: string;
  status: Figures['status'] | null;
  sellable: string;
  incoming: string | null;
  started: string;
  unsettled: string;
}

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
      `SELECT article, status, sellable, incoming, started, unsettled FROM articles
       WHERE article = ANY($1) ORDER BY article FOR UPDATE`,
      [sorted],
    );
    return new Map(rows.map((row) => [row.article, known(row)]));
  }

  /** What was last published, without a lock. */
  async known(articles: string[]): Promise<Map<string, KnownFigures>> {
    const rows = await this.database.query<Row[]>(
      `SELECT article, status, sellable, incoming, started, unsettled FROM articles WHERE article = ANY($1)`,
      [articles],
    );
    return new Map(rows.map((row) => [row.article, known(row)]));
  }

  async record(
    tx: EntityManager,
    reads: { article: string; started: number; figures?: Figures; emptied?: boolean }[],
  ): Promise<void> {
    if (reads.length === 0) return;
    const rows = reads.map(({ article, started, figures, emptied }) => ({
      article,
      started,
      emptied: emptied ?? false,
      status: figures?.status,
      sellable: figures?.sellable.toString() ?? '0',
      incoming: figures?.incoming?.toString(),
    }));
    await tx.query(
      `UPDATE articles a SET status = r.status, sellable = r.sellable, incoming = r.incoming, started = r.started,
         emptied_at = CASE WHEN r.emptied THEN clock_timestamp()
           WHEN r.status = 'active' AND r.sellable > 0 THEN NULL ELSE a.emptied_at END
       FROM jsonb_to_recordset($1::jsonb)
         AS r(article text, started bigint, emptied boolean, status text, sellable bigint, incoming bigint)
       WHERE a.article = r.article`,
      [JSON.stringify(rows)],
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
  unsettled: Number(row.unsettled),
});
