import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { certificate } from '@samlast/test-stack';
import { HttpTransport } from './http-transport.ts';
import type { TransportRequest } from './transport.ts';

const open: { server: Server; transport: HttpTransport }[] = [];
afterEach(async () => {
  for (const { server, transport } of open.splice(0)) {
    transport.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(listener: RequestListener, scheme = 'http') {
  const ca = certificate('a CA');
  const { cert, key } = certificate('warehouse.test', ca);
  const server = scheme === 'http' ? createServer(listener) : createSecureServer({ cert, key }, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const transport = new HttpTransport({ ca: ca.cert });
  open.push({ server, transport });
  const { port } = server.address() as AddressInfo;
  const send = (rest: Partial<TransportRequest> = {}) =>
    transport.send({
      method: 'GET',
      url: new URL(`${scheme}://127.0.0.1:${port}/`),
      headers: {},
      timeoutMs: 5000,
      maxResponseBytes: 1000,
      ...rest,
    });
  return { server, send };
}

describe('the HTTP transport', () => {
  it('keeps its connection for the next request', async () => {
    const ports = new Set<number | undefined>();
    const { send } = await serve((request, response) => {
      ports.add(request.socket.remotePort);
      response.end('ok');
    });
    expect((await send()).body).toBe('ok');
    expect((await send({ method: 'PUT', body: 'å' })).status).toBe(200);
    expect(ports.size).toBe(1);
  });

  it('repeats a read whose kept connection was closed under it, and never a write', async () => {
    let requests = 0;
    const { send } = await serve((request, response) => {
      requests++;
      // Each connection serves one request and is cut at the second.
      const socket = request.socket as typeof request.socket & { used?: boolean };
      if (socket.used) socket.resetAndDestroy();
      else response.end('ok');
      socket.used = true;
    });
    await send();
    expect((await send()).body).toBe('ok');
    expect(requests).toBe(3);
    await expect(send({ method: 'PUT', body: '{}' })).rejects.toMatchObject({
      kind: 'connection',
      sent: true,
    });
    expect(requests).toBe(4);
  });

  it('asks once more whether a request may leave when its connection is there', async () => {
    let requests = 0;
    const { send } = await serve((_request, response) => {
      requests++;
      response.end('ok');
    });
    let isConnecting = true;
    const refused = send({ method: 'PUT', body: '{}', mayLeave: () => isConnecting });
    isConnecting = false;
    await expect(refused).rejects.toMatchObject({ kind: 'aborted', code: 'FENCED', sent: false });
    expect(requests).toBe(0);
    // On a kept connection too.
    expect((await send({ method: 'PUT', body: '{}', mayLeave: () => true })).body).toBe('ok');
    await expect(send({ method: 'PUT', body: '{}', mayLeave: () => false })).rejects.toMatchObject({
      code: 'FENCED',
    });
    expect(requests).toBe(1);
  });

  it.each(['http', 'https'])(
    'lets a request that waits have the connection of another one: %s',
    async (scheme) => {
      const { send } = await serve((_request, response) => response.end('ok'), scheme);
      const answers = await Promise.all(Array.from({ length: 20 }, () => send()));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      expect((await send({ method: 'PUT', body: '{}', mayLeave: () => true })).body).toBe('ok');
    },
  );

  it('gives up an answer that is too large', async () => {
    const { send } = await serve((_request, response) => response.end('x'.repeat(1001)));
    await expect(send()).rejects.toMatchObject({ kind: 'too-large' });
  });

  it('gives up an answer that does not end in time, and one that is cut', async () => {
    const { send } = await serve((request, response) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('half', () => {
        if (request.method === 'PUT') request.socket.destroy();
      });
    });
    await expect(send({ timeoutMs: 30 })).rejects.toMatchObject({ kind: 'timeout', sent: true });
    await expect(send({ method: 'PUT' })).rejects.toMatchObject({ kind: 'connection', sent: true });
  });

  it('has sent nothing to a server whose certificate it does not trust', async () => {
    const { server } = await serve((_request, response) => response.end('ok'), 'https');
    const { port } = server.address() as AddressInfo;
    const stranger = new HttpTransport();
    const request = { method: 'PUT', headers: {}, timeoutMs: 5_000, maxResponseBytes: 1_000 } as const;
    const sent = stranger.send({ ...request, url: new URL(`https://127.0.0.1:${port}/`) });
    await expect(sent).rejects.toMatchObject({ kind: 'connection', sent: false });
  });

  it('does not send what was called off before', async () => {
    let requests = 0;
    const { send } = await serve((_request, response) => {
      requests++;
      response.end();
    });
    await expect(send({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      kind: 'aborted',
      sent: false,
    });
    expect(requests).toBe(0);
  });
});
