import { Inject, Injectable } from '@nestjs/common';
import { type Channel, fromMilli } from '@samlast/contracts';
import { CHANNELS } from '@samlast/service';
import { DataSource } from 'typeorm';
import type { ArticleChannel, ArticleDetail, ArticleRow } from './shapes.ts';
import { searchKey } from './search-key.ts';

const PAGE = 100;

interface Row {
  article: string;
  name: string | null;
  level_version: string;
  level_at: Date | null;
  free: string | null;
  sellable: string | null;
  reserved: string | null;
  levels: Record<string, { level: string; mode: string }>;
  read_at: Date | null;
  read_status: string | null;
  read_sellable: string | null;
  read_incoming: string | null;
  read_doubtful: boolean;
  expected: ArticleDetail['expected'];
}

interface ChannelRow {
  article: string;
  channel: string;
  shelf: string | null;
  shelf_version: string | null;
  shelf_position: string;
  shelf_at: Date | null;
  refused_position: string;
  refused_reason: string | null;
  refused_text: string | null;
  refused_at: Date | null;
  listed: boolean | null;
  data_answer: string | null;
  data_text: string | null;
}

const pieces = (milli: string | null) => (milli === null ? undefined : fromMilli(BigInt(milli)));

/** Reads the articles' projection for the pages. */
@Injectable()
export class ArticleSearch {
  constructor(
    private readonly database: DataSource,
    @Inject(CHANNELS) private readonly channels: Channel[],
  ) {}

  /** By how the number begins, or by a part of the name. */
  async list(search = ''): Promise<ArticleRow[]> {
    const escaped = searchKey(search).replace(/[\\%_]/g, '\\$&');
    const rows = await this.database.query<Row[]>(
      `SELECT * FROM articles WHERE article_key LIKE $1 OR lower(name) LIKE $2
       ORDER BY article_key = $3 DESC, article_key LIMIT ${PAGE}`,
      [`${escaped}%`, `%${escaped}%`, searchKey(search)],
    );
    const shelves = await this.channelsOf(rows);
    return rows.map((row) => ({
      article: row.article,
      name: row.name ?? undefined,
      status: row.read_status ?? undefined,
      free: pieces(row.free),
      sellable: pieces(row.sellable ?? row.read_sellable),
      reserved: pieces(row.reserved),
      doubtful: row.read_doubtful,
      shelves: (shelves.get(row.article) ?? []).map(({ channel, shelf, level, refused }) => ({
        channel,
        shelf,
        level,
        refused: refused?.reason,
      })),
    }));
  }

  async one(article: string): Promise<ArticleDetail | undefined> {
    const [row] = await this.database.query<Row[]>(
      'SELECT * FROM articles WHERE article_key = $1 ORDER BY article = $2 DESC LIMIT 1',
      [searchKey(article), article],
    );
    if (!row) return undefined;
    const read = row.read_at && {
      at: row.read_at.toISOString(),
      status: row.read_status ?? 'unknown',
      sellable: pieces(row.read_sellable) ?? '0',
      incoming: pieces(row.read_incoming),
      doubtful: row.read_doubtful,
    };
    return {
      article: row.article,
      name: row.name ?? undefined,
      version: Number(row.level_version) < 0 ? undefined : Number(row.level_version),
      levelAt: row.level_at?.toISOString(),
      free: pieces(row.free),
      sellable: pieces(row.sellable),
      reserved: pieces(row.reserved),
      read: read ?? undefined,
      expected: row.expected,
      channels: (await this.channelsOf([row])).get(row.article) ?? [],
    };
  }

  /**
   * One entry per channel that may show the article or has ever said something about it, in the order of
   * channels.json.
   */
  private async channelsOf(rows: Row[]): Promise<Map<string, ArticleChannel[]>> {
    const known = await this.database.query<ChannelRow[]>(
      'SELECT * FROM article_channels WHERE article = ANY($1)',
      [rows.map((row) => row.article)],
    );
    const order = this.channels.map((channel) => channel.code);
    const result = new Map<string, ArticleChannel[]>();
    for (const row of rows) {
      const own = new Map(
        known.filter(({ article }) => article === row.article).map((one) => [one.channel, one]),
      );
      const codes = [...new Set([...order, ...Object.keys(row.levels), ...own.keys()])];
      const entries = codes
        .filter((code) => row.levels[code] || own.has(code))
        .map((code) => articleChannel(code, row.levels[code], own.get(code)));
      result.set(row.article, entries);
    }
    return result;
  }
}

function articleChannel(
  channel: string,
  level?: { level: string; mode: string },
  row?: ChannelRow,
): ArticleChannel {
  const entry: ArticleChannel = { channel, level: level?.level, mode: level?.mode };
  if (!row) return entry;
  entry.shelf = pieces(row.shelf);
  entry.shelfVersion = row.shelf_version === null ? undefined : Number(row.shelf_version);
  entry.shelfAt = row.shelf_at?.toISOString();
  entry.listed = row.listed ?? undefined;
  if (row.data_answer) entry.data = { answer: row.data_answer, text: row.data_text ?? undefined };
  // A write that went through after a refusal settles it.
  if (row.refused_reason && row.refused_at && BigInt(row.refused_position) > BigInt(row.shelf_position)) {
    entry.refused = {
      reason: row.refused_reason,
      text: row.refused_text ?? undefined,
      at: row.refused_at.toISOString(),
    };
  }
  return entry;
}
