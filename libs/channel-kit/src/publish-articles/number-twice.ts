import { storable } from '@samlast/contracts';
import type { ShopArticle } from '../shop.ts';
import type { RefusedArticle } from './refused-articles.ts';

/**
 * Numbers that two articles of a shop have, found while its list is read. The first one counts: were both said, each
 * would look changed beside the other, in every list again.
 */
export class NumbersTwice {
  private readonly first = new Map<string, string>();
  private readonly twice = new Map<string, RefusedArticle>();

  /** Every number of the list so far. */
  get seen(): ReadonlySet<string> {
    return new Set(this.first.keys());
  }

  get refused(): readonly RefusedArticle[] {
    return [...this.twice.values()];
  }

  /** What of the next page counts. An article that comes again, in a list that shifts, is none of two. */
  firstOf(page: readonly ShopArticle[]): ShopArticle[] {
    return page.filter(({ id, article: { number } }) => {
      const first = this.first.get(number);
      if (first === undefined) this.first.set(number, id);
      else if (first !== id) this.twice.set(number, refusalOf(number, first, id));
      return first === undefined;
    });
  }
}

const refusalOf = (article: string, first: string, other: string): RefusedArticle => ({
  article,
  reason: 'twice',
  fields: ['number'],
  text: storable(
    `Two articles of the shop have the number ${article} (${first} and ${other}). The first one counts, the other is ` +
      'left out: give it a number of its own.',
  ),
});
