import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { commandsOf, type Command } from './control/commands.ts';
import { answer, type Request, routeOf } from './rest/api.ts';
import { Refusal } from './rest/refusal.ts';
import { WooShop, type WooShopOptions } from './woo-shop.ts';

export interface FakeOptions extends WooShopOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number | undefined;
  readonly host?: string | undefined;
}

export interface WooCommerceFake {
  /** The site's address, such as http://127.0.0.1:7500. */
  readonly url: string;
  /** For specs in this process, which play buyers and staff with it. */
  readonly shop: WooShop;
  close(): Promise<void>;
}

const PAGE =
  '<!DOCTYPE html><html><body><p>There has been a critical error on this website.</p></body></html>';

/** Starts a shop. Throws an error that says what to do where the port is taken. */
export async function startWooCommerce(options: FakeOptions = {}): Promise<WooCommerceFake> {
  const { port = 0, host = '127.0.0.1' } = options;
  const shop = new WooShop(options);
  const commands = commandsOf(shop);
  const server = createServer((request, response) => {
    serve(shop, commands, request, response).catch((error: unknown) => {
      console.error('The fake failed at a request:', error);
      if (!response.headersSent) send(response, 500, { message: 'The fake itself failed.' });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const taken = `Port ${port} on ${host} is taken. Stop what listens there, or choose another with --port.`;
      reject(error.code === 'EADDRINUSE' ? new Error(taken) : error);
    });
    server.listen(port, host, resolve);
  });
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  shop.home = `${url}/`;
  return {
    url,
    shop,
    close: async () => {
      shop.webhooks.stop();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(
  shop: WooShop,
  commands: Record<string, Command>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', shop.home);
  const asked: Request = {
    method: request.method ?? 'GET',
    url: url.href,
    authorization: request.headers.authorization,
    contentType: request.headers['content-type'],
    body: await text(request),
  };
  if (url.pathname.startsWith('/control/'))
    return control(commands, url.pathname.slice('/control/'.length), asked, response);
  if (!url.pathname.startsWith('/wp-json/')) return page(response, 404);
  const route = routeOf(asked)?.route;
  const fault = shop.faults.for(route ? `${route.method} ${route.path}` : '');
  if (fault && !fault.afterwards) return fail(fault.kind, request, response);
  const reply = answerOf(shop, asked);
  if (fault) return fail(fault.kind, request, response);
  send(response, reply.status, reply.body, reply.headers);
}

function answerOf(
  shop: WooShop,
  asked: Request,
): { status: number; body: unknown; headers?: Record<string, string> } {
  try {
    return { status: 200, ...answer(shop, asked) };
  } catch (error) {
    if (error instanceof Refusal) return { status: error.status, body: error.body };
    throw error;
  }
}

function fail(
  kind: 'error' | 'html' | 'drop' | 'hang',
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (kind === 'drop') request.socket.destroy();
  else if (kind === 'html') page(response, 500);
  else if (kind === 'error')
    send(response, 500, { code: 'internal_server_error', message: 'It failed.', data: { status: 500 } });
}

/** A foreign web page can make a browser send a form or plain text here, but not JSON. */
function control(
  commands: Record<string, Command>,
  name: string,
  { method, contentType, body }: Request,
  response: ServerResponse,
): void {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    const message = `There is no command ${name}. There are: ${Object.keys(commands).join(', ')}.`;
    return send(response, 404, { message });
  }
  if (method !== 'POST' || !contentType?.startsWith('application/json'))
    return send(response, 405, { message: 'Commands are POST requests with content-type application/json.' });
  try {
    const input = command.input.parse(JSON.parse(body || '{}')) as never;
    send(response, 200, command.run(input) ?? null);
  } catch (error) {
    send(response, 400, { message: error instanceof Error ? error.message : 'It failed.' });
  }
}

function page(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'text/html; charset=UTF-8' }).end(PAGE);
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response
    .writeHead(status, { 'content-type': 'application/json; charset=UTF-8', ...headers })
    .end(JSON.stringify(body));
}
