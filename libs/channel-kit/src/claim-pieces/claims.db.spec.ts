import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually, jumpClock } from '@samlast/test-stack';
import { defineChannel, defineChannelConfig } from '../channel.ts';
import type { ShopOrder } from '../shop.ts';
import { FakeShop } from '../testing/fake-shop.ts';
import { type AskedOfAuthority, CODE, Stage } from '../testing/stage.ts';

const TOKEN = 'what-the-shop-proves-itself-with';
const stages: Stage[] = [];
afterEach(async () => {
  for (const stage of stages.splice(0)) await stage.stop();
});

async function start(env: Record<string, string> = { CLAIMS_TOKEN: TOKEN }, startAt?: string) {
  const shop = new FakeShop({ method: 'compare-and-set', feedLagMs: 0 });
  const asked: AskedOfAuthority[] = [];
  const definition = defineChannel({
    kind: 'fake',
    config: defineChannelConfig({}),
    identity: () => 'https://shop.example',
    shop: () => shop,
  });
  const claims = (one: AskedOfAuthority) => {
    asked.push(one);
    if (one.key === 'short') return { status: 409, body: { code: 'claim.short', shortages: [] } };
    return { status: one.method === 'POST' ? 201 : 200, body: { state: 'open' } };
  };
  const stage = await Stage.start(definition, env, { claims, ...(startAt && { startAt }) });
  stages.push(stage);
  return { shop, stage, asked };
}

async function call(
  stage: Stage,
  method: string,
  path: string,
  options: { key?: string; token?: string; body?: object },
) {
  const response = await fetch(`${stage.channel.url}/claims${path}`, {
    method,
    headers: {
      authorization: `Bearer ${options.token ?? TOKEN}`,
      ...(options.body && { 'content-type': 'application/json' }),
      ...(options.key && { 'idempotency-key': options.key }),
    },
    ...(options.body && { body: JSON.stringify(options.body) }),
  });
  return { ...((await response.json()) as Record<string, unknown>), status: response.status };
}

const lines = [{ article: 'A', quantity: '1' }];
/** It ends before the test does. */
const confirmed = { state: 'confirmed', checkoutEndsInS: 1 };

describe("a shop's claims", () => {
  it('reach the stock authority as those of this channel, whatever channel the shop names', async () => {
    const { stage, asked } = await start();
    expect(await call(stage, 'POST', '', { key: 'k1', body: { lines, channel: 'OTHER' } })).toMatchObject({
      status: 201,
      state: 'open',
    });
    await call(stage, 'PUT', '/k1', { body: { expiresInS: 60 } });
    await call(stage, 'GET', '/k1', {});
    await call(stage, 'DELETE', '/k1', {});
    expect(asked).toEqual([
      { method: 'POST', path: '/claims', key: 'k1', body: { lines, channel: CODE } },
      { method: 'PUT', path: '/claims/k1', body: { expiresInS: 60, channel: CODE } },
      { method: 'GET', path: `/claims/k1?channel=${CODE}` },
      { method: 'DELETE', path: `/claims/k1?channel=${CODE}` },
    ]);
  });

  it('come back with the answer that the stock authority gave', async () => {
    const { stage } = await start();
    expect(await call(stage, 'POST', '', { key: 'short', body: { lines } })).toMatchObject({
      status: 409,
      code: 'claim.short',
    });
  });

  it('are refused to whoever does not know the token, and where none is set', async () => {
    const { stage, asked } = await start();
    for (const [method, path] of [
      ['POST', ''],
      ['GET', '/k1'],
      ['PUT', '/k1'],
      ['DELETE', '/k1'],
    ] as const) {
      const body = method === 'POST' || method === 'PUT' ? { lines } : undefined;
      expect(await call(stage, method, path, { token: 'a-guess-that-is-wrong', body })).toMatchObject({
        status: 401,
      });
    }
    expect(asked).toEqual([]);
    const closed = await start({});
    expect(await call(closed.stage, 'POST', '', { key: 'k1', body: { lines } })).toMatchObject({
      status: 404,
    });
  });

  it('are answered with 503 when nobody knows, so that the shop may ask again or sell without', async () => {
    const { stage } = await start({ CLAIMS_TOKEN: TOKEN, AUTHORITY_URL: 'http://127.0.0.1:9' });
    expect(await call(stage, 'POST', '', { key: 'k1', body: { lines } })).toMatchObject({
      status: 503,
      code: 'claims.unavailable',
    });
  });
});

describe('a confirmed claim', () => {
  const releasesOf = (asked: readonly AskedOfAuthority[], key: string) =>
    asked.filter((one) => one.method === 'DELETE' && one.path.startsWith(`/claims/${key}?`));

  it('whose order never comes is released once the feed is read past the end of the checkout', async () => {
    const { stage, asked } = await start();
    await call(stage, 'PUT', '/gone', { body: confirmed });
    await call(stage, 'PUT', '/still-paying', { body: { ...confirmed, checkoutEndsInS: 600 } });
    await eventually(() => releasesOf(asked, 'gone').length === 1);
    expect(releasesOf(asked, 'still-paying')).toEqual([]);
  });

  it('is kept while its buyer pays, however far the clock of the process has jumped', async () => {
    const back = jumpClock(3_600_000);
    try {
      const { stage, asked } = await start();
      await call(stage, 'PUT', '/still-paying', { body: { ...confirmed, checkoutEndsInS: 600 } });
      await call(stage, 'PUT', '/gone', { body: confirmed });
      await eventually(() => releasesOf(asked, 'gone').length === 1);
      expect(releasesOf(asked, 'still-paying')).toEqual([]);
    } finally {
      back();
    }
  });

  it('of an order that is never sent, as it was placed before the start, is released', async () => {
    const { shop, stage, asked } = await start({ CLAIMS_TOKEN: TOKEN }, '2100-01-01T00:00:00Z');
    await call(stage, 'PUT', '/early', { body: confirmed });
    shop.claimKeyOfNext = 'early';
    await shop.buy(await shop.newArticle(1), 1);
    await stage.until(async () => (await stage.ops<object[]>('orders-before-start')).length === 1);
    await eventually(() => releasesOf(asked, 'early').length === 1);
  });

  it('whose order came is left to it', async () => {
    const { shop, stage, asked } = await start();
    await call(stage, 'PUT', '/paid', { body: confirmed });
    const article = await shop.newArticle(1);
    shop.claimKeyOfNext = 'paid';
    const order = await shop.buy(article, 1);
    await stage.placed(`${order?.number}-${CODE}`);
    await call(stage, 'PUT', '/gone', { body: confirmed });
    await eventually(() => releasesOf(asked, 'gone').length === 1);
    expect(releasesOf(asked, 'paid')).toEqual([]);
    const placed = await stage.placed(`${order?.number}-${CODE}`);
    expect(placed.claimKey satisfies ShopOrder['claimKey']).toBe('paid');
  });
});
