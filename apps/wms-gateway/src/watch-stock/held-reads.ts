import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Figures } from './article-figures.ts';
import type { Doubt, Held } from './doubt.ts';

export interface GateState {
  /** Undefined while nothing is held. */
  readonly state?: 'waiting' | 'differs' | 'accepted' | 'discarded';
  readonly doubt?: Doubt;
  /** Articles on the last list that was taken, and on the one that is held. */
  readonly listed?: number;
  readonly heldListed?: number;
  readonly author?: string;
  readonly reason?: string;
}

export interface HeldArticle extends Held {
  readonly started: number;
  readonly before?: Held;
}

interface Row {
  article: string;
  started: string;
  status: Figures['status'];
  sellable: string;
  status_before: Figures['status'] | null;
  sellable_before: string;
}

/** What the gate holds: the only file that knows its tables. Rows of articles are written under the article's lock. */
@Injectable()
export class HeldReads {
  constructor(private readonly database: DataSource) {}

  async state(): Promise<GateState> {
    const [row] = await this.database.query<Record<keyof GateState, never>[]>(
      `SELECT state, doubt, listed, held_listed AS "heldListed", author, reason FROM stock_gate`,
    );
    const filled = Object.entries(row ?? {}).filter(([, value]) => value !== null);
    return Object.fromEntries(filled);
  }

  /** Whether everything is to be read again now: a second time, or after a person's word. */
  async wantsRead(): Promise<boolean> {
    const rows = await this.database.query<unknown[]>(
      `SELECT 1 FROM stock_gate WHERE state IN ('accepted', 'discarded') OR (state = 'waiting' AND second_at <= now())`,
    );
    return rows.length > 0;
  }

  async articles(): Promise<Map<string, HeldArticle>> {
    const rows = await this.database.query<Row[]>(`SELECT * FROM held_articles ORDER BY article`);
    return new Map(rows.map((row) => [row.article, heldOf(row)]));
  }

  /** Which of these are held. */
  async among(tx: EntityManager, articles: string[]): Promise<Set<string>> {
    const rows = await tx.query<{ article: string }[]>(
      `SELECT article FROM held_articles WHERE article = ANY($1)`,
      [articles],
    );
    return new Set(rows.map((row) => row.article));
  }

  /** From now on a read is held, and another one is made after this time; what a person said of others still holds. */
  async begin(
    doubt: Doubt,
    { listed, anew, secondInMs }: { listed?: number; anew: boolean; secondInMs: number },
  ): Promise<void> {
    await this.database.query(
      `UPDATE stock_gate SET state = CASE WHEN state IS NULL OR $4 THEN 'waiting' ELSE state END, doubt = $1,
         held_at = coalesce(held_at, now()), held_listed = coalesce($2, held_listed),
         second_at = now() + $3 * interval '1 ms'`,
      [doubt, listed ?? null, secondInMs, anew],
    );
  }

  async readLater(secondInMs: number): Promise<void> {
    await this.database.query(`UPDATE stock_gate SET second_at = now() + $1 * interval '1 ms'`, [secondInMs]);
  }

  async hold(
    tx: EntityManager,
    articles: { article: string; started: number; figures: Held; before: Held | undefined }[],
  ): Promise<void> {
    if (articles.length === 0) return;
    const rows = articles.map(({ article, started, figures, before }) => ({
      article,
      started,
      status: figures.status,
      sellable: figures.sellable.toString(),
      status_before: before?.status,
      sellable_before: (before?.sellable ?? 0n).toString(),
    }));
    await tx.query(
      `INSERT INTO held_articles
       SELECT article, started, status, sellable, status_before, sellable_before
       FROM jsonb_to_recordset($1::jsonb) AS r(article text, started bigint, status text, sellable bigint,
         status_before text, sellable_before bigint)
       ORDER BY article
       ON CONFLICT (article) DO UPDATE SET started = EXCLUDED.started, status = EXCLUDED.status,
         sellable = EXCLUDED.sellable`,
      [JSON.stringify(rows)],
    );
  }

  async release(tx: EntityManager, articles: string[]): Promise<void> {
    if (articles.length > 0) await tx.query(`DELETE FROM held_articles WHERE article = ANY($1)`, [articles]);
  }

  /** The two reads say different things: a person decides. */
  async differ(articles: string[]): Promise<void> {
    await this.database.query(`UPDATE stock_gate SET state = 'differs', differing = $1`, [articles]);
  }

  /** What was held has been told; what is held since keeps waiting. */
  async end(listed: number, secondInMs: number): Promise<void> {
    await this.database.query(
      `UPDATE stock_gate SET listed = $1, held_listed = NULL, differing = '{}', author = NULL, reason = NULL,
         second_at = now() + $2 * interval '1 ms', held_at = CASE WHEN more.held THEN held_at END,
         doubt = CASE WHEN more.held THEN doubt END, state = CASE WHEN more.held THEN 'waiting' END
       FROM (SELECT EXISTS (SELECT FROM held_articles) AS held) AS more`,
      [listed, secondInMs],
    );
    // What a second read or a person has settled is no sign of more to come.
    await this.database.query('UPDATE articles SET emptied_at = NULL WHERE emptied_at IS NOT NULL');
  }

  async remember(listed: number): Promise<void> {
    await this.database.query(`UPDATE stock_gate SET listed = $1`, [listed]);
  }

  /** A person's word. False where nothing is held. */
  async decide(state: 'accepted' | 'discarded', author: string, reason: string): Promise<boolean> {
    const rows = await this.database.query<unknown[]>(
      `WITH decided AS (
         UPDATE stock_gate SET state = $1, author = $2, reason = $3 WHERE state IS NOT NULL RETURNING one)
       SELECT one FROM decided`,
      [state, author, reason],
    );
    return rows.length > 0;
  }

  /** Articles that have something to sell by what was last told without doubt. */
  async countSelling(): Promise<number> {
    const [row] = await this.database.query<{ count: string }[]>(
      `SELECT count(*) FROM articles a LEFT JOIN held_articles h USING (article)
       WHERE CASE WHEN h.article IS NULL THEN a.status ELSE h.status_before END = 'active'
         AND CASE WHEN h.article IS NULL THEN a.sellable ELSE h.sellable_before END > 0`,
    );
    return Number(row?.count);
  }

  /** Articles that were emptied within so long, and not sold since. */
  async emptiedWithin(ms: number): Promise<string[]> {
    const rows = await this.database.query<{ article: string }[]>(
      `SELECT article FROM articles WHERE emptied_at > clock_timestamp() - $1 * interval '1 ms'`,
      [ms],
    );
    return rows.map((row) => row.article);
  }

  /** For a person. */
  async show(limit: number): Promise<{ gate: Record<string, unknown>; articles: unknown[]; count: number }> {
    const [gate] = await this.database.query<Record<string, unknown>[]>(
      `SELECT coalesce(state, 'open') AS state, doubt, held_at AS "heldAt", held_listed AS "heldListed", listed,
         second_at AS "secondReadAt", author, reason, (SELECT count(*)::int FROM held_articles) AS count,
         differing[1:$1::int] AS differing FROM stock_gate`,
      [limit],
    );
    const articles = await this.database.query<unknown[]>(
      `SELECT article, trim_scale(sellable / 1000.0)::text AS sellable, status,
         trim_scale(sellable_before / 1000.0)::text AS "sellableBefore", status_before AS "statusBefore",
         article = ANY(stock_gate.differing) AS differs
       FROM held_articles, stock_gate ORDER BY differs DESC, article LIMIT $1`,
      [limit],
    );
    const { count, ...rest } = gate ?? {};
    return { gate: rest, articles, count: Number(count ?? 0) };
  }
}

const heldOf = (row: Row): HeldArticle => ({
  started: Number(row.started),
  status: row.status,
  sellable: BigInt(row.sellable),
  ...(row.status_before && {
    before: { status: row.status_before, sellable: BigInt(row.sellable_before) },
  }),
});
