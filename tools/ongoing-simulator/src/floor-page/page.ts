import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Warehouse } from '../warehouse/warehouse.ts';
import { renderLive, renderPage } from './render.ts';

const ASSETS: Record<string, { type: string; body: string }> = {
  '/floor.js': { type: 'text/javascript', body: asset('floor.client.js') },
  '/floor.css': { type: 'text/css', body: asset('floor.css') },
};

const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
};

/** Serves the floor where a person plays the warehouse; answers false for any other address. */
export function servePage(
  warehouse: Warehouse,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  if (request.method !== 'GET') return false;
  const send = (type: string, body: string) => {
    response.writeHead(200, { ...HEADERS, 'content-type': `${type}; charset=utf-8` });
    response.end(body);
    return true;
  };
  const found = ASSETS[url.pathname];
  if (found) return send(found.type, found.body);
  const view = { search: url.searchParams.get('search') ?? '', all: url.searchParams.get('all') === 'on' };
  if (url.pathname === '/') return send('text/html', renderPage(warehouse, view).text);
  if (url.pathname !== '/floor') return false;
  const version = String(warehouse.ground.version);
  response.setHeader('x-version', version);
  if (url.searchParams.get('version') !== version) return send('text/html', renderLive(warehouse, view).text);
  response.writeHead(204, HEADERS);
  response.end();
  return true;
}

function asset(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}
