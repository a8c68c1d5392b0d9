import { Injectable } from '@nestjs/common';
import { sameNumberKey } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';
import type { Said } from './article-fields.ts';

/** What one channel has said of one article until now. */
export interface Words {
  readonly article: string;
  readonly channel: string;
  said: Said;
  /** It has sent article data, and not just said that it sells it. */
  published: boolean;
  shopArticleId: string | undefined;
  listed: boolean | undefined;
  barcode: string | undefined;
  /** Its shop has it no more under this number. */
  withdrawn: boolean;
  renamedTo: string | undefined;
}

interface Row {
  article: string;
  channel: string;
  said: Said;
  published: boolean;
  shop_article_id: string | null;
  listed: boolean | null;
  barcode: string | null;
  withdrawn: boolean;
  renamed_to: string | null;
}

const wordsOf = (row: Row): Words => ({
  article: row.article,
  channel: row.channel,
  said: row.said,
  published: row.published,
  shopArticleId: row.shop_article_id ?? undefined,
  listed: row.listed ?? undefined,
  barcode: row.barcode ?? undefined,
  withdrawn: row.withdrawn,
  renamedTo: row.renamed_to ?? undefined,
});

/** The words of all channels about some articles, which are changed in memory and saved together. */
export class WordBook {
  private readonly byArticle = new Map<string, Map<string, Words>>();
  private readonly touched = new Set<Words>();

  constructor(words: readonly Words[]) {
    for (const one of words) this.keep(one);
  }

  /** By channel. */
  of(article: string): ReadonlyMap<string, Words> {
    return this.byArticle.get(article) ?? new Map();
  }

  /** What each channel says of an article's members, but for channels that have withdrawn it. */
  saidBy(article: string): Map<string, Said> {
    const present = [...this.of(article)].filter(([, words]) => words.published && !words.withdrawn);
    return new Map(present.map(([channel, { said }]) => [channel, said]));
  }

  change(article: string, channel: string, changes: Partial<Words>): Words {
    const words = this.byArticle.get(article)?.get(channel) ?? this.keep(empty(article, channel));
    Object.assign(words, changes);
    this.touched.add(words);
    return words;
  }

  get changed(): readonly Words[] {
    return [...this.touched];
  }

  private keep(words: Words): Words {
    const channels = this.byArticle.get(words.article) ?? new Map<string, Words>();
    this.byArticle.set(words.article, channels.set(words.channel, words));
    return words;
  }
}

const empty = (article: string, channel: string): Words => ({
  article,
  channel,
  said: {},
  published: false,
  shopArticleId: undefined,
  listed: undefined,
  barcode: undefined,
  withdrawn: false,
  renamedTo: undefined,
});

/** The table of what channels say of articles: the only file that knows it, but for the search of what does not fit. */
@Injectable()
export class ArticleWords {
  async load(tx: Pick<EntityManager, 'query'>, articles: readonly string[]): Promise<WordBook> {
    const rows = await tx.query<Row[]>(
      'SELECT * FROM article_words WHERE article = ANY($1) ORDER BY article, channel',
      [articles],
    );
    return new WordBook(rows.map(wordsOf));
  }

  async save(tx: EntityManager, book: WordBook): Promise<void> {
    if (book.changed.length === 0) return;
    const rows = book.changed.map((words) => ({
      ...words,
      article_key: sameNumberKey(words.article),
      shop_article_id: words.shopArticleId,
      renamed_to: words.renamedTo,
      barcode: words.said.barcode || words.barcode || undefined,
    }));
    // Articles that shared a barcode with one that has another one now, or is gone, are no twins of it any more.
    await tx.query(
      `INSERT INTO article_marks
       SELECT DISTINCT other.article FROM jsonb_to_recordset($1::jsonb)
         AS r(article text, channel text, barcode text, withdrawn boolean)
       JOIN article_words w ON w.article = r.article AND w.channel = r.channel
       JOIN article_words other ON other.barcode = w.barcode AND other.article <> w.article
       WHERE (w.barcode, w.withdrawn) IS DISTINCT FROM (r.barcode, r.withdrawn)
       ORDER BY 1 ON CONFLICT DO NOTHING`,
      [JSON.stringify(rows)],
    );
    await tx.query(
      `INSERT INTO article_words AS w
         (article, channel, article_key, said, published, shop_article_id, listed, barcode, withdrawn, renamed_to)
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(article text, channel text, article_key text, said jsonb,
         published boolean, shop_article_id text, listed boolean, barcode text, withdrawn boolean, renamed_to text)
       ORDER BY article, channel
       ON CONFLICT (article, channel) DO UPDATE SET said = excluded.said, published = excluded.published,
         shop_article_id = excluded.shop_article_id, listed = excluded.listed, barcode = excluded.barcode,
         withdrawn = excluded.withdrawn, renamed_to = excluded.renamed_to, said_at = now()`,
      [JSON.stringify(rows)],
    );
  }

  /**
   * Numbers that are the same as one of these but for case and blanks, by that one, where their maker published them
   * first: the WMS may take the two for one, and the later would be written over the earlier.
   */
  async twins(
    tx: EntityManager,
    articles: readonly string[],
    maker: string | undefined,
  ): Promise<ReadonlyMap<string, string>> {
    const rows = await tx.query<{ article: string; twin: string }[]>(
      `SELECT n.article, w.article AS twin FROM unnest($1::text[], $2::text[]) AS n(article, key)
       JOIN article_words w ON w.article_key = n.key AND w.article <> n.article AND w.channel = $3
       LEFT JOIN article_words own ON own.article = n.article AND own.channel = $3
       WHERE w.published AND NOT w.withdrawn
         AND (w.first_at, w.article) < (COALESCE(own.first_at, 'infinity'), n.article)`,
      [articles, articles.map(sameNumberKey), maker ?? null],
    );
    return new Map(rows.map(({ article, twin }) => [article, twin]));
  }

  /** Their findings are worked out again. */
  async mark(tx: Pick<EntityManager, 'query'>, articles: readonly string[]): Promise<void> {
    if (articles.length === 0) return;
    await tx.query(
      'INSERT INTO article_marks SELECT DISTINCT unnest($1::text[]) ORDER BY 1 ON CONFLICT DO NOTHING',
      [articles],
    );
  }
}
