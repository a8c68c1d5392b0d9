import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { OrderPlaced, OrderShort } from '@samlast/contracts';
import { ConfigurationError, readConfig } from '@samlast/service';
import { eventually } from '@samlast/test-stack';
import { service } from './service.ts';
import { orderOf } from './testing/messages.ts';
import { PASSWORD, runningConsole } from './testing/running-console.ts';

const AT = '2026-11-24T09:00:00.000Z';

describe('the console', () => {
  let stage: Awaited<ReturnType<typeof runningConsole>>;
  let cookie: string;

  beforeAll(async () => {
    stage = await runningConsole();
    cookie = await signIn();
  });
  afterAll(() => stage.stop());
  beforeEach(() => {
    stage.authority.commands.length = 0;
  });

  const call = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    fetch(`${stage.url}${path}`, {
      method,
      headers: {
        origin: stage.url,
        ...(cookie && { cookie }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  async function signIn(): Promise<string> {
    const response = await call('POST', '/api/session', { password: PASSWORD });
    expect(response.status).toBe(200);
    return response.headers.get('set-cookie')?.split(';')[0] ?? '';
  }
  const json = async (path: string) => (await call('GET', path)).json() as Promise<Record<string, unknown>>;
  const authored = { author: 'Eva', reason: 'the customer waits' };

  async function hold(number: string): Promise<void> {
    const order = orderOf(number);
    const shortages = [{ article: 'KETTLE', reason: 'stock' as const, wanted: '2', missing: '1' }];
    const ref = { number, channel: order.channel, revision: 1 };
    await stage.publish(OrderPlaced.of(order), OrderShort.of({ ...ref, outcome: 'held', shortages }));
    await eventually(async () => (await json(`/api/orders/${number}`)).state === 'held');
  }

  it.each([
    ['GET', '/api/overview'],
    ['GET', '/api/orders'],
    ['GET', '/api/orders/5178-SE'],
    ['GET', '/api/articles'],
    ['GET', '/api/articles/KETTLE'],
    ['GET', '/api/held'],
    ['GET', '/api/dead-letters'],
    ['GET', '/api/services'],
    ['GET', '/api/foreign-orders'],
    ['GET', '/api/stock'],
    ['GET', '/api/catalogue'],
    ['GET', '/api/catalogue/KETTLE'],
    ['POST', '/api/catalogue/KETTLE/write'],
    ['POST', '/api/stock/gate/accept'],
    ['POST', '/api/stock/gate/discard'],
    ['POST', '/api/stock/leases/SE/give-up'],
    ['GET', '/api/live'],
    ['GET', '/api/channel-lists'],
    ['GET', '/api/channel-lists/told/SE/5178-SE'],
    ['POST', '/api/channel-lists/channel-eu/orders/1/retry'],
    ['POST', '/api/channel-lists/channel-eu/orders/1/settle'],
    ['POST', '/api/channel-lists/channel-eu/calls/1/retry'],
    ['POST', '/api/channel-lists/channel-eu/calls/1/discard'],
    ['POST', '/api/orders/5178-SE/release'],
    ['POST', '/api/orders/5178-SE/reject'],
    ['POST', '/api/orders/5178-SE/retry'],
    ['POST', '/api/inbound/return/R1-SE/retry'],
    ['POST', '/api/dead-letters/stock-authority/1/retry'],
    ['POST', '/api/dead-letters/stock-authority/1/discard'],
  ])('answers %s %s to nobody who has not signed in', async (method, path) => {
    const response = await call(method, path, method === 'POST' ? authored : undefined, { cookie: '' });
    expect(response.status).toBe(401);
    expect((await call(method, path, undefined, { cookie: 'samlast_session=guess' })).status).toBe(401);
  });

  it('gives a session cookie that no script reads and no other site sends', async () => {
    const response = await call('POST', '/api/session', { password: PASSWORD });
    expect(response.headers.get('set-cookie')).toMatch(
      /^samlast_session=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\//,
    );
  });

  it('forgets a session when it is signed out', async () => {
    const own = await signIn();
    expect((await call('GET', '/api/overview', undefined, { cookie: own })).status).toBe(200);
    await call('DELETE', '/api/session', undefined, { cookie: own });
    expect((await call('GET', '/api/overview', undefined, { cookie: own })).status).toBe(401);
  });

  it('keeps no session token in its tables', async () => {
    const rows = await stage.database.query('SELECT * FROM console.sessions');
    expect(rows.length).toBeGreaterThan(0);
    expect(JSON.stringify(rows)).not.toContain(cookie.split('=')[1]);
  });

  it.each([{ origin: 'https://elsewhere.example' }, { origin: '' }, { origin: 'null' }])(
    'does nothing for a page of another site: %o',
    async (headers) => {
      const response = await call('POST', '/api/orders/5178-SE/release', authored, headers);
      expect(response.status).toBe(403);
      expect(stage.authority.commands).toEqual([]);
    },
  );

  it('serves its pages with nothing inline and nothing from elsewhere', async () => {
    for (const path of [
      '/',
      '/orders/5178-SE',
      '/articles/A%2F1',
      '/held',
      '/parked',
      '/stock',
      '/foreign',
      '/catalogue',
    ]) {
      const response = await call('GET', path, undefined, { cookie: '' });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'self'");
      const html = await response.text();
      expect(html).not.toMatch(/<style|style=|<script(?![^>]*src="\/assets)|https?:/);
      for (const [, asset = ''] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
        const file = await call('GET', asset);
        expect(file.status).toBe(200);
        expect(file.headers.get('cache-control')).toContain('immutable');
      }
    }
  });

  it('shows what does not fit in article data, and has it written again', async () => {
    const since = '2026-11-24T09:00:00.000Z';
    const finding = { article: 'A/1', kind: 'changed-in-wms', channel: '', text: 'so', remedy: 'do', since };
    stage.gateway.findings = [finding, { ...finding, article: 'B', kind: 'refused', channel: 'ERP' }];
    expect(await json('/api/catalogue?kind=refused')).toMatchObject({ findings: [{ article: 'B' }] });
    expect(await json('/api/catalogue/A%2F1')).toMatchObject({ article: 'A/1', findings: [finding] });
    const response = await call('POST', '/api/catalogue/A%2F1/write', authored);
    expect(response.status).toBe(200);
    expect(stage.gateway.commands.at(-1)).toEqual({ path: '/ops/catalogue/A%2F1/write', ...authored });
    expect(await json('/api/catalogue')).toMatchObject({ findings: [{ article: 'B' }] });
    stage.gateway.findings = [];
  });

  it('carries a release to the stock authority, with who decided and why', async () => {
    await hold('1-SE');
    stage.authority.heldOrders.add('1-SE');
    const response = await call('POST', '/api/orders/1-SE/release', authored);
    expect(response.status).toBe(200);
    expect(stage.authority.commands).toEqual([{ path: '/ops/orders/1-SE/release', ...authored }]);
  });

  it("answers a command that came too late in the owner's own words", async () => {
    const response = await call('POST', '/api/orders/none-SE/reject', authored);
    expect(response.status).toBe(409);
    expect(await response.json()).toMatchObject({ message: 'Order none-SE is not held: nothing to decide.' });
  });

  it('names the field of a command that says not who or why', async () => {
    const response = await call('POST', '/api/orders/1-SE/release', { author: 'Eva', reason: ' ' });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ faults: [{ field: 'reason' }] });
    expect(stage.authority.commands).toEqual([]);
  });

  it('shows a service that is down as such, beside those that answer', async () => {
    stage.gateway.faults = { ongoing: 'Ongoing does not answer' };
    const reason = 'The shop answered 401 to GET orders. It says: The key has expired';
    const advice = "Ongoing's webhook for orders does not reach us: press Test.";
    stage.gateway.webhookAdvice = [advice];
    const unexplained = 'The warehouse has statuses of orders that nobody has explained: 460 "Packad".';
    stage.gateway.registersAdvice = [unexplained];
    stage.channelEu.failing = [{ work: 'orders', since: '2026-11-24T09:00:07.000Z', reason }];
    expect(await json('/api/services')).toEqual({
      services: [
        { service: 'stock-authority', ready: true, faults: [], parked: 0 },
        {
          service: 'wms-gateway',
          ready: false,
          faults: ['ongoing: Ongoing does not answer'],
          parked: 0,
          failing: [advice, unexplained],
        },
        {
          service: 'channel-eu',
          ready: true,
          faults: [],
          parked: 0,
          onLists: 0,
          failing: [`orders, since 2026-11-24T09:00Z: ${reason}`],
        },
        { service: 'channel-se', problem: 'channel-se cannot be reached', faults: [] },
      ],
    });
    stage.gateway.faults = {};
    stage.gateway.webhookAdvice = [];
    stage.gateway.registersAdvice = [];
    const response = await call('POST', '/api/dead-letters/channel-se/1/retry', authored);
    expect(response.status).toBe(503);
    expect((await call('POST', '/api/dead-letters/nobody/1/retry', authored)).status).toBe(404);
  });

  it('sends a refused purchase order or return to the warehouse again', async () => {
    stage.gateway.refusedInbound.add('purchase-order/PO 7/A-ERP');
    const path = `/api/inbound/purchase-order/${encodeURIComponent('PO 7/A-ERP')}/retry`;
    const done = await call('POST', path, authored);
    expect(done.status).toBe(200);
    expect(await done.json()).toEqual({ said: 'PO 7/A-ERP is sent to the warehouse again.' });
    expect(stage.gateway.commands.at(-1)).toMatchObject({
      path: '/ops/inbound/purchase-order/PO%207%2FA-ERP/retry',
      ...authored,
    });
    const again = await call('POST', path, authored);
    expect(again.status).toBe(409);
    expect(JSON.stringify(await again.json())).toContain('only a refused one');
    expect((await call('POST', '/api/inbound/order/1/retry', authored)).status).not.toBe(200);
  });

  it('shows the stock that a person has to look at, and carries decisions to its owners', async () => {
    const held = { article: 'KETTLE', sellable: '0', sellableBefore: '5', status: 'active', differs: true };
    const gate = {
      state: 'differs',
      doubt: 'zeroed',
      heldAt: AT,
      secondReadAt: null,
      count: 1,
      articles: [held],
    };
    stage.gateway.stockGate = { ...gate, listed: 12, author: null };
    const risk = { number: '7-SE', channel: 'SE', article: 'KETTLE', wanted: '2', missing: '1' };
    stage.authority.atRisk = [risk];
    const lease = { article: 'KETTLE', canSell: '1.5', promised: '1', confirmedVersion: 3, alive: false };
    stage.authority.leases = [
      { ...lease, channel: 'SE' },
      { ...lease, channel: 'SE', article: 'POT' },
      { ...lease, channel: 'EU', alive: true },
    ];
    expect(await json('/api/stock')).toEqual({
      gate: { state: 'differs', doubt: 'zeroed', heldAt: AT, count: 1, articles: [held] },
      atRisk: { orders: [risk] },
      silent: { channels: [{ channel: 'SE', articles: 2, pieces: '3' }] },
    });
    const accepted = await call('POST', '/api/stock/gate/accept', authored);
    expect(accepted.status).toBe(200);
    expect(stage.gateway.commands.at(-1)).toEqual({ path: '/ops/stock-gate/accept', ...authored });
    stage.gateway.stockGate = { ...gate, state: 'open', doubt: null, heldAt: null, count: 0, articles: [] };
    expect((await call('POST', '/api/stock/gate/discard', authored)).status).toBe(409);
    const given = await call('POST', '/api/stock/leases/SE/give-up', authored);
    expect(await given.json()).toEqual({ said: '7 pieces of SE are for the others now.' });
    expect(stage.authority.commands).toEqual([{ path: '/ops/leases/SE/give-up', ...authored }]);
    expect(await json('/api/stock')).toMatchObject({ gate: { state: 'open' }, silent: { channels: [] } });
  });

  it('lists parked messages with how many wait behind them, and retries them', async () => {
    stage.authority.park('11');
    stage.authority.park('12', { state: 'queued', code: null, reason: null });
    const { services } = (await json('/api/dead-letters')) as { services: object[] };
    expect(services[0]).toMatchObject({
      service: 'stock-authority',
      messages: [{ id: '11', key: '5178-SE', code: 'message.invalid', behind: 1 }],
    });
    stage.authority.retryFails = 'still wrong';
    const again = await call('POST', '/api/dead-letters/stock-authority/11/retry', authored);
    expect(await again.json()).toEqual({ said: 'Parked again after 0 messages: still wrong' });
    stage.authority.retryFails = undefined;
    const done = await call('POST', '/api/dead-letters/stock-authority/11/retry', authored);
    expect(await done.json()).toEqual({ said: 'Retried: 2 messages handled.' });
  });

  it('asks the channel what is still to be told to its shop, and says so when it cannot', async () => {
    const job = {
      kind: 'fulfil',
      key: 'P1',
      tries: 2,
      reason: 'no such order',
      createdAt: '2026-11-24T09:00:00Z',
    };
    stage.channelEu.jobs = [
      { ...job, id: '5', state: 'parked', number: '5178-EU', shopNumber: '5178' },
      { ...job, id: '6', state: 'waiting', number: '5179-EU', shopNumber: '5179' },
    ];
    expect(await json('/api/channel-lists/told/EU/5178-EU')).toMatchObject({
      calls: [{ id: '5', state: 'parked', reason: 'no such order' }],
    });
    expect(await json('/api/channel-lists/told/SE/5178-SE')).toMatchObject({
      problem: 'channel-se cannot be reached',
    });
    expect((await call('POST', '/api/channel-lists/channel-eu/calls/5/discard', authored)).status).toBe(200);
    expect((await call('POST', '/api/channel-lists/channel-eu/calls/5/discard', authored)).status).toBe(404);
    expect((await call('POST', '/api/channel-lists/wms-gateway/calls/6/retry', authored)).status).toBe(404);
    expect(await json('/api/channel-lists/told/EU/5178-EU')).toEqual({ calls: [] });
  });

  it('tells open pages of an order as soon as it is written down', async () => {
    const stop = new AbortController();
    const response = await fetch(`${stage.url}/api/live`, { headers: { cookie }, signal: stop.signal });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    await stage.publish(OrderPlaced.of(orderOf('live-SE')));
    let heard = '';
    while (!heard.includes('"live-SE"')) heard += (await reader.read()).value ?? '';
    expect(heard).toContain('event: changes');
    expect((await json('/api/orders/live-SE')).state).toBe('placed');
    stop.abort();
  });

  it('hears of changes again after its connection to the database was cut', async () => {
    const listening = "SELECT pid FROM pg_stat_activity WHERE application_name = 'samlast console live'";
    const [before] = await stage.database.query<{ pid: number }>(listening);
    await stage.database.query('SELECT pg_terminate_backend($1)', [before?.pid]);
    await eventually(async () => {
      const [now] = await stage.database.query<{ pid: number }>(listening);
      return now && now.pid !== before?.pid;
    });
    const stop = new AbortController();
    const response = await fetch(`${stage.url}/api/live`, { headers: { cookie }, signal: stop.signal });
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    await stage.publish(OrderPlaced.of(orderOf('again-SE')));
    let heard = '';
    while (!heard.includes('"again-SE"')) heard += (await reader.read()).value ?? '';
    stop.abort();
    expect(heard).toContain('event: changes');
  });

  it('refuses queries that do not fit, naming the field', async () => {
    expect((await call('GET', '/api/orders?state=lost')).status).toBe(422);
    expect((await call('GET', '/api/orders?before=yesterday%20x')).status).toBe(422);
    expect((await call('GET', '/api/orders?search=%00')).status).toBe(422);
    expect((await call('GET', '/api/orders/none-SE')).status).toBe(404);
  });

  it('makes somebody who guesses the password wait', async () => {
    const wrong = { password: 'guess' };
    for (let count = 0; count < 5; count++) {
      expect((await call('POST', '/api/session', wrong)).status).toBe(401);
    }
    const refused = await call('POST', '/api/session', wrong);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  });
});

describe("the console's configuration", () => {
  it('lists all that is wrong with it at once', () => {
    const wrong = { CONSOLE_PASSWORD: 'short', SERVICES: 'stock-authority=ftp://x', SERVICES_TOKEN: 'short' };
    const read = () => readConfig('console', service.config, wrong);
    expect(read).toThrow(ConfigurationError);
    for (const name of ['CONSOLE_PASSWORD', 'SERVICES ', 'SERVICES_TOKEN', 'DATABASE_URL']) {
      expect(read).toThrow(name);
    }
  });
});
