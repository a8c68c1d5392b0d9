import { API_VERSION, type ShopifyFake } from '../start.ts';

export interface Answer {
  readonly data?: Record<string, unknown>;
  readonly errors?: { message: string; path?: string[]; extensions?: { code?: string } }[];
  readonly extensions?: {
    cost: {
      requestedQueryCost: number;
      actualQueryCost: number | null;
      throttleStatus: { maximumAvailable: number; currentlyAvailable: number; restoreRate: number };
    };
  };
}

/** Asks as an app does. */
export async function ask(
  fake: ShopifyFake,
  query: string,
  variables: Record<string, unknown> = {},
): Promise<Answer> {
  const response = await post(fake, { query, variables });
  return (await response.json()) as Answer;
}

export function post(
  fake: ShopifyFake,
  body: unknown,
  { token = fake.accessToken, version = API_VERSION }: { token?: string; version?: string } = {},
): Promise<Response> {
  return fetch(`${fake.url}/admin/api/${version}/graphql.json`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-shopify-access-token': token },
    body: JSON.stringify(body),
  });
}
