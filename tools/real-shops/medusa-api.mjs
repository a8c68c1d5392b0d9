// Thin clients for the two HTTP interfaces of a Medusa shop.

export class MedusaError extends Error {
  constructor(method, path, status, body) {
    super(`${method} ${path} was answered with ${status}: ${JSON.stringify(body).slice(0, 400)}`);
    this.status = status;
    this.body = body;
  }
}

async function call(base, method, path, headers, body) {
  const response = await fetch(base + path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.timeout(60_000),
  });
  const text = await response.text();
  const answer = text ? JSON.parse(text) : {};
  if (!response.ok) throw new MedusaError(method, path, response.status, answer);
  return answer;
}

const client = (base, headers) => ({
  get: (path) => call(base, 'GET', path, headers),
  post: (path, body = {}) => call(base, 'POST', path, headers, body),
  delete: (path) => call(base, 'DELETE', path, headers),
});

/** The store interface, as a buyer's browser uses it. */
export const storeApi = (shop) => client(shop.url, { 'x-publishable-api-key': shop.publishableKey });

/** The admin interface with a secret API key, as a connector uses it. */
export const adminApi = (shop) =>
  client(shop.url, { authorization: `Basic ${Buffer.from(`${shop.secretKey}:`).toString('base64')}` });

/** The admin interface for a person; the only way in while there is no secret key yet. */
export async function adminApiByPassword(url, { email, password }) {
  const { token } = await call(url, 'POST', '/auth/user/emailpass', {}, { email, password });
  return client(url, { authorization: `Bearer ${token}` });
}
