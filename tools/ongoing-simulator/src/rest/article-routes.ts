import { z } from 'zod';
import type { Article } from '../warehouse/model.ts';
import { Refusal } from '../warehouse/refusal.ts';
import { checkBody, decimal, known, text } from './body.ts';
import {
  ARTICLE_MEMBERS,
  kindOf,
  renderArticle,
  renderItems,
  renderPerWarehouse,
  renderStructure,
} from './render-article.ts';
import { ok, type Answer, type Call, type Route } from './route.ts';

const STOCK_CURSOR_AGE_MAX_MS = 24 * 3_600_000;

const words = z.string().nullish();
const number = decimal.nullish();
const pair = z.looseObject({ code: words, name: words }).nullish();

const ArticleBody = z.looseObject({
  goodsOwnerId: z.int(),
  articleNumber: text,
  articleName: words,
  description: words,
  unitCode: words,
  weight: number,
  netWeight: number,
  length: number,
  width: number,
  height: number,
  volume: number,
  purchasePrice: number,
  customerPrice: number,
  purcaseCurrencyCode: words,
  countryOfOriginCode: words,
  statisticsNumber: words,
  customsDescription: words,
  articleGroup: pair,
  articleCategory: pair,
  barCodeInfo: z
    .looseObject({
      barCode: words,
      barCodePackage: words,
      barCodePallet: words,
      alternativeBarCodes: z
        .array(z.looseObject({ barCode: words, quantityPerBarCode: number, barCodeType: pair }))
        .nullish(),
    })
    .nullish(),
  isStockArticle: z.boolean().nullish(),
  isActive: z.boolean().nullish(),
  structureDefinition: z
    .looseObject({
      articleKind: z.string().nullish(),
      rows: z.array(z.looseObject({ articleNumber: text, numberOfItems: z.coerce.number() })).nullish(),
    })
    .nullish(),
});

export const articleRoutes: Route[] = [
  { method: 'PUT', path: '/articles', handle: putArticle },
  {
    method: 'GET',
    path: '/articles',
    handle: (call) => ok(selected(call).map((article) => render(call, article))),
  },
  {
    method: 'GET',
    path: '/articles/inventoryPerWarehouse',
    handle: (call) => ok(selected(call).map((article) => renderPerWarehouse(call.warehouse, article))),
  },
  {
    method: 'GET',
    path: '/articles/structureDefinitions',
    handle: (call) => ok(structures(call).map((article) => renderStructure(call.warehouse, article))),
  },
  {
    method: 'GET',
    path: '/articles/{articleSystemId}/structureDefinition',
    handle: (call) => ok(renderStructure(call.warehouse, byId(call))),
  },
  { method: 'GET', path: '/articles/{articleSystemId}', handle: (call) => ok(render(call, byId(call))) },
  { method: 'PUT', path: '/articles/{articleSystemId}', handle: putById },
  {
    method: 'GET',
    path: '/articleItems',
    handle: (call) => ok(selected(call).map((article) => renderItems(call.goodsOwner, article))),
  },
];

const render = (call: Call, article: Article) => renderArticle(call.warehouse, call.goodsOwner, article);
const byId = (call: Call) => call.warehouse.articles.get(call.ids[0] ?? 0);

function structures(call: Call): Article[] {
  const kind = call.query.text('articleKind');
  if (kind === undefined) {
    throw new Refusal(400, 'The request is invalid.', {
      articleKind: ['The articleKind field is required.'],
    });
  }
  return selected(call).filter((article) => article.parts.length > 0 && kindOf(article) === kind);
}

function putArticle(call: Call): Answer {
  const body = checkBody(call, ArticleBody, ARTICLE_MEMBERS, ['goodsOwnerId', 'articleNumber']);
  const { article } = call.warehouse.articles.put(body.articleNumber, known(body, ARTICLE_MEMBERS));
  return answerTo(article);
}

function putById(call: Call): Answer {
  const { number } = byId(call);
  const body = checkBody(call, ArticleBody, ARTICLE_MEMBERS, ['goodsOwnerId', 'articleNumber']);
  return answerTo(call.warehouse.articles.put(number, known(body, ARTICLE_MEMBERS)).article);
}

export function answerTo(article: Article): Answer {
  const name = typeof article.fields.articleName === 'string' ? ` ${article.fields.articleName}` : '';
  return ok({ articleSystemId: article.id, message: `Article ${article.number}${name} Updated/Created` });
}

export function selected(call: Call): Article[] {
  const { query, warehouse } = call;
  const { articles, ground } = warehouse;
  const limit = query.int('maxArticlesToGet') ?? Infinity;
  const from = query.int('articleSystemIdFrom') ?? -Infinity;
  const wanted = filterOf(call);
  const changedFrom = query.time('stockInfoChangedFrom');
  if (changedFrom !== undefined && changedFrom < ground.clock.now() - STOCK_CURSOR_AGE_MAX_MS) {
    throw new Refusal(400, 'stockInfoChangedFrom must be within the last 24 hours.');
  }
  const changed = changedFrom === undefined ? undefined : new Set(articles.changes.since(changedFrom));
  const found: Article[] = [];
  for (const article of candidates(call, changed)) {
    if (found.length >= limit) break;
    if (article.id >= from && (!changed || changed.has(article.id)) && wanted(article)) found.push(article);
  }
  return found;
}

/** The smallest set that an index gives, in ascending order of ids. */
function candidates({ query, warehouse }: Call, changed: Set<number> | undefined): Iterable<Article> {
  const { articles } = warehouse;
  const numbers = query.texts('articleNumber', 'articleNumbers');
  if (numbers) {
    const found = new Set(
      numbers.map((number) => articles.find(number)).filter((article) => article !== undefined),
    );
    return [...found].toSorted((a, b) => a.id - b.id);
  }
  return changed ? [...changed].map((id) => articles.get(id)) : articles.all();
}

function filterOf({ query, warehouse }: Call): (article: Article) => boolean {
  const inStock = query.flag('onlyArticlesInStock');
  const dataFrom = query.time('articleDataLastUpdatedFrom');
  const nameContains = query.text('articleNameContains')?.toLowerCase();
  const barCodes = query.texts('barCodes');
  const productCodes = query.texts('productCode', 'productCodes');
  return (article) => {
    const { articleName, barCodeInfo, productCode } = article.fields;
    if (inStock && warehouse.articles.shownInventory(article).numberOfItems <= 0) return false;
    if (dataFrom !== undefined && article.dataUpdatedAt <= dataFrom) return false;
    if (
      nameContains &&
      !String(articleName ?? '')
        .toLowerCase()
        .includes(nameContains)
    )
      return false;
    if (barCodes && !barCodes.includes((barCodeInfo as { barCode?: string } | null)?.barCode ?? ''))
      return false;
    return !productCodes || productCodes.includes(String(productCode));
  };
}
