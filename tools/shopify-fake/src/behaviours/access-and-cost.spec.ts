import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { type ShopifyFake, startShopifyFake } from '../start.ts';
import { ask, post } from '../testing/ask.ts';

const codeOf = async (answer: ReturnType<typeof ask>) => (await answer).errors?.[0]?.extensions?.code;

describe('who may ask the shop', () => {
  let fake: ShopifyFake;

  beforeAll(async () => {
    fake = await startShopifyFake({ scopes: ['read_orders'] });
  });
  afterAll(() => fake.close());

  it('is an app with a token in the header', async () => {
    expect((await post(fake, { query: '{ shop { id } }' }, { token: 'wrong' })).status).toBe(401);
    expect((await post(fake, { query: '{ shop { id } }' })).status).toBe(200);
  });

  it('is an app that got a token for its id and secret, until that ends', async () => {
    const grant = (secret: string) =>
      fetch(`${fake.url}/admin/oauth/access_token`, {
        method: 'POST',
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: fake.clientId,
          client_secret: secret,
        }),
      });
    expect((await grant('wrong')).status).toBe(400);
    const granted = (await (await grant(fake.clientSecret)).json()) as { access_token: string };
    const token = granted.access_token;
    expect(granted).toMatchObject({ scope: 'read_orders', expires_in: 86_399 });
    expect((await post(fake, { query: '{ shop { id } }' }, { token })).status).toBe(200);
    fake.access.expire();
    expect((await post(fake, { query: '{ shop { id } }' }, { token })).status).toBe(401);
  });

  it('needs the scope of what it asks for', async () => {
    expect(await codeOf(ask(fake, '{ inventoryItems(first: 1) { nodes { id } } }'))).toBe('ACCESS_DENIED');
    expect(await codeOf(ask(fake, '{ orders(first: 1) { nodes { id } } }'))).toBeUndefined();
  });

  it('asks under a version, and in JSON', async () => {
    expect((await post(fake, { query: '{ shop { id } }' }, { version: 'newest' })).status).toBe(404);
    const url = `${fake.url}/admin/api/2026-04/graphql.json`;
    const headers = { 'x-shopify-access-token': fake.accessToken, 'content-type': 'text/plain' };
    expect((await fetch(url, { method: 'POST', headers, body: '{}' })).status).toBe(400);
  });

  it('is told of what the schema does not know, with HTTP 200', async () => {
    const { errors } = await ask(fake, '{ shop { colour } }');
    expect(errors?.[0]?.message).toContain('colour');
  });
});

describe('what a query costs', () => {
  let fake: ShopifyFake;

  beforeAll(async () => {
    fake = await startShopifyFake({ bucket: 1000, restore: 500 });
    fake.shop.addVariant(fake.world, { sku: 'TEE', available: 5 });
  });
  afterAll(() => fake.close());

  it.each([
    ['{ shop { id name } }', 1],
    ['{ orders(first: 10) { nodes { id } } }', 12],
    ['{ orders(first: 10) { nodes { id lineItems(first: 5) { nodes { id variant { id } } } } } }', 132],
    ['{ orders(first: 10) { edges { cursor node { id } } pageInfo { hasNextPage } } }', 12],
    [
      'mutation { orderUpdate(input: { id: "gid://shopify/Order/1" }) { order { id } userErrors { message } } }',
      12,
    ],
  ])('%s', async (query, cost) => {
    expect((await ask(fake, query)).extensions?.cost.requestedQueryCost).toBe(cost);
  });

  it('is paid by what it answered, and the rest is given back', async () => {
    const { extensions } = await ask(fake, '{ inventoryItems(first: 100) { nodes { id } } }');
    expect(extensions?.cost).toMatchObject({ requestedQueryCost: 102, actualQueryCost: 3 });
  });

  it('may not be more than 1000 at once', async () => {
    const query = '{ orders(first: 250) { nodes { id lineItems(first: 10) { nodes { id } } } } }';
    expect(await codeOf(ask(fake, query))).toBe('MAX_COST_EXCEEDED');
    expect(await codeOf(ask(fake, '{ orders(first: 251) { nodes { id } } }'))).toBe('BAD_REQUEST');
  });

  it('is refused with HTTP 200 where there is no room, and room comes back', async () => {
    fake.bucket.empty();
    const answer = await ask(fake, '{ orders(first: 200) { nodes { id } } }');
    expect(answer.errors).toMatchObject([{ message: 'Throttled', extensions: { code: 'THROTTLED' } }]);
    expect(answer.data).toBeUndefined();
    expect(answer.extensions?.cost).toMatchObject({
      actualQueryCost: null,
      throttleStatus: { maximumAvailable: 1000, restoreRate: 500 },
    });
    await eventually(async () => (await ask(fake, '{ orders(first: 200) { nodes { id } } }')).data);
  });

  it('is counted in calls by the legacy interface: 429 after 40', async () => {
    const call = () =>
      fetch(`${fake.url}/admin/api/2026-04/shop.json`, {
        headers: { 'x-shopify-access-token': fake.accessToken },
      });
    const answers = await Promise.all(Array.from({ length: 60 }, call));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(refused[0]?.headers.get('retry-after')).toBe('2.0');
    expect(answers[0]?.headers.get('x-shopify-shop-api-call-limit')).toMatch(/^\d+\/40$/);
  });
});
