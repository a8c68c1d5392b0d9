import { randomUUID } from 'node:crypto';

export interface Claiming {
  readonly url: string;
  readonly token: string;
}

/** Claims and confirms as a shop's plugin does; the claim's key, or undefined where the pieces are not promised. */
export async function promised(
  { url, token }: Claiming,
  article: string,
  quantity: number,
): Promise<string | undefined> {
  const key = `checkout-${randomUUID()}`;
  const ask = async (method: string, path: string, body: object, headers: Record<string, string> = {}) => {
    const { ok } = await fetch(`${url}/claims${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return ok;
  };
  const lines = [{ article, quantity: String(quantity) }];
  const held = await ask('POST', '', { lines, expiresInS: 60 }, { 'idempotency-key': key });
  // The checkout ends before the suite does, so that its channel does not wait for what never comes.
  return held && (await ask('PUT', `/${key}`, { state: 'confirmed', checkoutEndsInS: 30 })) ? key : undefined;
}
