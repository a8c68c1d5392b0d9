import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Log } from '@samlast/service';
import { type ShopFailure, ShopRefused, ShopUnavailable } from './shop-errors.ts';
import { ShopHttp } from './shop-http.ts';

describe('calls to a shop', () => {
  let server: Server;
  let url: string;
  const asked = new Map<string, number>();

  beforeAll(async () => {
    server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? '', 'http://shop');
      const status = Number(/\/status\/(\d+)/.exec(pathname)?.[1] ?? 200);
      const headers: Record<string, string> = { 'retry-after': '7' };
      if (status === 302) headers.location = `${url}/api/elsewhere`;
      const times = (asked.get(pathname) ?? 0) + 1;
      asked.set(pathname, times);
      if (pathname.endsWith('/silent')) return;
      if (pathname.includes('/chance/') && times < 3) {
        if (pathname.endsWith('/drop')) request.socket.destroy();
        else response.writeHead(pathname.endsWith('/500') ? 500 : 200).end('<html>');
        return;
      }
      response.writeHead(status, headers);
      if (pathname.endsWith('/html')) response.end('<html>');
      else if (pathname.endsWith('/long')) response.end(JSON.stringify('x'.repeat(10_000)));
      else response.end(JSON.stringify({ path: pathname, query: [...searchParams], message: 'as it says' }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const shop = (settings: object = {}) =>
    new ShopHttp({ url: `${url}/api`, timeoutMs: 300, bodyBytesMax: 5_000, ...settings });

  it('go below the address of the shop, with what is asked', async () => {
    const { body } = await shop().request({
      path: 'stock',
      query: { article: ['A', 'B/1'], after: undefined },
    });
    expect(body).toMatchObject({ path: '/api/stock', query: [['article', 'A'], ['article', 'B/1']] }); // prettier-ignore
  });

  it.each(['../secret', 'orders/..', 'orders/%2e%2e/x', '/other', 'http://169.254.169.254/latest'])(
    'do not go to %s',
    async (path) => {
      await expect(shop().request({ path })).rejects.toThrow(ShopRefused);
    },
  );

  it('follow no redirect', async () => {
    await expect(shop().request({ path: 'status/302' })).rejects.toThrow(/answered 302/);
  });

  it.each([401, 429, 503])('are tried again after %s, when the shop says', async (status) => {
    const failed = await shop().request({ path: `status/${status}` }).catch((error: unknown) => error); // prettier-ignore
    expect(failed).toBeInstanceOf(ShopUnavailable);
    expect(failed).toMatchObject({ retryAfterMs: 7_000, inFull: expect.stringContaining('as it says') });
  });

  it.each([400, 404, 409, 422])('are refused for good by %s, unless it is an answer', async (status) => {
    await expect(shop().request({ path: `status/${status}` })).rejects.toThrow(ShopRefused);
    expect(await shop().request({ path: `status/${status}`, accept: [status] })).toMatchObject({ status });
  });

  it.each([422, 503])('keep what the shop says to %s out of whatever prints errors', async (status) => {
    const failed = await shop().request({ path: `status/${status}` }).catch((error: unknown) => error); // prettier-ignore
    const log: string[] = [];
    new Log('spec', 'debug', { write: (line) => void log.push(line) }).error('failed', { error: failed });
    for (const text of [String(failed), inspect(failed), JSON.stringify(failed), ...log])
      expect(text).not.toContain('as it says');
    expect((failed as ShopFailure).inFull).toBe(
      `The shop answered ${status} to GET status/${status}. It says: as it says`,
    );
    expect(log.join()).toContain(`The shop answered ${status}`);
  });

  it('are tried again when no answer comes, or one that is not JSON', async () => {
    await expect(shop().request({ path: 'silent' })).rejects.toThrow(ShopUnavailable);
    await expect(shop().request({ path: 'html' })).rejects.toThrow(/not JSON/);
    await expect(shop({ url: 'http://127.0.0.1:1' }).request({ path: 'a' })).rejects.toThrow(ShopUnavailable);
  });

  it.each([
    ['a GET', { method: 'GET' as const }, 3],
    ['a POST that only reads', { method: 'POST' as const, body: {}, readsOnly: true }, 3],
    ['a POST', { method: 'POST' as const, body: {} }, 1],
  ])('ask %s that failed by chance %s', async (_what, request, tries) => {
    for (const path of ['chance/500', 'chance/page', 'chance/drop']) {
      asked.clear();
      const answer = await shop().request({ ...request, path }).catch((error: unknown) => error); // prettier-ignore
      if (tries === 1) expect(answer).toBeInstanceOf(ShopUnavailable);
      else expect(answer).toMatchObject({ status: 200, body: { path: `/api/${path}` } });
      expect([...asked.values()]).toEqual([tries]);
    }
  });

  it('are not repeated where the shop says when to come again, lets nobody in or is slow', async () => {
    for (const path of ['status/503', 'status/403', 'silent']) {
      asked.clear();
      await expect(shop().request({ path })).rejects.toThrow(ShopUnavailable);
      expect([...asked.values()]).toEqual([1]);
    }
  });

  it('take no answer that is too long', async () => {
    await expect(shop().request({ path: 'long' })).rejects.toThrow(/longer than 5000 bytes/);
  });

  it('are not more than the shop allows in a second', async () => {
    const slow = shop({ perSecond: 20, timeoutMs: 10_000 });
    const started = performance.now();
    await Promise.all(Array.from({ length: 30 }, () => slow.request({ path: 'a', accept: [404] })));
    // Twenty at once, the other ten one in 50 ms.
    expect(performance.now() - started).toBeGreaterThan(400);
  });
});
