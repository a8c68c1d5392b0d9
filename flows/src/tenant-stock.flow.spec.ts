import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { certificate, eventually, freePort, type Identity } from '@samlast/test-stack';
import { nothingAside } from './testing/audit.ts';
import { World } from './testing/world.ts';

/** So rarely that what follows within seconds was not found by asking. */
const POLL_MS = 10_000;
const SOON_MS = 3_000;
const HOUR_MS = 3_600_000;
const ca = certificate('the CA of the warehouse');
const ongoing = certificate('hooks.ongoing.example', ca);
const stranger = certificate('hooks.ongoing.example', certificate('a CA of nobody'));
const folder = mkdtempSync(join(tmpdir(), 'samlast-flow-'));

function file(name: string, content: string): string {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
}

let world: World;
let tlsPort: number;
const senders: Server[] = [];

beforeAll(async () => {
  tlsPort = await freePort();
  const ours = certificate('gateway.example', ca);
  world = await World.start({
    pieces: { TEE: 40, CAP: 40, OLD: 9 },
    gatewayEnv: {
      STOCK_POLL_MS: String(POLL_MS),
      ORDER_POLL_MS: String(POLL_MS),
      ARTICLE_POLL_MS: '1000',
      RETRY_MAX_MS: '1000',
      WMS_SETTLE_MS: '500',
      WEBHOOK_TOKEN: '',
      WEBHOOK_TLS_PORT: String(tlsPort),
      WEBHOOK_TLS_CERT_FILE: file('cert.pem', ours.cert),
      WEBHOOK_TLS_KEY_FILE: file('key.pem', ours.key),
      WEBHOOK_CLIENT_CA_FILE: file('ca.pem', ca.cert),
      WEBHOOK_CLIENT_NAME: ongoing.name,
    },
  });
  // What Ongoing sells with its figures is up to so long behind what it has answered.
  await world.control.knobs({ stockLagMs: 300 });
});
afterAll(async () => {
  for (const sender of senders) sender.close();
  await world?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function bodyOf(message: IncomingMessage): Promise<string> {
  let body = '';
  for await (const part of message) body += String(part);
  return body;
}

/** Sends one on over TLS as its owner of the certificate; 502 where the connection does not come about. */
function forward(body: string, { cert, key }: Identity): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port: tlsPort,
        path: '/webhooks/ongoing',
        method: 'POST',
        agent: false,
        ca: ca.cert,
        cert,
        key,
        headers: { 'content-type': 'application/json' },
      },
      (answer) => resolve(answer.resume().statusCode ?? 502),
    );
    sent.once('error', () => resolve(502));
    sent.end(body);
  });
}

/** The simulator sends plain HTTP; this carries it over mutual TLS, as Ongoing itself would send it. */
async function webhooksAs(identity: Identity): Promise<void> {
  const sender = createServer(async (from, to) =>
    to.writeHead(await forward(await bodyOf(from), identity)).end(),
  );
  senders.push(sender);
  await new Promise<void>((resolve) => sender.listen(0, '127.0.0.1', resolve));
  const { port } = sender.address() as AddressInfo;
  await world.control.webhooks({
    hooks: [{ url: `http://127.0.0.1:${port}/`, auth: { kind: 'none' }, retry: 'none' }],
  });
}

const answers = async (since: number) =>
  (await world.control.deliveries()).slice(since).map(({ result }) => result);

describe('webhooks over mutual TLS', () => {
  it('from whom the CA has made out a certificate to bring a change to all shops in about a second', async () => {
    await webhooksAs(ongoing);
    const before = await world.sellable('TEE');
    await world.control.typeIn({ number: 'PHONE-1', lines: [{ article: 'TEE', quantity: 2 }] });
    await world.allShow('TEE', before - 2, SOON_MS);
    expect(new Set(await answers(0))).toEqual(new Set([204]));
  });

  it('from anybody else are refused, and say so once polling has found what they should have told', async () => {
    await webhooksAs(stranger);
    const since = (await world.control.deliveries()).length;
    const before = await world.sellable('TEE');
    await world.control.typeIn({ number: 'PHONE-2', lines: [{ article: 'TEE', quantity: 1 }] });
    await world.allShow('TEE', before - 1, 3 * POLL_MS);
    expect(new Set(await answers(since))).toEqual(new Set([502]));
    const untold = () =>
      world.system.database.query(
        `SELECT 1 FROM wms_gateway.sightings WHERE number = 'PHONE-2' AND untold_since IS NOT NULL`,
      );
    await eventually(async () => (await untold()).length > 0, { withinMs: 3 * POLL_MS });
    // As if a quarter of an hour had gone by since; what is late is counted every minute, and at the start.
    await world.system.database.query(
      `UPDATE wms_gateway.sightings SET polled_at = polled_at - interval '16 min', untold_since = untold_since - interval '16 min'
       WHERE number = 'PHONE-2'`,
    );
    await world.system.killAndRestart('wms-gateway');
    await eventually(
      async () => {
        const { gaps, advice } = await world.system.ask<{ gaps: object[]; advice: string[] }>(
          'wms-gateway',
          '/ops/webhooks',
        );
        expect(gaps).toContainEqual(expect.objectContaining({ kind: 'order', side: 'untold', status: 200 }));
        expect(advice).toContainEqual(
          expect.stringMatching(/^Ongoing's webhook does not tell of all orders: .* PHONE-2,/),
        );
        return true;
      },
      { withinMs: 90_000 },
    );
  });
});

const shopsShow = (article: string, number: number) =>
  eventually(
    async () => {
      const { SE, EU, ERP } = await world.shown(article);
      expect([SE, EU, ERP]).toEqual([number, number, number]);
      return true;
    },
    { withinMs: 3 * POLL_MS },
  );

describe('articles of the warehouse', () => {
  it('that are set inactive there, or are not stocked, are for sale in no shop until they are again', async () => {
    for (const trait of ['isActive', 'isStockArticle'] as const) {
      await world.control.seed({ articles: [{ number: 'OLD', [trait]: false }] });
      await shopsShow('OLD', 0);
      await world.control.seed({ articles: [{ number: 'OLD', [trait]: true }] });
      await shopsShow('OLD', 9);
    }
  });
});

/** What no read of the warehouse is known to have in it yet. */
const reserved = async (article: string) =>
  (await world.system.ask<{ reserved: string }>('stock-authority', `/ops/articles/${article}`)).reserved;

/** On a busy machine a channel can be some levels behind, and shows those one after the other. */
async function erpShowsNewest(article: string): Promise<boolean> {
  const [row] = await world.system.database.query<{ newest: boolean }>(
    `SELECT shown_version = articles.version AS newest FROM stock_authority.articles
     JOIN channel_erp.shelves ON article = number WHERE number = $1`,
    [article],
  );
  return row?.newest === true;
}

describe('figures that lag behind what was answered', () => {
  it('are not read as pieces that have come back: no shop shows again what it has counted as sold', async () => {
    await webhooksAs(ongoing);
    const before = await world.sellable('CAP');
    let most = before;
    const over: number[] = [];
    const shown = () => {
      const number = world.shops.ERP.model.stockOf('CAP');
      if (number > most) over.push(number);
      return number;
    };
    for (let sold = 1; sold <= 6; sold++) {
      const code = sold % 2 === 0 ? 'SE' : 'EU';
      const number = `${world.buy(code, 'CAP').number}-${code}`;
      await eventually(() => shown() <= before - sold);
      most = before - sold;
      await eventually(async () => shown() <= most && (await world.inWarehouse(number)), { everyMs: 10 });
      // A read in which an order may be or not is taken for one without it, so a shop may show less for a while. The
      // next fall is that of the next order only once a read is known to have this one, and the shop shows that.
      await eventually(
        async () => (await reserved('CAP')) === '0' && (await erpShowsNewest('CAP')) && shown() === most,
        { withinMs: 2 * POLL_MS, everyMs: 10 },
      );
    }
    expect(over).toEqual([]);
  });
});

describe('a warehouse that was away for longer than the day that it remembers changes', () => {
  it('is read whole, and has all orders once that were decided meanwhile', async () => {
    const { warehouse } = world.system.between;
    const before = await world.sellable('TEE');
    const sweeps = async () => {
      const metrics = await world.system.ask<string>('wms-gateway', '/metrics');
      return Number(/^stock_reads_total\{way="sweep".*?\} (\d+)/m.exec(metrics)?.[1] ?? 0);
    };
    const sweptBefore = await sweeps();
    warehouse.cut();
    const sold = (['SE', 'EU', 'SE', 'EU'] as const).map(
      (code) => `${world.buy(code, 'TEE').number}-${code}`,
    );
    await eventually(async () => (await world.shown('TEE')).ERP === before - 4);
    // Its people count, and a day goes by.
    await world.control.adjust({ article: 'TEE', quantity: -3 });
    await world.control.adjust({ article: 'CAP', quantity: 5 });
    await world.control.clock({ advanceMs: 25 * HOUR_MS });
    warehouse.resume();
    for (const number of sold)
      expect(await world.arrived(number, 40_000)).toMatchObject({ puts: { done: 1 } });
    await world.allShow('TEE', before - 7, 60_000);
    await world.settled();
    await eventually(async () => (await sweeps()) > sweptBefore);
    await nothingAside(world);
  });
});
