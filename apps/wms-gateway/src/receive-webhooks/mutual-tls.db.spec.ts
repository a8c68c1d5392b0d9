import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RunningService } from '@samlast/service';
import { certificate, type Identity } from '@samlast/test-stack';
import { setStage, type Stage } from '../testing/stage.ts';
import { TlsListener } from './tls-listener.ts';

const ca = certificate('the CA of the warehouse');
const otherCa = certificate('a CA of nobody');
const ours = certificate('gateway.example', ca);
const ongoing = certificate('hooks.ongoing.example', ca);
const stranger = certificate('hooks.ongoing.example', otherCa);
const neighbour = certificate('another.example', ca);

let stage: Stage;
let gateway: RunningService;
let folder: string;

beforeAll(async () => {
  stage = await setStage();
  folder = mkdtempSync(join(tmpdir(), 'samlast-certificates-'));
  const file = (name: string, content: string) => {
    writeFileSync(join(folder, name), content);
    return join(folder, name);
  };
  gateway = await stage.gateway({
    WEBHOOK_TOKEN: '',
    WEBHOOK_TLS_PORT: '0',
    WEBHOOK_TLS_CERT_FILE: file('cert.pem', ours.cert),
    WEBHOOK_TLS_KEY_FILE: file('key.pem', ours.key),
    WEBHOOK_CLIENT_CA_FILE: file('ca.pem', ca.cert),
    WEBHOOK_CLIENT_NAME: ongoing.name,
    WEBHOOK_CLIENT_HEADER: 'X-Client-Verify: SUCCESS',
  });
});
afterAll(async () => {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
});

let eventId = 0;
const body = () => JSON.stringify({ webhookEventId: ++eventId, goodsOwnerId: 41, orderId: 61_007 });

/** The answer's status, or how the connection failed. */
function send(by?: Pick<Identity, 'cert' | 'key'>, path = '/webhooks/ongoing'): Promise<number | string> {
  const { port } = gateway.app.get(TlsListener);
  const secrets = { ca: ca.cert, ...(by && { cert: by.cert, key: by.key }) };
  return new Promise((resolve) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method: 'POST',
        agent: false,
        ...secrets,
        headers: { 'content-type': 'application/json' },
      },
      (response) => {
        response.resume();
        response.once('end', () => resolve(response.statusCode ?? 0));
      },
    );
    sent.once('error', (error: Error & { code?: string }) => resolve(error.code ?? error.message));
    sent.end(body());
  });
}

const events = async () => (await stage.database.query('SELECT id FROM wms_gateway.webhook_events')).length;

describe('a webhook over mutual TLS', () => {
  it('is taken from whom the CA has made out a certificate to, under the name that is asked for', async () => {
    const before = await events();
    expect(await send(ongoing)).toBe(204);
    expect(await events()).toBe(before + 1);
    expect(await send(neighbour)).toBe(401);
    expect(await events()).toBe(before + 1);
  });

  it('does not come in without a certificate, nor with one of another CA', async () => {
    const before = await events();
    expect(await send()).toMatch(/CERTIFICATE_REQUIRED|ECONNRESET|EPIPE/);
    expect(await send({ cert: stranger.cert, key: stranger.key })).toMatch(
      /ALERT|ECONNRESET|EPIPE|UNKNOWN_CA/,
    );
    expect(await events()).toBe(before);
  });

  it('finds nothing else of the service there', async () => {
    expect(await send(ongoing, '/ops/orders/1-SE/retry')).toBe(404);
  });
});

describe('a webhook whose certificate a proxy has looked at', () => {
  const viaProxy = (headers: Record<string, string>) =>
    fetch(`${gateway.url}/webhooks/ongoing`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: body(),
    });

  it('is taken with the header that was agreed on, and with no other one', async () => {
    expect((await viaProxy({ 'x-client-verify': 'SUCCESS' })).status).toBe(204);
    for (const [name, value] of [
      ['x-client-verify', 'FAILED'],
      ['x-other', 'SUCCESS'],
    ] as const) {
      const answer = await viaProxy({ [name]: value });
      expect(answer.status).toBe(401);
      expect(await answer.text()).toContain('client certificate');
    }
  });
});
