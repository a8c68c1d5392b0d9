import { describe, expect, it } from '@jest/globals';
import { Article } from './article.ts';
import { ArticleAspect, aspectOf, ownerOf } from './article-aspects.ts';

describe('aspects of an article', () => {
  it('hold every member but the number, each once', () => {
    const members = Object.keys(Article.shape).filter((name) => name !== 'number');
    expect(Object.keys(aspectOf).toSorted()).toEqual(members.toSorted());
  });

  it('belong to the channel that names them, and the others to the article master', () => {
    const channels = [
      { code: 'SE' },
      { code: 'ERP', articleMaster: true },
      { code: 'PIM', articleAspects: ['measures' as const] },
    ];
    const owners = ArticleAspect.options.map((aspect) => [aspect, ownerOf(channels, aspect)]);
    expect(Object.fromEntries(owners)).toEqual({
      names: 'ERP',
      barcodes: 'ERP',
      measures: 'PIM',
      customs: 'ERP',
      parts: 'ERP',
      prices: 'ERP',
    });
  });

  it('belong to nobody where there is no master and no channel names them', () => {
    expect(ownerOf([{ code: 'SE' }], 'names')).toBeUndefined();
  });
});
