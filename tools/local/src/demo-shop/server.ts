import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Faults } from './faults.ts';
import type { DemoModel } from './model.ts';
import type { DemoChange, DemoOrder, DemoWish } from './order.ts';
import { DemoRefusal } from './refusal.ts';
import { page, tables } from './page.ts';
import { callApi } from './rest.ts';
import type { SignedCalls } from './signed-calls.ts';

const BODY_BYTES_MAX = 100_000;

export interface ServerOptions {
  readonly model: DemoModel;
  readonly title: string;
  readonly kind: 'shop' | 'erp';
  readonly token: string;
  readonly faults: Faults;
  /** Without it the token alone is asked for. */
  readonly signedCalls?: SignedCalls;
  /** Sells as this shop does: by its own number, or by asking before. */
  readonly buy: (wish: DemoWish) => Promise<DemoOrder>;
  readonly claims: boolean;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly body: Record<string, unknown>;
}

export interface Answer {
  readonly status: number;
  readonly body?: unknown;
}

/** The shop's page for people, its tables, a way to buy for scripts, and its API for Samlast. */
export function demoServer(options: ServerOptions): Server {
  return createServer((request, response) => {
    handle(options, request, response).catch((error: unknown) => {
      const refusal = error instanceof DemoRefusal ? error : undefined;
      if (response.headersSent) response.destroy();
      else
        send(response, refusal?.status ?? 500, {
          message: refusal?.message ?? 'The demo shop failed.',
          ...refusal?.details,
        });
    });
  });
}

async function handle(options: ServerOptions, request: IncomingMessage, response: ServerResponse) {
  const { faults, model } = options;
  const url = new URL(request.url ?? '/', 'http://demo');
  const { pathname: path } = url;
  const method = request.method ?? 'GET';
  const isApi = /^\/(orders|stock|articles|purchase-orders|returns)(\/|$)/.test(path);
  if (isApi && faults.down) return request.socket.destroy();
  if (method === 'GET' && path === '/health') return send(response, 200, { ok: true });
  if (method === 'GET' && path === '/') {
    return sendHtml(
      response,
      page(model, { ...options, message: url.searchParams.get('message') ?? undefined }),
    );
  }
  if (method === 'GET' && path === '/tables') return sendHtml(response, tables(model, options.kind));
  if (isApi && !authorised(request, options.token))
    return send(response, 401, { message: 'Send "Authorization: Bearer <token>".' });
  const refusal = isApi ? faults.refusalOf(method, path) : undefined;
  if (refusal) return send(response, refusal.status, { message: refusal.message });
  const isForm = String(request.headers['content-type']).startsWith('application/x-www-form-urlencoded');
  const raw = await readBody(request);
  const asked: Asked = {
    method,
    path,
    query: url.searchParams,
    headers: request.headers,
    body: parseBody(raw, isForm),
  };
  if (isForm) return answerForm(options, asked, response);
  const perform = () => callApi(model, asked);
  const callShop = () => options.signedCalls?.take(asked, raw, perform) ?? perform();
  const answer = isApi ? callShop() : await callStory(options, asked);
  await faults.beforeAnswer();
  if (faults.drops(method, path)) return request.socket.destroy();
  send(response, answer.status, answer.body);
}

/** What a script or a test plays the buyer with. */
async function callStory(
  { model, kind, buy }: ServerOptions,
  { method, path, body }: Asked,
): Promise<Answer> {
  if (method === 'POST' && path === '/buy') {
    const lines = Array.isArray(body.lines)
      ? (body.lines as { article: string; quantity?: number }[])
      : [{ article: String(body.article), quantity: Number(body.quantity ?? 1) }];
    const whole = lines.map(({ article, quantity = 1 }) => ({ article, quantity }));
    if (!whole.every(({ quantity }) => Number.isInteger(quantity) && quantity > 0))
      return { status: 422, body: { message: 'quantity must be a whole number above 0.' } };
    const buyer = typeof body.buyer === 'string' ? { name: body.buyer } : (body.buyer as undefined);
    return { status: 201, body: await buy({ lines: whole, buyer }) };
  }
  if (method === 'POST' && path === '/cancel')
    return { status: 200, body: model.cancel(String(body.order), 'cancelled by the buyer') };
  if (method === 'POST' && path === '/change') {
    const { order, ...change } = body;
    return { status: 200, body: model.edit(String(order), change as DemoChange) };
  }
  if (method === 'POST' && path === '/order-goods' && kind === 'erp') {
    const lines = [{ article: String(body.article), quantity: Number(body.quantity ?? 1) }];
    const expectedOn = typeof body.expectedOn === 'string' ? body.expectedOn : undefined;
    return { status: 201, body: model.purchases.place({ lines, ...(expectedOn && { expectedOn }) }) };
  }
  if (method === 'GET' && path === '/admin/purchase-orders')
    return { status: 200, body: [...model.purchases.all.values()] };
  if (method === 'GET' && path === '/admin/orders') return { status: 200, body: [...model.orders.values()] };
  if (method === 'GET' && path === '/admin/stock') {
    const numbers = [...model.articles.keys()].map((article) => [article, model.stockOf(article)]);
    return { status: 200, body: { kind, stock: Object.fromEntries(numbers) } };
  }
  return { status: 404, body: { message: `There is no ${method} ${path} here.` } };
}

async function answerForm(
  { model, kind, buy }: ServerOptions,
  { path, body, headers }: Asked,
  response: ServerResponse,
) {
  // A page elsewhere must not order in somebody's name. Of a page without an address the browser says 'null'.
  const { origin } = headers;
  if (origin && (!URL.canParse(origin) || new URL(origin).host !== headers.host))
    return send(response, 403, { message: 'This form was sent from another site.' });
  let message: string;
  try {
    if (path === '/buy') {
      const quantity = Math.trunc(Number(body.quantity));
      if (!(quantity > 0)) throw new DemoRefusal('Give a quantity above 0.', 409);
      const order = await buy({ lines: [{ article: String(body.article), quantity }] });
      message = `Thank you: order ${order.number}.`;
    } else if (path === '/cancel') {
      message = `Order ${model.cancel(String(body.order), 'cancelled by the buyer').number} is cancelled.`;
    } else if (path === '/change') {
      message = `Order ${model.edit(String(body.order), changeOf(body)).number} is changed.`;
    } else if (path === '/return') {
      const order = model.find(String(body.order));
      const line = order.lines[0];
      const { number } = model.returns.announce(order, { line: line?.id ?? '', quantity: 1 });
      message = `Return ${number} is announced: the warehouse will expect a piece of order ${order.number}.`;
    } else if (path === '/order-goods' && kind === 'erp') {
      const lines = [{ article: String(body.article), quantity: Math.trunc(Number(body.quantity)) }];
      const { number } = model.purchases.place({ lines });
      message = `Purchase order ${number} is placed: the warehouse will expect the goods.`;
    } else if (path === '/cancel-purchase' && kind === 'erp') {
      message = `Purchase order ${model.purchases.cancel(String(body.purchase)).number} is cancelled.`;
    } else if (path === '/rename' && kind === 'erp') {
      const article = model.articles.get(String(body.article));
      if (!article) throw new DemoRefusal('There is no such article here.', 404);
      model.putArticle({ ...article, name: String(body.name).slice(0, 300) });
      message = `${article.number} is now called ${String(body.name)}.`;
    } else throw new DemoRefusal('There is no such form here.', 404);
  } catch (error) {
    if (!(error instanceof DemoRefusal)) throw error;
    message = error.message;
  }
  response.writeHead(303, { location: `/?message=${encodeURIComponent(message)}` }).end();
}

/** A form names a line's quantity `line-` and its id; what was left empty stays as it is. */
function changeOf(body: Record<string, unknown>): DemoChange {
  const lines = Object.entries(body)
    .filter(([name]) => name.startsWith('line-'))
    .map(([name, quantity]) => ({ id: name.slice('line-'.length), quantity: Number(quantity) }));
  const address1 = body.address ? { buyer: { address1: String(body.address).slice(0, 200) } } : {};
  return { lines, ...address1, ...(body.note ? { note: String(body.note).slice(0, 500) } : {}) };
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MAX) throw new DemoRefusal('That is too long.', 409);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function parseBody(raw: Buffer, isForm: boolean): Record<string, unknown> {
  const text = raw.toString('utf8');
  if (isForm) return Object.fromEntries(new URLSearchParams(text));
  if (text === '') return {};
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new DemoRefusal('The body is not JSON.', 409);
  }
}

const digest = (text: string) => createHash('sha256').update(text).digest();

function authorised(request: IncomingMessage, token: string): boolean {
  return timingSafeEqual(digest(request.headers.authorization ?? ''), digest(`Bearer ${token}`));
}

function send(response: ServerResponse, status: number, body?: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
    .end(body === undefined ? '' : JSON.stringify(body));
}

function sendHtml(response: ServerResponse, text: string): void {
  response
    .writeHead(200, {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      // With 'no-referrer' browsers hide where a form comes from even from the shop's own page.
      'referrer-policy': 'same-origin',
    })
    .end(text);
}
