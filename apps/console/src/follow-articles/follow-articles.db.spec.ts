import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ArticleListed,
  ArticlePublished,
  ArticleRefused,
  type Channel,
  ShelfRefused,
  ShelfSet,
  StockLevelChanged,
  StockObserved,
} from '@samlast/contracts';
import type { Handler, Message } from '@samlast/messaging';
import { openDatabase } from '@samlast/service';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import { assert, asyncProperty, integer, shuffledSubarray } from 'fast-check';
import type { DataSource } from 'typeorm';
import { ArticleSearch } from '../look-up/article-search.ts';
import { migrations } from '../migrations/projection.ts';
import { messageOf } from '../testing/messages.ts';
import { FollowArticles } from './follow-articles.handler.ts';

const AT = '2026-11-24T09:00:00.000Z';
const channels = [{ code: 'SE' }, { code: 'EU' }, { code: 'ERP', articleMaster: true }] as Channel[];

const level = (version: number, free: string) =>
  StockLevelChanged.of({
    article: 'KETTLE',
    version,
    at: AT,
    free,
    sellable: '5',
    reserved: '1.5',
    channels: { SE: { level: free, mode: 'shared' }, EU: { level: free, mode: 'shared' } },
  });
const read = (started: number, sellable: string, doubtful?: boolean) =>
  StockObserved.of({
    ...(doubtful && { doubtful }),
    article: 'KETTLE',
    status: 'active',
    sellable,
    started,
    ended: started + 1,
    inFlight: [],
    at: AT,
  });
const shelf = (channel: string, version: number, pieces: string) =>
  ShelfSet.of({
    channel,
    article: 'KETTLE',
    version,
    writeId: `w${version}`,
    method: 'absolute',
    shelf: pieces,
    at: AT,
  });
const refused = (channel: string) =>
  ShelfRefused.of({ channel, article: 'KETTLE', version: 3, reason: 'unknown-article', at: AT });
const named = (channel: string, name: string) =>
  ArticlePublished.of({ channel, article: { number: 'KETTLE', name } });
const listed = (channel: string, on: boolean) =>
  ArticleListed.of({
    channel,
    article: 'KETTLE',
    shopArticleId: '1',
    name: `${channel}'s kettle`,
    listed: on,
  });

describe('the articles projection', () => {
  let server: TestDatabase;
  let database: DataSource;
  const handler = new FollowArticles(channels);
  const handlers: Record<string, keyof FollowArticles> = {
    'stock.level-changed': 'onLevels',
    'stock.observed': 'onReads',
    'article.published': 'onCatalogue',
    'article.listed': 'onCatalogue',
    'article.refused': 'onAnswers',
    'shelf.set': 'onShelves',
    'shelf.refused': 'onShelves',
  };

  beforeAll(async () => {
    server = await testDatabase();
    database = await openDatabase({
      url: server.url,
      schema: 'console',
      pool: 4,
      name: 'test',
      migrations,
    });
  });
  afterAll(async () => {
    await database.destroy();
    await server.drop();
  });
  const clear = () =>
    database.query(
      'WITH d0 AS (DELETE FROM articles), d1 AS (DELETE FROM article_channels), d2 AS (DELETE FROM channel_signs) SELECT 1',
    );
  beforeEach(clear);

  async function write(messages: Message[]): Promise<void> {
    for (const topic of new Set(messages.map((message) => message.topic))) {
      const own = messages.filter((message) => message.topic === topic);
      const method = handlers[own[0]?.type ?? ''] ?? 'onLevels';
      await database.transaction((tx) => (handler[method] as Handler).call(handler, own, tx));
    }
  }
  const everything = async () => [
    await database.query('SELECT * FROM articles ORDER BY article'),
    await database.query('SELECT * FROM article_channels ORDER BY article, channel'),
    await database.query('SELECT * FROM channel_signs ORDER BY channel'),
  ];
  const article = () => new ArticleSearch(database, channels).one('kettle');

  it('is the same in whatever batches, order and number of times the messages come', async () => {
    const messages = [
      level(1, '5'),
      level(2, '4'),
      level(3, '3.5'),
      read(10, '5'),
      read(20, '4', true),
      shelf('SE', 1, '5'),
      refused('EU'),
      shelf('SE', 3, '3.5'),
      refused('SE'),
      shelf('EU', 3, '3'),
      named('ERP', 'Kettle 1.7 l'),
      named('SE', 'KETTLE!!! SALE'),
      listed('SE', true),
      listed('SE', false),
    ].map((event, second) => messageOf(event, new Date(Date.UTC(2026, 10, 24, 9, 0, second)).toISOString()));
    await write(messages);
    const expected = await everything();
    await assert(
      asyncProperty(
        shuffledSubarray([...messages, ...messages], { minLength: messages.length * 2 }),
        integer({ min: 3, max: 12 }),
        async (shuffled, size) => {
          await clear();
          for (let at = 0; at < shuffled.length; at += size) await write(shuffled.slice(at, at + size));
          expect(await everything()).toEqual(expected);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('shows what each shop shows beside what it may show', async () => {
    await write(
      [level(2, '4'), shelf('SE', 2, '4'), shelf('EU', 1, '7')].map((event) => messageOf(event, AT)),
    );
    expect(await article()).toMatchObject({
      free: '4',
      sellable: '5',
      reserved: '1.5',
      version: 2,
      channels: [
        { channel: 'SE', level: '4', shelf: '4', shelfVersion: 2 },
        { channel: 'EU', level: '4', shelf: '7', shelfVersion: 1 },
      ],
    });
  });

  it('says that the last reading is in doubt until there is one that is not', async () => {
    await write([read(10, '5'), read(20, '0', true)].map((event) => messageOf(event, AT)));
    expect((await article())?.read).toMatchObject({ sellable: '0', doubtful: true });
    expect(await new ArticleSearch(database, channels).list()).toMatchObject([{ doubtful: true }]);
    await write([messageOf(read(30, '0'), AT)]);
    expect((await article())?.read).toMatchObject({ sellable: '0', doubtful: false });
  });

  it('shows a refusal until a later write of that shop went through', async () => {
    await write([level(3, '4'), refused('SE')].map((event) => messageOf(event, AT)));
    expect((await article())?.channels[0]).toMatchObject({ refused: { reason: 'unknown-article' } });
    await write([messageOf(shelf('SE', 3, '4'), AT)]);
    expect((await article())?.channels[0]?.refused).toBeUndefined();
  });

  it('calls an article as the article master does, whatever a shop calls it afterwards', async () => {
    await write([messageOf(named('SE', 'KETTLE!!! SALE'), AT)]);
    expect((await article())?.name).toBe('KETTLE!!! SALE');
    await write([messageOf(named('ERP', 'Kettle 1.7 l'), AT), messageOf(listed('SE', true), AT)]);
    expect((await article())?.name).toBe('Kettle 1.7 l');
  });

  it("says that a shop's article data was passed over", async () => {
    const answer = ArticleRefused.of({ channel: 'SE', article: 'KETTLE', reason: 'not-master' });
    await write([messageOf(level(1, '5'), AT), messageOf(answer, AT)]);
    expect((await article())?.channels[0]).toMatchObject({ channel: 'SE', data: { answer: 'not-master' } });
  });

  it('finds an article by how its number begins or by a part of its name', async () => {
    await write([messageOf(level(1, '5'), AT), messageOf(named('ERP', 'Kettle 1.7 l'), AT)]);
    const search = new ArticleSearch(database, channels);
    const found = async (text: string) => (await search.list(text)).map((row) => row.article);
    expect(await found('ket')).toEqual(['KETTLE']);
    expect(await found('1.7 L')).toEqual(['KETTLE']);
    expect(await found('%')).toEqual([]);
    expect(await found('pot')).toEqual([]);
  });
});
