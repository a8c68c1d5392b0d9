import { createHash } from 'node:crypto';
import type { Channel } from '@samlast/contracts';
import type { ShopArticle } from '../shop.ts';

/** Who owns which article data, as one text. */
export const ownersIn = (channels: readonly Channel[]): string =>
  JSON.stringify(
    channels.map(({ code, articleMaster, articleAspects }) => [code, articleMaster, articleAspects]),
  );

/**
 * By which it is seen that there is something to say. What is said of an article is answered by who owns its data:
 * where others own it from now on, everybody says all of it again.
 */
export function digestOf(article: ShopArticle, owners: string): string {
  return createHash('sha1').update(JSON.stringify(article)).update(owners).digest('hex');
}
