import { expect, it } from '@jest/globals';
import { ArticleListed, ArticlePublished } from '@samlast/contracts';
import type { Scene } from './channel-contract.ts';
import { CODE } from './stage.ts';

/** What the shop knows of its articles is told, from the first page to the last. */
export function articlesContract(scene: Scene): void {
  it('says of an article that the shop sells it', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(1);
    const listed = await stage.until(() =>
      stage.peer.heard(ArticleListed).find((one) => one.article === article),
    );
    expect(listed).toMatchObject({ channel: CODE, shopArticleId: expect.stringMatching(/./) });
  });

  it('says what the shop knows of it, should its line in channels.json make it article master', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(1);
    const published = await stage.until(() =>
      stage.peer.heard(ArticlePublished).find((one) => one.article.number === article),
    );
    expect(published).toMatchObject({ channel: CODE, article: { name: expect.stringMatching(/./) } });
  });

  it('reads all pages to their end, again and again', async () => {
    const { stage } = scene;
    const { tampering } = stage;
    const before = tampering.articleReads;
    await stage.until(() => tampering.articleReads >= before + 2);
  });
}
