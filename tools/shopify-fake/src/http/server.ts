import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import type { commandsOf } from '../control.ts';
import type { Faults } from '../faults.ts';
import { Bucket } from '../graphql/bucket.ts';
import type { Context } from '../graphql/context.ts';
import { answerTo } from '../graphql/execute.ts';
import { ShopRefusal } from '../shop/world.ts';
import type { Access } from './access.ts';

const BODY_BYTES_MAX = 4 * 1024 * 1024;
const REST_BUCKET = 40;
const REST_PER_SECOND = 2;

export interface Site {
  readonly apiVersion: string;
  readonly access: Access;
  readonly context: Context;
  readonly bucket: Bucket;
  readonly faults: Faults;
  readonly commands: ReturnType<typeof commandsOf>;
}

const Question = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** The Admin API below /admin, and what tests and people may do below /control. */
export function createSite(site: Site): Server {
  const rest = new Bucket(REST_BUCKET, REST_PER_SECOND);
  const server = createServer((request, response) => {
    serve(site, rest, request, response).catch((error: unknown) => {
      if (!request.complete) return;
      console.error('The fake shop failed at a request:', error);
      json(response, 500, { errors: 'Internal Server Error' });
    });
  });
  server.keepAliveTimeout = 65_000;
  return server;
}

async function serve(
  site: Site,
  rest: Bucket,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { pathname } = new URL(request.url ?? '/', 'http://shop');
  const body = await bodyOf(request);
  if (pathname.startsWith('/control')) return control(site, pathname, request, body, response);
  if (site.faults.latencyMs > 0) await wait(site.faults.latencyMs);
  if (site.faults.strikes('fail', body)) return json(response, 500, { errors: 'Internal Server Error' });
  if (pathname === '/admin/oauth/access_token') {
    const granted = site.access.grant(new URLSearchParams(body));
    const refused = { error: 'invalid_client', error_description: 'Client authentication failed' };
    return json(response, granted ? 200 : 400, granted ?? refused);
  }
  const [, version, resource] = /^\/admin\/api\/([^/]+)\/(graphql|shop)\.json$/.exec(pathname) ?? [];
  if (!version || !/^(\d{4}-\d{2}|unstable)$/.test(version))
    return json(response, 404, { errors: 'Not Found' });
  response.setHeader('x-shopify-api-version', site.apiVersion);
  const token = request.headers['x-shopify-access-token'];
  if (!site.access.isKnown(typeof token === 'string' ? token : undefined)) {
    const text = '[API] Invalid API key or access token (unrecognized login or wrong password)';
    return json(response, 401, { errors: text });
  }
  if (resource === 'shop') return restShop(site, rest, response);
  return graphql(site, request, body, response);
}

async function graphql(site: Site, request: IncomingMessage, body: string, response: ServerResponse) {
  if (request.method !== 'POST') return json(response, 405, { errors: 'Method Not Allowed' });
  if (!request.headers['content-type']?.startsWith('application/json'))
    return json(response, 400, { errors: 'Bad Request: send application/json' });
  const question = Question.safeParse(parse(body));
  if (!question.success) return json(response, 400, { errors: 'Bad Request: no query' });
  const { query, variables, operationName } = question.data;
  const asked = {
    query,
    ...(variables && { variables }),
    ...(operationName && { operationName }),
  };
  const answer = answerTo(asked, site.context, site.bucket, site.faults.strikes('throttle', query));
  if (site.faults.strikes('dropAnswers', query)) return void request.socket.destroy();
  return json(response, 200, answer);
}

/** The legacy interface counts calls: 40 of them, 2 more a second. */
function restShop({ context }: Site, rest: Bucket, response: ServerResponse): void {
  const taken = rest.take(1);
  const { currentlyAvailable } = rest.status();
  response.setHeader('x-shopify-shop-api-call-limit', `${REST_BUCKET - currentlyAvailable}/${REST_BUCKET}`);
  if (taken) return json(response, 200, { shop: { myshopify_domain: context.world.domain } });
  response.setHeader('retry-after', '2.0');
  return json(response, 429, { errors: 'Exceeded 2 calls per second for api client.' });
}

function control(
  { commands }: Site,
  pathname: string,
  request: IncomingMessage,
  body: string,
  response: ServerResponse,
): void {
  const name = pathname.split('/')[2] ?? '';
  if (name === '') return json(response, 200, { commands: commands.names });
  // A foreign web page can make a browser send a form here, but not JSON.
  if (request.method !== 'POST' || !request.headers['content-type']?.startsWith('application/json'))
    return json(response, 405, { errors: 'Commands are POST requests with content-type application/json.' });
  try {
    return json(response, 200, commands.run(name, parse(body || '{}')));
  } catch (error) {
    if (error instanceof z.ZodError) return json(response, 422, { errors: z.prettifyError(error) });
    if (error instanceof ShopRefusal) return json(response, 422, { errors: error.message });
    throw error;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new Error(`The body is larger than ${BODY_BYTES_MAX} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
