// Thin clients for the two GraphQL interfaces of a Vendure shop.

export class VendureError extends Error {}

function client(address) {
  let token;
  return async (query, variables = {}) => {
    const response = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.timeout(60_000),
    });
    token = response.headers.get('vendure-auth-token') ?? token;
    const { data, errors } = await response.json();
    if (errors) throw new VendureError(errors.map(({ message }) => message).join('; '));
    return data;
  };
}

/** The shop interface with a session of its own, as a buyer's browser has one. */
export const shopApi = (shop) => client(`${shop.url}/shop-api`);

/** The admin interface, signed in as whoever keeps the shop. */
export async function adminApi({ url, administrator }) {
  const ask = client(`${url}/admin-api`);
  const { login } = await ask(
    'mutation($u: String!, $p: String!) { login(username: $u, password: $p) { __typename } }',
    { u: administrator.username, p: administrator.password },
  );
  if (login.__typename !== 'CurrentUser') throw new VendureError(`login: ${login.__typename}`);
  return ask;
}
