import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { VendureGraphql } from './vendure-graphql.ts';

const Shop = z.object({ shop: z.string() });

/** What Vendure 3.7.3 was seen to answer, by what the request carries. */
type Answer = (request: IncomingMessage, query: string) => { headers?: Record<string, string>; body: object };

describe("Vendure's admin interface", () => {
  const ending: (() => void)[] = [];
  afterEach(() => {
    for (const end of ending.splice(0)) end();
  });

  async function start(answer: Answer) {
    const asked: string[] = [];
    const server = createServer(async (request, response) => {
      const { query } = (await json(request)) as { query: string };
      asked.push(/\{\s*(\w+)/.exec(query)?.[1] ?? '');
      const { headers = {}, body } = answer(request, query);
      response.writeHead(200, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ending.push(() => {
      server.closeAllConnections();
      server.close();
    });
    const graphql = new VendureGraphql({
      VENDURE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      VENDURE_ADMIN_PATH: 'admin-api',
      VENDURE_USERNAME: 'samlast',
      VENDURE_PASSWORD: 'for-tests-only',
    });
    return { graphql, asked };
  }

  const isLogin = (query: string) => query.includes('login(');
  const letIn = { data: { login: { __typename: 'CurrentUser' } } };
  const forbidden = {
    errors: [{ message: 'You are not authorized', extensions: { code: 'FORBIDDEN' } }],
    data: null,
  };

  it('is asked under the token that the shop gives', async () => {
    const { graphql, asked } = await start((request, query) => {
      if (isLogin(query)) return { headers: { 'vendure-auth-token': 'secret-1' }, body: letIn };
      return request.headers.authorization === 'Bearer secret-1'
        ? { body: { data: { shop: 'here' } } }
        : { body: forbidden };
    });
    expect(await graphql.ask(Shop, '{ shop }')).toEqual({ shop: 'here' });
    expect(await graphql.ask(Shop, '{ shop }')).toEqual({ shop: 'here' });
    expect(asked).toEqual(['login', 'shop', 'shop']);
  });

  it('is asked with the cookies of a shop that gives no token', async () => {
    const { graphql } = await start((request, query) => {
      if (isLogin(query)) return { headers: { 'set-cookie': 'session=abc; path=/; httponly' }, body: letIn };
      return request.headers.cookie === 'session=abc'
        ? { body: { data: { shop: 'here' } } }
        : { body: forbidden };
    });
    expect(await graphql.ask(Shop, '{ shop }')).toEqual({ shop: 'here' });
  });

  it('is signed in to again when the shop has forgotten the session, and only once', async () => {
    let session = 1;
    const { graphql, asked } = await start((request, query) => {
      if (isLogin(query)) return { headers: { 'vendure-auth-token': `secret-${session}` }, body: letIn };
      return request.headers.authorization === `Bearer secret-${session}`
        ? { body: { data: { shop: 'here' } } }
        : { body: forbidden };
    });
    await graphql.ask(Shop, '{ shop }');
    session = 2;
    expect(await graphql.ask(Shop, '{ shop }')).toEqual({ shop: 'here' });
    expect(asked).toEqual(['login', 'shop', 'shop', 'login', 'shop']);
  });

  it('says which permissions are missing', async () => {
    const { graphql } = await start((_request, query) => ({ body: isLogin(query) ? letIn : forbidden }));
    await expect(graphql.ask(Shop, '{ shop }')).rejects.toThrow(
      /does not let 'samlast' do what the channel needs \(shop\).*README of channel-vendure/,
    );
  });

  it('says that name or password are wrong, and tries again with the next question', async () => {
    let right = false;
    const { graphql } = await start((_request, query) => {
      if (!isLogin(query)) return { body: { data: { shop: 'here' } } };
      return { body: right ? letIn : { data: { login: { __typename: 'InvalidCredentialsError' } } } };
    });
    await expect(graphql.ask(Shop, '{ shop }')).rejects.toThrow(
      /check VENDURE_USERNAME and VENDURE_PASSWORD/,
    );
    right = true;
    expect(await graphql.ask(Shop, '{ shop }')).toEqual({ shop: 'here' });
  });

  it('says that the plugin is missing where its field is not understood', async () => {
    const body = {
      errors: [
        { message: 'Cannot query field "samlastClaim"', extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } },
      ],
    };
    const { graphql } = await start((_request, query) => ({ body: isLogin(query) ? letIn : body }));
    await expect(graphql.ask(Shop, '{ shop }')).rejects.toThrow(/with the Samlast plugin installed\?/);
  });
});
