import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Command } from '../control/command.ts';
import { runCommand } from '../control/control.ts';
import type { Simulation } from '../simulation.ts';
import { Refusal } from '../warehouse/refusal.ts';

const BODY_BYTES_MAX = 20 * 1024 * 1024;

export interface Site {
  simulation: Simulation;
  commands: Record<string, Command>;
  /** The path segment of this warehouse, compared without case. */
  warehouseName: string;
  page: (url: URL, request: IncomingMessage, response: ServerResponse) => boolean;
}

/**
 * One server for three visitors: integrations under /<warehouse>/api/v1, tests under /control, people on /.
 */
export function createSite(site: Site): Server {
  const server = createServer((request, response) => {
    // All times come from the simulated clock, this header too: clients take the server's clock from it.
    response.sendDate = false;
    response.setHeader('date', new Date(site.simulation.warehouse.ground.clock.now()).toUTCString());
    serve(site, request, response).catch((error: unknown) => {
      const refusal = error instanceof Refusal ? error : undefined;
      // A client that leaves within its request is no fault of ours.
      if (!request.complete && !refusal) return;
      if (!refusal) console.error('The simulator failed at a request:', error);
      json(response, refusal?.status ?? 500, {
        message: refusal?.message ?? 'The simulator itself failed; its output says where.',
        ...(refusal?.fields ? { modelState: refusal.fields } : {}),
      });
    });
  });
  server.keepAliveTimeout = 65_000;
  return server;
}

async function serve(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://simulator');
  const api = apiPath(url.pathname, site.warehouseName);
  if (api !== undefined) return serveApi(site, url, api, request, response);
  if (url.pathname.startsWith('/control')) return serveControl(site, url, request, response);
  if (!site.page(url, request, response))
    json(response, 404, { message: `There is nothing at ${url.pathname}.` });
}

function apiPath(pathname: string, warehouse: string): string | undefined {
  const prefix = `/${warehouse}/api/v1/`;
  return pathname.toLowerCase().startsWith(prefix.toLowerCase())
    ? pathname.slice(prefix.length - 1)
    : undefined;
}

async function serveApi(
  site: Site,
  url: URL,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const body = await bodyOf(request);
  const reply = await site.simulation.api.handle({
    method: request.method ?? 'GET',
    path: path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path,
    parameters: url.searchParams,
    authorization: request.headers.authorization,
    fetchMode: request.headers['sec-fetch-mode']?.toString(),
    body,
  });
  if (reply.kind === 'drop') request.socket.destroy();
  if (reply.kind !== 'answer') return;
  if (reply.retryAfter !== undefined) response.setHeader('retry-after', reply.retryAfter);
  response.writeHead(reply.status, { 'content-type': reply.contentType });
  response.end(reply.body);
}

async function serveControl(
  site: Site,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const name = url.pathname.split('/')[2] ?? '';
  if (name === '') return json(response, 200, { commands: Object.keys(site.commands) });
  // A foreign web page can make a browser send a form or plain text here, but not JSON: that needs a consent
  // nobody gives.
  if (request.method !== 'POST' || !request.headers['content-type']?.startsWith('application/json')) {
    throw new Refusal(405, 'Commands are POST requests with content-type application/json.');
  }
  let input: unknown;
  try {
    input = JSON.parse((await bodyOf(request)) || '{}');
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(400, 'The body is not JSON.');
  }
  json(response, 200, (await runCommand(site.commands, name, input)) ?? null);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new Refusal(413, `The body is larger than ${BODY_BYTES_MAX} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function json(response: ServerResponse, status: number, body: unknown): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(body));
}
