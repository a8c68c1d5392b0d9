// Ongoing's words for an article's stock, and nowhere else but here.
import { toMilli } from '@samlast/contracts';
import type { OngoingArticle } from '@samlast/ongoing-client';
import type { Figures } from './article-figures.ts';

/**
 * What the authority may reckon with. Freight, services and inactive articles are in Ongoing's list too,
 * and their numbers mean nothing. A kit's own figure is the smallest of its parts; it is passed on as it
 * is.
 */
export function figuresOf(article: OngoingArticle): Figures {
  const stock = article.inventoryInfo;
  const incoming = stock?.toReceive === undefined ? undefined : toMilli(stock.toReceive);
  return { status: statusOf(article), sellable: toMilli(stock?.sellable ?? '0'), incoming };
}

function statusOf(article: OngoingArticle): Figures['status'] {
  const isKit = article.articleKind?.toLowerCase() === 'structure';
  if (article.isStockArticle === false && !isKit) return 'not-stocked';
  if (article.isActive === false || article.storageProperties?.isObsolete) return 'inactive';
  return 'active';
}
