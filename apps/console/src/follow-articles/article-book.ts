import {
  type ArticleAccepted,
  type ArticleListed,
  type ArticlePublished,
  type ArticleRefused,
  type ShelfRefused,
  type ShelfSet,
  type StockExpected,
  type StockLevelChanged,
  type StockObserved,
  toMilli,
} from '@samlast/contracts';
import type { MessageOf } from '@samlast/messaging';
import type { EntityManager } from 'typeorm';
import { searchKey } from '../look-up/search-key.ts';

type Catalogue = MessageOf<typeof ArticlePublished | typeof ArticleListed>;
type Shelf = MessageOf<typeof ShelfSet | typeof ShelfRefused>;

const milli = (quantity: string | undefined) =>
  quantity === undefined ? null : toMilli(quantity).toString();

/**
 * The tables of articles and of what each shop shows. Every row is replaced by newer facts only, so messages may come
 * twice and topics in any order.
 */
export class ArticleBook {
  constructor(private readonly tx: EntityManager) {}

  async writeLevels(messages: readonly MessageOf<typeof StockLevelChanged>[]): Promise<void> {
    await this.newestOf(messages, ({ data }) => BigInt(data.version), `
      INSERT INTO articles (article, article_key, level_version, level_at, free, sellable, reserved, levels)
      SELECT article, article_key, version, at, free, sellable, reserved, levels
      FROM jsonb_to_recordset($1::jsonb) AS r(article text, article_key text, version bigint, at timestamptz,
        free bigint, sellable bigint, reserved bigint, levels jsonb)
      ORDER BY article
      ON CONFLICT (article) DO UPDATE SET level_version = excluded.level_version, level_at = excluded.level_at,
        free = excluded.free, sellable = excluded.sellable, reserved = excluded.reserved, levels = excluded.levels
      WHERE excluded.level_version > articles.level_version`,
      ({ data }) => ({
        version: data.version,
        at: data.at,
        free: milli(data.free),
        sellable: milli(data.sellable),
        reserved: milli(data.reserved),
        levels: data.channels,
      }),
    ); // prettier-ignore
  }

  async writeReads(messages: readonly MessageOf<typeof StockObserved>[]): Promise<void> {
    await this.newestOf(messages, ({ data }) => BigInt(data.started), `
      INSERT INTO articles (article, article_key, read_started, read_at, read_status, read_sellable, read_incoming,
        read_doubtful)
      SELECT article, article_key, started, at, status, sellable, incoming, doubtful
      FROM jsonb_to_recordset($1::jsonb) AS r(article text, article_key text, started bigint, at timestamptz,
        status text, sellable bigint, incoming bigint, doubtful boolean)
      ORDER BY article
      ON CONFLICT (article) DO UPDATE SET read_started = excluded.read_started, read_at = excluded.read_at,
        read_status = excluded.read_status, read_sellable = excluded.read_sellable,
        read_incoming = excluded.read_incoming, read_doubtful = excluded.read_doubtful
      WHERE excluded.read_started > articles.read_started`,
      ({ data }) => ({
        started: data.started,
        at: data.at,
        status: data.status,
        sellable: milli(data.sellable),
        incoming: milli(data.incoming),
        doubtful: data.doubtful ?? false,
      }),
    ); // prettier-ignore
  }

  /** When more is to come. */
  async writeExpected(messages: readonly MessageOf<typeof StockExpected>[]): Promise<void> {
    await this.newestOf(messages, ({ offset }) => BigInt(offset), `
      INSERT INTO articles (article, article_key, expected, expected_position)
      SELECT article, article_key, expected, position
      FROM jsonb_to_recordset($1::jsonb) AS r(article text, article_key text, expected jsonb, position bigint)
      ORDER BY article
      ON CONFLICT (article) DO UPDATE SET expected = excluded.expected, expected_position = excluded.expected_position
      WHERE excluded.expected_position > articles.expected_position`,
      ({ data, offset }) => ({ expected: data.expected, position: offset }),
    ); // prettier-ignore
  }

  /** An article's name: the article master's word before anybody else's, and the newest among equals. */
  async writeNames(messages: readonly Catalogue[], master: string | undefined): Promise<void> {
    const named = messages.flatMap(({ data, offset }) => {
      const name = 'shopArticleId' in data ? data.name : data.article.name;
      const article = 'shopArticleId' in data ? data.article : data.article.number;
      return name ? [{ offset, data: { article, name, master: data.channel === master } }] : [];
    });
    const weight = (message: (typeof named)[number]) =>
      BigInt(message.offset) + (message.data.master ? 1n << 62n : 0n);
    await this.newestOf(named, weight, `
      INSERT INTO articles (article, article_key, name, name_from_master, name_position)
      SELECT article, article_key, name, master, position
      FROM jsonb_to_recordset($1::jsonb)
        AS r(article text, article_key text, name text, master boolean, position bigint)
      ORDER BY article
      ON CONFLICT (article) DO UPDATE SET name = excluded.name, name_from_master = excluded.name_from_master,
        name_position = excluded.name_position
      WHERE (excluded.name_from_master, excluded.name_position)
        > (articles.name_from_master, articles.name_position)`,
      ({ data, offset }) => ({ name: data.name, master: data.master, position: offset }),
    ); // prettier-ignore
  }

  async writeListings(messages: readonly MessageOf<typeof ArticleListed>[]): Promise<void> {
    await this.newestPerChannel(messages, `
      INSERT INTO article_channels (article, channel, listed, listed_position)
      SELECT article, channel, listed, position
      FROM jsonb_to_recordset($1::jsonb) AS r(article text, channel text, listed boolean, position bigint)
      ORDER BY article, channel
      ON CONFLICT (article, channel) DO UPDATE SET listed = excluded.listed,
        listed_position = excluded.listed_position
      WHERE excluded.listed_position > article_channels.listed_position`,
      ({ data }) => ({ listed: data.listed }),
    ); // prettier-ignore
  }

  /** What the warehouse answered to article data: taken, or not because another system is the master. */
  async writeAnswers(
    messages: readonly MessageOf<typeof ArticleAccepted | typeof ArticleRefused>[],
  ): Promise<void> {
    await this.newestPerChannel(messages, `
      INSERT INTO article_channels (article, channel, data_answer, data_text, data_position)
      SELECT article, channel, answer, text, position
      FROM jsonb_to_recordset($1::jsonb)
        AS r(article text, channel text, answer text, text text, position bigint)
      ORDER BY article, channel
      ON CONFLICT (article, channel) DO UPDATE SET data_answer = excluded.data_answer,
        data_text = excluded.data_text, data_position = excluded.data_position
      WHERE excluded.data_position > article_channels.data_position`,
      (message) =>
        message.type === 'article.refused'
          ? { answer: message.data.reason, text: message.data.text }
          : { answer: 'accepted' },
    ); // prettier-ignore
  }

  async writeShelves(messages: readonly Shelf[]): Promise<void> {
    const set = messages.filter((message) => message.type === 'shelf.set');
    await this.newestPerChannel(set, `
      INSERT INTO article_channels (article, channel, shelf, shelf_version, shelf_at, shelf_position)
      SELECT article, channel, shelf, version, at, position
      FROM jsonb_to_recordset($1::jsonb) AS r(article text, channel text, shelf bigint, version bigint,
        at timestamptz, position bigint)
      ORDER BY article, channel
      ON CONFLICT (article, channel) DO UPDATE SET shelf = excluded.shelf,
        shelf_version = excluded.shelf_version, shelf_at = excluded.shelf_at,
        shelf_position = excluded.shelf_position
      WHERE excluded.shelf_position > article_channels.shelf_position`,
      ({ data }) => ({ shelf: milli(data.shelf), version: data.version, at: data.at }),
    ); // prettier-ignore
    const refused = messages.filter((message) => message.type === 'shelf.refused');
    await this.newestPerChannel(refused, `
      INSERT INTO article_channels (article, channel, refused_reason, refused_text, refused_at, refused_position)
      SELECT article, channel, reason, text, at, position
      FROM jsonb_to_recordset($1::jsonb) AS r(article text, channel text, reason text, text text,
        at timestamptz, position bigint)
      ORDER BY article, channel
      ON CONFLICT (article, channel) DO UPDATE SET refused_reason = excluded.refused_reason,
        refused_text = excluded.refused_text, refused_at = excluded.refused_at,
        refused_position = excluded.refused_position
      WHERE excluded.refused_position > article_channels.refused_position`,
      ({ data }) => ({ reason: data.reason, text: data.text, at: data.at }),
    ); // prettier-ignore
  }

  private async newestPerChannel<M extends { offset: string; data: { article: string; channel: string } }>(
    messages: readonly M[],
    sql: string,
    row: (message: M) => object,
  ): Promise<void> {
    const newest = new Map<string, M>();
    for (const message of messages) {
      const key = `${message.data.channel}/${message.data.article}`;
      const known = newest.get(key);
      if (!known || BigInt(known.offset) < BigInt(message.offset)) newest.set(key, message);
    }
    if (newest.size === 0) return;
    const rows = [...newest.values()].map((message) => {
      const { article, channel } = message.data;
      return { article, channel, position: message.offset, ...row(message) };
    });
    await this.tx.query(sql, [JSON.stringify(rows)]);
  }

  /** One row per article goes to the database, the newest of the batch: one statement cannot touch a row twice. */
  private async newestOf<M extends { data: { article: string } }>(
    messages: readonly M[],
    age: (message: M) => bigint,
    sql: string,
    row: (message: M) => object,
  ): Promise<void> {
    const newest = new Map<string, M>();
    for (const message of messages) {
      const known = newest.get(message.data.article);
      if (!known || age(known) < age(message)) newest.set(message.data.article, message);
    }
    if (newest.size === 0) return;
    const rows = [...newest].map(([article, message]) => ({
      article,
      article_key: searchKey(article),
      ...row(message),
    }));
    await this.tx.query(sql, [JSON.stringify(rows)]);
  }
}
