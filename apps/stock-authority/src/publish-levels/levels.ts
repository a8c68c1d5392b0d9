import { createHash } from 'node:crypto';
import { type Channel, type Event, fromMilli, StockLevelChanged, toMilli } from '@samlast/contracts';
import type { ShortPolicy } from '../reserve-stock/decide.ts';
import { type ArticleStock, lowOf } from '../tables/articles.ts';

/** What channels.json says about selling. */
export interface Terms {
  policyOf(channel: string): ShortPolicy | undefined;
  readonly channels: readonly { code: string; mode: Channel['mode']; margin: bigint }[];
  /** Changes with everything that a level depends on. */
  readonly digest: string;
}

export function termsOf(list: readonly Channel[]): Terms {
  const channels = list
    .map(({ code, mode, margin }) => ({ code, mode, margin: toMilli(margin) }))
    .toSorted((a, b) => (a.code < b.code ? -1 : 1));
  const text = channels.map(({ code, mode, margin }) => `${code}/${mode}/${margin}`).join(' ');
  const policies = new Map(list.map(({ code, shortPolicy }) => [code, shortPolicy]));
  return {
    channels,
    policyOf: (channel) => policies.get(channel),
    digest: createHash('sha256').update(text).digest('hex').slice(0, 16),
  };
}

/**
 * Pieces for shops: free ones less what older held and waiting orders want. An article that is not sold has
 * none.
 */
export function offered(article: ArticleStock): bigint {
  if (article.status !== 'active') return 0n;
  const figure = lowOf(article) - article.queued;
  return figure > 0n ? figure : 0n;
}

/**
 * What a level says to shops, as one text: a new level is published when this changes. When an order merely
 * moves from our figure into the warehouse's, free stays what it is, and no shop needs to be written.
 */
function said(article: ArticleStock, terms: Terms): string {
  return `${terms.digest} ${lowOf(article)} ${offered(article)}`;
}

/**
 * What is neither sold nor counted, and never was, needs no level; nor does what the WMS has never told of.
 */
function hasLevel(article: ArticleStock): boolean {
  return (
    article.status === 'active' || article.status === 'inactive' || article.version > 0 || article.promised
  );
}

/**
 * Raises the version and makes the event where the level is new; an order that was just reserved names that
 * version.
 */
export function raiseLevel(article: ArticleStock, terms: Terms, at: string): Event | undefined {
  const saying = said(article, terms);
  if (!hasLevel(article) || (saying === article.published && !article.promised)) return undefined;
  article.version += 1;
  article.published = saying;
  article.promised = false;
  const pieces = offered(article);
  const channels: Record<string, { level: string; mode: Channel['mode'] }> = {};
  for (const { code, mode, margin } of terms.channels) {
    channels[code] = { level: fromMilli(pieces > margin ? pieces - margin : 0n), mode };
  }
  return StockLevelChanged.of({
    article: article.number,
    version: article.version,
    at,
    free: fromMilli(lowOf(article)),
    sellable: fromMilli(article.sellable),
    reserved: fromMilli(article.takenLow),
    channels,
  });
}
