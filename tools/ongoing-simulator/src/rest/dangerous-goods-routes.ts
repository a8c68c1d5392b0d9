import { z } from 'zod';
import type { Article } from '../warehouse/model.ts';
import { Refusal } from '../warehouse/refusal.ts';
import { answerTo, selected } from './article-routes.ts';
import { checkBody, decimal, known, refuseUnknown, text } from './body.ts';
import { DANGEROUS_MEMBERS, renderDangerousGoods } from './render-article.ts';
import { ok, type Answer, type Call, type Route } from './route.ts';

const words = z.string().nullish();
const number = decimal.nullish();
const Dangers = z.looseObject({
  unNumber: text,
  unPackageType: words,
  unLabelNumbers: words,
  unIsMarineHazard: z.boolean().optional(),
  dangerousGoodsCoefficient: number,
  emsCode: words,
  flashPoint: number,
  unProperShippingNames: z.array(z.looseObject({ languageCode: words, name: words })).nullish(),
});
const ByNumber = z.looseObject({ goodsOwnerId: z.int(), articleNumber: text, dangerousGoods: Dangers });

/** Dangerous goods have calls of their own: they are in no other answer about an article. */
export const dangerousGoodsRoutes: Route[] = [
  {
    method: 'GET',
    path: '/articles/dangerousGoods',
    handle: (call) => ok(selected(call).map(renderDangerousGoods)),
  },
  { method: 'PUT', path: '/articles/dangerousGoods', handle: putByNumber },
  {
    method: 'GET',
    path: '/articles/{articleSystemId}/dangerousGoods',
    handle: (call) => ok(renderDangerousGoods(byId(call))),
  },
  { method: 'PUT', path: '/articles/{articleSystemId}/dangerousGoods', handle: putById },
];

const byId = (call: Call) => call.warehouse.articles.get(call.ids[0] ?? 0);

function putByNumber(call: Call): Answer {
  const keys = ['goodsOwnerId', 'articleNumber', 'dangerousGoods'];
  const { articleNumber, dangerousGoods } = checkBody(call, ByNumber, [], keys);
  if (call.warehouse.ground.knobs.rejectUnknownKeys)
    refuseUnknown(dangerousGoods, DANGEROUS_MEMBERS, 'dangerousGoods.');
  const article = call.warehouse.articles.find(articleNumber);
  if (!article) throw new Refusal(400, `There is no article ${articleNumber}.`);
  return set(call, article, dangerousGoods);
}

function putById(call: Call): Answer {
  return set(call, byId(call), checkBody(call, Dangers, DANGEROUS_MEMBERS, []));
}

function set(call: Call, article: Article, body: object): Answer {
  call.warehouse.articles.setDangerousGoods(article, known(body, DANGEROUS_MEMBERS));
  return answerTo(article);
}
