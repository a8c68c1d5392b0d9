import { Injectable } from '@nestjs/common';
import { Metrics } from '@samlast/service';
import { DataSource, type EntityManager } from 'typeorm';
import type { Said } from '../publish-articles/article-fields.ts';
import { type Finding, type Kind, kinds } from './findings.ts';

const acts = Object.entries(kinds).flatMap(([kind, what]) => (what === 'act' ? [kind] : []));
const TEXT_MAX = 2000;

export interface KnownArticle {
  readonly article: string;
  readonly there: Said | null;
  readonly pieces: boolean | null;
  readonly written: Said | null;
  readonly refusal: string | null;
  readonly held: boolean | null;
  readonly waiting: boolean;
  readonly vanished: boolean;
}

/** The table of findings, and what they are worked out of besides the words. */
@Injectable()
export class FindingBook {
  constructor(
    private readonly database: DataSource,
    metrics: Metrics,
  ) {
    metrics.gauge('article_findings_now', 'What a person should put right in article data', async () => {
      const [row] = await this.database.query<{ count: number }[]>(
        'SELECT count(*)::int AS count FROM article_findings WHERE kind = ANY($1)',
        [acts],
      );
      return row?.count ?? 0;
    });
  }

  /** Takes some articles off the list of those to look at. */
  async take(tx: EntityManager, limit: number): Promise<string[]> {
    const [rows] = await tx.query<[{ article: string }[], number]>(
      // An array, so that it is made once, whatever Postgres believes of a list that was empty when it was counted.
      `DELETE FROM article_marks WHERE article = ANY (ARRAY(
         SELECT article FROM article_marks ORDER BY article LIMIT $1 FOR UPDATE SKIP LOCKED))
       RETURNING article`,
      [limit],
    );
    return rows.map(({ article }) => article);
  }

  async known(tx: EntityManager, articles: readonly string[]): Promise<Map<string, KnownArticle>> {
    const rows = await tx.query<KnownArticle[]>(
      `SELECT n.article, s.there, s.pieces, d.written, d.refusal_text AS refusal, d.held,
         EXISTS (SELECT 1 FROM writes w WHERE w.kind = 'article' AND w.subject = n.article) AS waiting,
         s.article IS NULL AND COALESCE(a.vanished, false) AS vanished
       FROM unnest($1::text[]) AS n(article)
       LEFT JOIN article_seen s USING (article) LEFT JOIN article_data d USING (article)
       LEFT JOIN articles a USING (article)`,
      [articles],
    );
    return new Map(rows.map((row) => [row.article, row]));
  }

  /** Other numbers that have a barcode of these. */
  async sharing(tx: EntityManager, articles: readonly string[]) {
    return tx.query<{ of: string; article: string; channel: string; barcode: string }[]>(
      `SELECT DISTINCT a.article AS of, b.article, b.channel, b.barcode
       FROM article_words a JOIN article_words b ON b.barcode = a.barcode AND b.article <> a.article
       WHERE a.article = ANY($1) AND NOT a.withdrawn AND NOT b.withdrawn ORDER BY 1, 2, 3`,
      [articles],
    );
  }

  /** Replaces what was found of these articles; what stays keeps since when it is so. Answers of which it changed. */
  async replace(
    tx: EntityManager,
    found: ReadonlyMap<string, readonly Finding[]>,
  ): Promise<ReadonlySet<string>> {
    const rows = [...found].flatMap(([article, findings]) =>
      findings.map((one) => ({
        ...one,
        article,
        text: one.text.slice(0, TEXT_MAX),
        remedy: one.remedy.slice(0, TEXT_MAX),
      })),
    );
    const input = JSON.stringify(rows);
    const [gone] = await tx.query<[{ article: string }[], number]>(
      `DELETE FROM article_findings f WHERE f.article = ANY($1) AND NOT EXISTS (
         SELECT 1 FROM jsonb_to_recordset($2::jsonb) AS r(article text, kind text, channel text)
         WHERE r.article = f.article AND r.kind = f.kind AND r.channel = f.channel)
       RETURNING f.article`,
      [[...found.keys()], input],
    );
    const changed = await tx.query<{ article: string }[]>(
      `INSERT INTO article_findings AS f (article, kind, channel, fields, text, remedy)
       SELECT * FROM jsonb_to_recordset($1::jsonb)
         AS r(article text, kind text, channel text, fields text[], text text, remedy text)
       ON CONFLICT (article, kind, channel) DO UPDATE
         SET fields = excluded.fields, text = excluded.text, remedy = excluded.remedy
       WHERE (f.fields, f.text, f.remedy) IS DISTINCT FROM (excluded.fields, excluded.text, excluded.remedy)
       RETURNING article`,
      [input],
    );
    return new Set([...gone, ...changed].map(({ article }) => article));
  }

  async counts(): Promise<{ kind: Kind; count: number; what: 'act' | 'note' }[]> {
    const rows = await this.database.query<{ kind: Kind; count: number }[]>(
      'SELECT kind, count(*)::int AS count FROM article_findings GROUP BY kind',
    );
    const counted = new Map(rows.map(({ kind, count }) => [kind, count]));
    return Object.entries(kinds).flatMap(([kind, what]) => {
      const count = counted.get(kind as Kind) ?? 0;
      return count > 0 ? [{ kind: kind as Kind, count, what }] : [];
    });
  }

  /** The oldest first, of one kind or of all that a person has to do something about. */
  async list({ kind, article }: { kind?: string | undefined; article?: string | undefined }, limit: number) {
    return this.database.query<(Finding & { article: string; since: string })[]>(
      `SELECT article, kind, channel, fields, text, remedy, since FROM article_findings
       WHERE ($1::text[] IS NULL OR kind = ANY($1)) AND ($2::text IS NULL OR article = $2)
       ORDER BY since, article, kind, channel LIMIT $3`,
      [kind ? [kind] : article ? null : acts, article ?? null, limit],
    );
  }
}
