import { ArticleListed, ArticleWithdrawn, type Event } from '@samlast/contracts';
import type { EntityManager } from 'typeorm';

/** Up to so many, and up to this share of all, may vanish at a time without a person. */
const VANISH_MOST = 10;
const VANISH_SHARE = 0.2;

export interface Vanished {
  /** Missing from two complete lists in a row, and too many to be believed. */
  readonly held: readonly string[];
  readonly known: number;
}

interface Gone {
  number: string;
  shop_article_id: string;
  renamed_to: string | null;
}

/**
 * Articles that are missing from two complete lists in a row are gone from the shop: a list that shifts while it is
 * read leaves one out now and then. One whose id stands under a new number was renamed. Where very many have vanished
 * it is more likely that the shop's list is at fault, and a person says what is true.
 * @param seen every number of a list that was read to its end
 */
export async function withdrawArticles(
  tx: EntityManager,
  channel: string,
  seen: ReadonlySet<string>,
  believed: boolean,
): Promise<{ events: Event[]; vanished: Vanished }> {
  const numbers = [...seen];
  await tx.query('UPDATE articles SET missing = false WHERE missing AND number = ANY($1)', [numbers]);
  const gone = (await tx.query(
    `SELECT a.number, a.shop_article_id,
       (SELECT min(b.number) FROM articles b WHERE b.shop_article_id = a.shop_article_id AND NOT b.missing
         AND b.number = ANY($1) HAVING count(*) = 1) AS renamed_to
     FROM articles a WHERE a.missing ORDER BY a.number`,
    [numbers],
  )) as Gone[];
  await tx.query('UPDATE articles SET missing = true WHERE NOT missing AND NOT number = ANY($1)', [numbers]);
  const [{ known }] = (await tx.query('SELECT count(*)::int AS known FROM articles')) as [{ known: number }];
  const held = gone.map((one) => one.number);
  if (!believed && gone.length > Math.max(VANISH_MOST, known * VANISH_SHARE))
    return { events: [], vanished: { held, known } };
  await tx.query('DELETE FROM articles WHERE number = ANY($1)', [held]);
  await tx.query('DELETE FROM refused_articles WHERE article = ANY($1)', [held]);
  const events = gone.flatMap(({ number: article, shop_article_id: shopArticleId, renamed_to }) => [
    ArticleWithdrawn.of({ channel, article, shopArticleId, ...(renamed_to && { renamedTo: renamed_to }) }),
    ArticleListed.of({ channel, article, shopArticleId, listed: false }),
  ]);
  return { events, vanished: { held: [], known: known - gone.length } };
}
