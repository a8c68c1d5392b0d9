import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openDatabase } from '@samlast/service';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import type { DataSource } from 'typeorm';
import { migrations } from '../tables/schema.ts';
import { ArticleLists1765100000100 } from './articles.migration.ts';
import { withdrawArticles } from './withdraw-articles.ts';

let server: TestDatabase;
let database: DataSource;
beforeAll(async () => {
  server = await testDatabase();
  database = await openDatabase({
    url: server.url,
    schema: 'channel_se',
    pool: 2,
    name: 'test',
    migrations: [...migrations, ArticleLists1765100000100],
  });
});
afterAll(async () => {
  await database.destroy();
  await server.drop();
});
beforeEach(() => database.query('DELETE FROM articles'));

/** The shop has said these, as number or number=id. */
const known = (...articles: string[]) =>
  database.query(
    `INSERT INTO articles (number, shop_article_id, digest) SELECT n, i, '' FROM unnest($1::text[], $2::text[]) AS a(n, i)`,
    [articles.map((one) => one.split('=')[0]), articles.map((one) => one.split('=').at(-1))],
  );
/** A list with these, read to its end; answers what is told and what is held. */
async function list(numbers: string[], believed = false): Promise<{ told: string[]; held: number }> {
  const { events, vanished } = await database.transaction((tx) =>
    withdrawArticles(tx, 'SE', new Set(numbers), believed),
  );
  const told = events.flatMap(({ type, data }) => {
    const { article, renamedTo } = data as { article: string; renamedTo?: string };
    return type === 'article.withdrawn'
      ? [renamedTo ? `${article} is ${renamedTo}` : `${article} is gone`]
      : [];
  });
  return { told, held: vanished.held.length };
}

describe('an article that the shop does not list any more', () => {
  it('is withdrawn when two complete lists in a row lack it, and once', async () => {
    await known('A', 'B');
    expect((await list(['A'])).told).toEqual([]);
    expect((await list(['A'])).told).toEqual(['B is gone']);
    expect((await list(['A'])).told).toEqual([]);
  });

  it('is not withdrawn when a list left it out by chance', async () => {
    await known('A', 'B');
    await list(['A']);
    await list(['A', 'B']);
    expect((await list(['A'])).told).toEqual([]);
    expect((await list(['A', 'B'])).told).toEqual([]);
  });

  it('is renamed where its id is there under another number', async () => {
    await known('A=1', 'B=2', 'C=1');
    await list(['B', 'C']);
    expect((await list(['B', 'C'])).told).toEqual(['A is C']);
  });

  it('is just gone where several numbers share its id', async () => {
    await known('A=1', 'B=1', 'C=1');
    await list(['B', 'C']);
    expect((await list(['B', 'C'])).told).toEqual(['A is gone']);
  });

  it('is held with very many others until a person says that they are gone', async () => {
    const all = Array.from({ length: 40 }, (_, at) => `A-${at}`);
    await known(...all);
    await list([]);
    expect(await list([])).toEqual({ told: [], held: 40 });
    expect(await list(all.slice(0, 30))).toEqual({
      told: all
        .slice(30)
        .map((one) => `${one} is gone`)
        .toSorted(),
      held: 0,
    });
    await list([]);
    expect((await list([], true)).told).toHaveLength(30);
  });
});
