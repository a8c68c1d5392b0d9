import { setTimeout as wait } from 'node:timers/promises';
import { ShopUnavailable } from '@samlast/channel-kit';
import { type AdminApiClient, createAdminApiClient } from '@shopify/admin-api-client';
import type { z } from 'zod';
import { Points } from './points.ts';
import { ShopifyToken, type TokenAccess } from './shopify-token.ts';

/** From this version on a write of stock must say from which number on, and by which key it is known. */
const API_VERSION = '2026-04';
const TIMEOUT_MS = 20_000;
const BODY_BYTES_MAX = 16 * 1024 * 1024;
const TRIES = 5;
const PAUSE_MS = 200;

type Answer = Awaited<ReturnType<AdminApiClient['request']>>;
type Fault = NonNullable<Answer['errors']>;

/** Shopify's Admin API: its own client, with a token that is renewed and a queue for points. */
export class ShopifyGraphql {
  private readonly client: AdminApiClient;
  private readonly token: ShopifyToken;
  private readonly points = new Points();

  constructor(private readonly access: TokenAccess) {
    this.token = new ShopifyToken(access);
    this.client = createAdminApiClient({
      storeDomain: access.SHOPIFY_SHOP,
      apiVersion: API_VERSION,
      // The true one comes with each try, since it may have ended.
      accessToken: 'none',
      userAgentPrefix: 'Samlast',
      customFetchApi: (url, init) => this.send(url, init),
      // Without a logger it writes its remarks to the console.
      logger: () => undefined,
    });
  }

  /**
   * @param patient for what may take its time: it leaves room to everything else
   * @throws ShopUnavailable where the shop could not answer, does not let the app in, or does not understand the
   * question: nothing that waits is lost by what a person has to mend
   */
  async ask<Schema extends z.ZodType>(
    schema: Schema,
    query: string,
    variables: Record<string, unknown> = {},
    { patient = false } = {},
  ): Promise<z.output<Schema>> {
    for (let attempt = 1; ; attempt++) {
      await this.points.wait(query, patient);
      const token = await this.token.get();
      const headers = { [TOKEN]: token };
      const { data, errors, extensions } = await this.client.request(query, { variables, headers });
      const cost = extensions?.cost;
      this.points.learn(query, cost?.requestedQueryCost, cost?.throttleStatus);
      if (!errors) return parsed(schema, data, query);
      const throttled = codeOf(errors) === 'THROTTLED';
      // Refused before anything was done, so it may be asked again, a write too.
      const again = throttled || (errors.networkStatusCode === 401 && (await this.token.refused(token)));
      if (!again || attempt >= TRIES) throw failure(errors, query);
      if (throttled) await wait(attempt * PAUSE_MS);
    }
  }

  private async send(url: string, init?: Parameters<typeof fetch>[1]): Promise<Response> {
    const { pathname } = new URL(url);
    const { [TOKEN]: token = '', ...own } = (init?.headers ?? {}) as Record<string, string>;
    const response = await fetch(new URL(pathname, this.access.SHOPIFY_URL ?? url), {
      ...init,
      headers: { ...own, 'X-Shopify-Access-Token': token },
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const text = await readText(response);
    const headers = new Headers(response.headers);
    // It is read already, so neither its length nor its packing is true any more.
    for (const name of ['content-length', 'content-encoding']) headers.delete(name);
    const { status } = response;
    // A redirect has no place here, and a Response with its status cannot hold a body.
    return new Response(status === 204 || status === 304 ? null : text, { status, headers });
  }
}

/** Brings the token through Shopify's client, which knows one for good; never sent under this name. */
const TOKEN = 'samlast-token';

async function readText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > BODY_BYTES_MAX) throw new Error(`The answer is longer than ${BODY_BYTES_MAX} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed<Schema extends z.ZodType>(schema: Schema, data: unknown, query: string): z.output<Schema> {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new ShopUnavailable(
    `Shopify's answer to ${nameOf(query)} has ${issue?.path.join('.')} that ${issue?.message}. Report it.`,
  );
}

function failure(errors: Fault, query: string): ShopUnavailable {
  const { networkStatusCode: status, response } = errors;
  const what = nameOf(query);
  const code = codeOf(errors);
  const said = errors.graphQLErrors?.[0]?.message;
  if (code === 'THROTTLED') {
    const message = `Shopify has no room for ${what} at the moment: other apps or this one ask for too much.`;
    return new ShopUnavailable(message, { retryAfterMs: 5_000 });
  }
  if (code === 'ACCESS_DENIED' || status === 403) {
    const message = `Shopify does not let the app do what the channel needs (${what}): give it the access scopes that the README of channel-shopify lists, and install it again.`;
    return new ShopUnavailable(message, said === undefined ? {} : { said });
  }
  if (status === 401)
    return new ShopUnavailable(
      'Shopify does not take the access token: check SHOPIFY_ACCESS_TOKEN, and that the app is still installed.',
    );
  if (status === 404)
    return new ShopUnavailable(
      `There is no Admin API ${API_VERSION} at this address: check SHOPIFY_SHOP, and for a newer Samlast.`,
    );
  const seconds = Number(response?.headers.get('retry-after'));
  const retryAfterMs = seconds > 0 ? Math.min(seconds, 600) * 1000 : undefined;
  const answered = status === undefined ? 'did not answer' : `answered ${code ?? status} to`;
  return new ShopUnavailable(`Shopify ${answered} ${what}.`, {
    ...(retryAfterMs !== undefined && { retryAfterMs }),
    ...(said !== undefined && { said }),
  });
}

const codeOf = ({ graphQLErrors }: Fault): string | undefined => graphQLErrors?.[0]?.extensions?.code;

/** The first field that is asked for. */
const nameOf = (query: string) => /\{\s*(?:\w+:\s*)?(\w+)/.exec(query)?.[1] ?? 'a question';
