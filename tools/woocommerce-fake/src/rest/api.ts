import { timingSafeEqual } from 'node:crypto';
import type { ApiKey, WooShop } from '../woo-shop.ts';
import type { Answer, Route } from './call.ts';
import { orderRoutes } from './order-routes.ts';
import { productRoutes } from './product-routes.ts';
import { Refusal } from './refusal.ts';
import { stockRoutes } from './stock-routes.ts';
import { webhookRoutes } from './webhook-routes.ts';

const routes = [...orderRoutes, ...productRoutes, ...stockRoutes, ...webhookRoutes];

export interface Request {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly contentType: string | undefined;
  readonly body: string;
}

/** Where a request leads: the route with its numbers, or undefined where there is none. */
export function routeOf({ method, url }: Request): { route: Route; ids: number[] } | undefined {
  const path = new URL(url).pathname.replace(/^\/wp-json\//, '').replace(/\/$/, '');
  const shape = path.replace(/(?<=\/)\d+(?=\/|$)/g, '#');
  const route = routes.find((one) => one.method === method && one.path === shape);
  const ids = path.split('/').flatMap((part) => (/^\d+$/.test(part) ? [Number(part)] : []));
  return route && { route, ids };
}

/** Answers a request below /wp-json/ as WordPress and WooCommerce would. Throws a Refusal. */
export function answer(shop: WooShop, request: Request): Answer {
  const found = routeOf(request);
  if (!found)
    throw new Refusal(404, 'rest_no_route', 'No route was found matching the URL and request method.');
  authenticate(shop.keys, request);
  const { searchParams: query } = new URL(request.url);
  const { body, ...rest } = found.route.answer({
    shop,
    ids: found.ids,
    query,
    url: request.url,
    body: parse(request),
  });
  return { ...rest, body: onlyFields(body, query.get('_fields')) };
}

/** The shop stands behind TLS, so it takes Basic; over plain HTTP WooCommerce wants OAuth 1.0a. */
function authenticate(keys: readonly ApiKey[], { method, authorization }: Request): void {
  const encoded = /^Basic (.+)$/i.exec(authorization ?? '')?.[1];
  const [key, secret = ''] = encoded ? Buffer.from(encoded, 'base64').toString('utf8').split(':') : [];
  const known = keys.find((one) => one.key === key);
  if (!known) {
    const [code, text] =
      method === 'GET'
        ? ['woocommerce_rest_cannot_view', 'Sorry, you cannot list resources.']
        : ['woocommerce_rest_cannot_edit', 'Sorry, you are not allowed to edit this resource.'];
    throw new Refusal(401, code, text);
  }
  if (!same(known.secret, secret))
    throw new Refusal(401, 'woocommerce_rest_authentication_error', 'Consumer secret is invalid.');
  const needed = method === 'GET' ? 'read' : 'write';
  if (!known.permissions.includes(needed)) {
    const text = `The API key provided does not have ${needed} permissions.`;
    throw new Refusal(401, 'woocommerce_rest_authentication_error', text);
  }
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function parse({ body, contentType }: Request): unknown {
  if (body === '' || !contentType?.startsWith('application/json')) return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw new Refusal(400, 'rest_invalid_json', 'Invalid JSON body passed.');
  }
}

/** `_fields` of WordPress: of each object only these members. */
function onlyFields(body: unknown, fields: string | null): unknown {
  if (!fields) return body;
  const names = new Set(fields.split(',').map((name) => name.trim()));
  const cut = (one: object) => Object.fromEntries(Object.entries(one).filter(([name]) => names.has(name)));
  return Array.isArray(body) ? body.map((one) => cut(one as object)) : cut(body as object);
}
