import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ArticleListed, ArticlePublished } from '@samlast/contracts';
import { defineChannel, defineChannelConfig } from '../channel.ts';
import type { ShopArticle } from '../shop.ts';
import { FakeShop } from '../testing/fake-shop.ts';
import { Stage } from '../testing/stage.ts';

const article = (number: string, id: string, name = 'Tee'): ShopArticle => ({
  id,
  article: { number, name },
});

describe('a number that two articles of a shop have', () => {
  let pages: ShopArticle[][] = [];
  let stage: Stage;
  beforeEach(async () => {
    const shop = new FakeShop({ method: 'compare-and-set', feedLagMs: 0 });
    const list = async function* () {
      yield* pages;
    };
    const definition = defineChannel({
      kind: 'fake',
      config: defineChannelConfig({}),
      identity: () => 'https://shop.example',
      shop: () => Object.assign(shop, { articles: list }),
    });
    pages = [];
    stage = await Stage.start(definition, {}, { env: { ARTICLES_POLL_MS: '100' } });
  });
  afterEach(() => stage?.stop());

  async function listTwice(): Promise<void> {
    const before = stage.tampering.articleReads;
    await stage.until(() => stage.tampering.articleReads >= before + 3);
  }
  const refused = () => stage.ops<{ article: string; reason: string; text: string }[]>('refused-articles');

  it('is the first one’s, said once, and listed until one of them has another', async () => {
    pages = [[article('TEE', 'a'), article('CAP', 'c')], [article('TEE', 'b', 'Tee, old')]];
    await listTwice();
    // Only messages of one article come in the order in which they were sent.
    const published = () =>
      stage.peer
        .heard(ArticlePublished)
        .map((one) => one.article)
        .toSorted((one, other) => one.number.localeCompare(other.number));
    await stage.until(() => published().length >= 2);
    const listed = stage.peer.heard(ArticleListed).map((one) => one.shopArticleId);
    expect(listed.toSorted()).toEqual(['a', 'c']);
    expect(published()).toMatchObject([{ number: 'CAP' }, { number: 'TEE', name: 'Tee' }]);
    expect(await refused()).toMatchObject([{ article: 'TEE', reason: 'twice' }]);
    expect((await refused())[0]?.text).toMatch(/a and b/);
    pages = [[article('TEE', 'a'), article('CAP', 'c')], [article('TEE-OLD', 'b')]];
    await stage.until(async () => (await refused()).length === 0);
    await stage.until(() => stage.peer.heard(ArticleListed).some((one) => one.shopArticleId === 'b'));
  });

  it('is no such number where a list that shifts shows one article on two pages', async () => {
    pages = [[article('TEE', 'a')], [article('TEE', 'a')]];
    await listTwice();
    expect(await refused()).toEqual([]);
    expect(stage.peer.heard(ArticlePublished)).toHaveLength(1);
  });
});
