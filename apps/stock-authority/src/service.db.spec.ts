import { describe, expect, it } from '@jest/globals';
import { OrderPlaced, StockObserved } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { DataSource } from 'typeorm';
import { channels, orderOf } from './testing/authority.ts';
import { stageService } from './testing/stage.ts';

const authority = stageService(channels, { CHANNEL_SILENT_S: '2' });
const { onTheBus, query } = authority;

async function call(method: string, path: string, sent?: unknown) {
  const { status, body } = await authority.ask(method, path, sent);
  return { status, body: body as Record<string, never> };
}

const at = '2026-11-24T10:00:00Z';
const observed = (article: string, sellable: string, started: number) =>
  StockObserved.of({ article, status: 'active', sellable, started, ended: started + 1, inFlight: [], at });

const shown = (article: string) =>
  eventually(async () => {
    const { status, body } = await call('GET', `/ops/articles/${article}`);
    expect(status).toBe(200);
    return body;
  });

const held = (count: number) =>
  eventually(async () => {
    const { body } = await call('GET', '/ops/orders?state=held');
    const orders = body.orders as unknown as Record<string, unknown>[];
    expect(orders).toHaveLength(count);
    return orders;
  });

const by = { author: 'Anna', reason: 'counted on the shelf' };

describe('the service', () => {
  it('takes orders from the bus and shows held ones with what is missing, and nothing of their buyers', async () => {
    await onTheBus(observed('A', '5', 1));
    await shown('A');
    await onTheBus(OrderPlaced.of(orderOf('1-SE', 'A:4')));
    await onTheBus(OrderPlaced.of(orderOf('2-SE', 'A:3')), OrderPlaced.of(orderOf('3-SE', 'A:9')));
    const orders = await held(2);
    const second = orders.find((order) => order.number === '2-SE');
    expect(second).toMatchObject({
      channel: 'SE',
      shopNumber: '2',
      missing: expect.stringContaining('of 3 of A missing'),
    });
    expect(JSON.stringify(orders)).not.toContain('Nobody');
  });

  it('shows an article with how its figures come about', async () => {
    const article = await shown('A');
    expect(article).toMatchObject({
      status: 'active',
      free: '1',
      sellable: '5',
      reserved: '4',
      queued: '12',
      levels: { SE: '0', EU: '0', ERP: '0' },
      orders: [{ number: '1-SE', subtracted: '4' }],
    });
    expect((await call('GET', '/ops/articles/NOPE')).status).toBe(404);
  });

  it('rejects a held order by hand, once, with author and reason', async () => {
    expect(await call('POST', '/ops/orders/3-SE/reject', by)).toMatchObject({
      status: 200,
      body: { state: 'rejected' },
    });
    expect(await call('POST', '/ops/orders/3-SE/reject', by)).toMatchObject({ status: 409 });
    expect(await call('POST', '/ops/orders/9-SE/reject', by)).toMatchObject({ status: 404 });
    expect(await call('POST', '/ops/orders/2-SE/reject', { author: 'Anna' })).toMatchObject({ status: 422 });
  });

  it('releases a held order by hand though it is not covered, and shows free below zero', async () => {
    expect(await call('POST', '/ops/orders/2-SE/release', by)).toMatchObject({
      status: 200,
      body: { state: 'reserved' },
    });
    expect(await shown('A')).toMatchObject({ free: '-2', queued: '0' });
    expect(await call('POST', '/ops/orders/2-SE/release', by)).toMatchObject({ status: 409 });
    const [entry] = await query(
      `SELECT data FROM stock_authority.ledger WHERE kind = 'order.released-by-hand' AND number = '2-SE'`,
    );
    expect(entry).toEqual({ data: by });
  });

  it('verifies itself', async () => {
    expect(await call('POST', '/ops/verify')).toMatchObject({ status: 200, body: { agrees: true } });
  });

  it('repairs what was changed past its ledger, for a person who says why', async () => {
    const by = { author: 'Anna', reason: 'an update by hand went wrong' };
    const nothing = { status: 200, body: { repaired: [], articles: [] } };
    expect(await call('POST', '/ops/repair', by)).toMatchObject(nothing);
    expect(await call('POST', '/ops/repair', { author: 'Anna' })).toMatchObject({ status: 422 });
    await query(`UPDATE stock_authority.articles SET queued = queued + 1000 WHERE number = 'A'`);
    expect(await call('POST', '/ops/repair', by)).toMatchObject({ status: 200, body: { articles: ['A'] } });
    expect(await call('POST', '/ops/verify')).toMatchObject({ body: { agrees: true } });
    expect(await call('POST', '/ops/repair', by)).toMatchObject(nothing);
  });

  it('gives a code to one shop and one instance of it, and to the next one when that is silent', async () => {
    const shop = { shopIdentity: 'https://se.example', kind: 'http' };
    const first = { ...shop, instanceId: 'one' };
    const second = { ...shop, instanceId: 'two' };
    expect(await call('PUT', '/channels/SE', first)).toMatchObject({ status: 200, body: { role: 'active' } });
    expect(await call('PUT', '/channels/SE', second)).toMatchObject({
      status: 200,
      body: { role: 'standby' },
    });
    const other = await call('PUT', '/channels/SE', { ...first, shopIdentity: 'https://other.example' });
    expect(other).toMatchObject({
      status: 409,
      body: { message: expect.stringContaining('DELETE /channels/SE') },
    });
    await authority.running.app
      .get(DataSource)
      .query(`UPDATE channels SET seen_at = seen_at - interval '3 seconds' WHERE code = 'SE'`);
    expect(await call('PUT', '/channels/SE', second)).toMatchObject({
      status: 200,
      body: { role: 'active' },
    });
    expect(await call('PUT', '/channels/SE', first)).toMatchObject({
      status: 200,
      body: { role: 'standby' },
    });
    await call('DELETE', '/channels/SE/instances/two');
    expect(await call('PUT', '/channels/SE', first)).toMatchObject({ status: 200, body: { role: 'active' } });
    expect(await call('PUT', '/channels/SE', second)).toMatchObject({
      status: 200,
      body: { role: 'standby' },
    });
    const { body } = await call('GET', '/channels');
    expect(body.channels).toMatchObject([
      { code: 'SE', instanceId: 'one', standbyId: 'two' },
      { code: 'EU' },
      { code: 'ERP' },
    ]);
  });

  it('gives no code to a channel of another kind, to none that channels.json lacks, and frees it by hand', async () => {
    const shop = { shopIdentity: 'https://eu.example', kind: 'http', instanceId: 'one' };
    expect(await call('PUT', '/channels/EU', { ...shop, kind: 'medusa' })).toMatchObject({ status: 409 });
    expect(await call('PUT', '/channels/XX', shop)).toMatchObject({ status: 404 });
    expect(await call('PUT', '/channels/EU', { kind: 'http' })).toMatchObject({ status: 422 });
    expect(await call('PUT', '/channels/EU', shop)).toMatchObject({ status: 200 });
    expect(await call('DELETE', '/channels/EU', by)).toMatchObject({ status: 200 });
    const moved = { ...shop, shopIdentity: 'https://new.example' };
    expect(await call('PUT', '/channels/EU', moved)).toMatchObject({ status: 200, body: { role: 'active' } });
  });

  it('makes all levels anew at the start when channels.json changed', async () => {
    await onTheBus(observed('B', '8', 1));
    await shown('B');
    const changed = [...channels.map((one) => ({ ...one, margin: '1' })), { ...channels[0], code: 'NO' }];
    for (let starts = 0; starts < 2; starts++) {
      await authority.start(changed);
      expect(await shown('B')).toMatchObject({ version: 2, levels: { SE: '7', EU: '7', ERP: '7', NO: '8' } });
    }
    const levels = await query(`SELECT 1 FROM stock_authority.ledger WHERE kind = 'level' AND article = 'B'`);
    expect(levels).toHaveLength(2);
  });

  it('counts the orders that wait, and those of an article that the warehouse does not know', async () => {
    const figure = async (name: string) => {
      const text = await (await fetch(`${authority.running.url}/metrics`)).text();
      return Number(new RegExp(`^samlast_orders_${name}_now (\\S+)$`, 'm').exec(text)?.[1]);
    };
    const before = await figure('undecided');
    expect(await figure('unknown_article')).toBe(0);
    await onTheBus(OrderPlaced.of(orderOf('90-SE', 'NEW:1')));
    await eventually(async () => (await figure('unknown_article')) === 1);
    expect(await figure('undecided')).toBe(before + 1);
    await onTheBus(observed('NEW', '5', 900));
    await eventually(async () => (await figure('unknown_article')) === 0);
    expect(await figure('undecided')).toBe(before);
  });
});
