import { Injectable } from '@nestjs/common';
import { sameNumberKey } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';
import type { SettledWrite } from '../write-queue/write.ts';
import type { Said } from './article-fields.ts';
import { ArticleWords } from './article-words.ts';
import { QueueArticles } from './queue-articles.ts';

/** What no list of articles shows, as it was last seen. */
const APART = `jsonb_strip_nulls(jsonb_build_object('parts', s.there -> 'parts', 'dangerousGoods', s.there -> 'dangerousGoods'))`;

/** What a write of an article leaves to be remembered. */
export interface ArticleNote {
  /** What its owners have said until now: the base of the next merge. */
  readonly written: Said;
  /** What the WMS has now. */
  readonly there: Said;
  readonly pieces: boolean;
  /** It is to go inactive, and there are pieces of it. */
  readonly held: boolean;
}

/** What the WMS has of an article, as it was seen. */
export interface Seen {
  readonly article: string;
  readonly there: Said;
  readonly pieces: boolean;
}

/** What became of writes of articles, and what the WMS has of each. */
@Injectable()
export class BookArticles {
  constructor(
    private readonly words: ArticleWords,
    private readonly queue: QueueArticles,
  ) {}

  async baseOf(on: Pick<EntityManager, 'query'>, article: string): Promise<Said | undefined> {
    const [row] = await on.query<{ written: Said | null }[]>(
      'SELECT written FROM article_data WHERE article = $1',
      [article],
    );
    return row?.written ?? undefined;
  }

  async book(tx: EntityManager, settled: readonly SettledWrite[]): Promise<void> {
    const rows = settled.map(({ write, outcome }) => ({
      article: write.subject,
      ...(outcome.kind === 'accepted' && {
        accepted_revision: write.revision,
        wms_article_id: outcome.wmsId,
        ...(outcome.note as ArticleNote),
      }),
      ...(outcome.kind === 'refused' && {
        refusal_text: outcome.text,
        missing: (outcome.note as { missing?: string[] } | undefined)?.missing,
      }),
    }));
    await tx.query(
      `UPDATE article_data d SET accepted_revision = COALESCE(r.accepted_revision, d.accepted_revision),
         wms_article_id = COALESCE(r.wms_article_id, d.wms_article_id), refusal_text = r.refusal_text,
         written = COALESCE(r.written, d.written), held = COALESCE(r.held, d.held),
         missing_parts = COALESCE(r.missing, '{}')
       FROM jsonb_to_recordset($1::jsonb) AS r(article text, accepted_revision integer, wms_article_id integer,
         refusal_text text, written jsonb, held boolean, missing text[])
       WHERE d.article = r.article`,
      [JSON.stringify(rows)],
    );
    const accepted = settled.flatMap(({ write, outcome, step }) =>
      outcome.kind === 'accepted' ? [{ article: write.subject, step, ...(outcome.note as ArticleNote) }] : [],
    );
    for (const { step, ...seen } of accepted) await this.keepSeen(tx, [seen], step);
    await this.words.mark(
      tx,
      settled.map(({ write }) => write.subject),
    );
    await this.sendWaitingKits(
      tx,
      accepted.map(({ article }) => article),
    );
  }

  /**
   * What the WMS has; articles of which something has changed are looked at again. A read that began before a write of
   * ours was answered shows what was before it, and is passed over.
   */
  async keepSeen(tx: EntityManager, seen: readonly Seen[], step: number): Promise<void> {
    if (seen.length === 0) return;
    const rows = seen.map((one) => ({ ...one, article_key: sameNumberKey(one.article) }));
    const changed = await tx.query<{ article: string }[]>(
      `INSERT INTO article_seen AS s (article, article_key, there, pieces, step)
       SELECT article, article_key, there, pieces, $2
       FROM jsonb_to_recordset($1::jsonb) AS r(article text, article_key text, there jsonb, pieces boolean)
       ORDER BY article
       ON CONFLICT (article) DO UPDATE SET there = ${APART} || excluded.there, pieces = excluded.pieces,
         step = excluded.step, changed_at = now()
       WHERE excluded.step > s.step AND (s.there <> ${APART} || excluded.there OR s.pieces <> excluded.pieces)
       RETURNING article`,
      [JSON.stringify(rows), step],
    );
    await this.words.mark(
      tx,
      changed.map(({ article }) => article),
    );
  }

  /** What the WMS has of what is in no list of articles. */
  async keepApart(
    tx: EntityManager,
    apart: readonly ({ article: string } & Pick<Said, 'parts' | 'dangerousGoods'>)[],
  ): Promise<void> {
    const [changed] = await tx.query<[{ article: string }[], number]>(
      `UPDATE article_seen s SET changed_at = now(),
         there = s.there - 'parts' - 'dangerousGoods' || jsonb_strip_nulls(
           jsonb_build_object('parts', NULLIF(r.parts, '[]'), 'dangerousGoods', r."dangerousGoods"))
       FROM jsonb_to_recordset($1::jsonb) AS r(article text, parts jsonb, "dangerousGoods" jsonb)
       WHERE s.article = r.article
         AND (COALESCE(s.there -> 'parts', '[]'), COALESCE(s.there -> 'dangerousGoods', 'null'))
           IS DISTINCT FROM (COALESCE(r.parts, '[]'), COALESCE(r."dangerousGoods", 'null'))
       RETURNING s.article`,
      [JSON.stringify(apart)],
    );
    await this.words.mark(
      tx,
      changed.map(({ article }) => article),
    );
  }

  /** The WMS has them no more, by a read that began at this step. Answers of those that were seen since, and stay. */
  async forgetSeen(tx: EntityManager, articles: readonly string[], step: number): Promise<Set<string>> {
    await tx.query('DELETE FROM article_seen WHERE article = ANY($1) AND step < $2', [articles, step]);
    const rows = await tx.query<{ article: string }[]>(
      'SELECT article FROM article_seen WHERE article = ANY($1)',
      [articles],
    );
    return new Set(rows.map(({ article }) => article));
  }

  private async sendWaitingKits(tx: EntityManager, parts: readonly string[]): Promise<void> {
    if (parts.length === 0) return;
    const kits = await tx.query<{ article: string }[]>(
      'SELECT article FROM article_data WHERE missing_parts && $1::text[]',
      [parts],
    );
    const numbers = kits.map(({ article }) => article);
    if (numbers.length > 0) await this.queue.enqueue(tx, numbers, await this.words.load(tx, numbers));
  }
}
