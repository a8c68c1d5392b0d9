// A thin client of Tryton's JSON-RPC, for its staff in tests.

export class TrytonError extends Error {}

/** Asks below an address: the server, or a database of it. */
export const trytonRpc =
  (url, session = {}) =>
  async (method, ...params) => {
    const response = await fetch(`${url}/rpc/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...session },
      body: JSON.stringify({ id: 1, method, params }),
      signal: AbortSignal.timeout(60_000),
    });
    if (!response.ok) throw new TrytonError(`${method}: ${response.status}`);
    const { result, error } = await response.json();
    if (error) throw Object.assign(new TrytonError(`${method}: ${JSON.stringify(error)}`), { error });
    return result;
  };

/** Signed in; answers yes to whatever Tryton asks, as somebody at its client would press yes. */
export async function signedIn({ url, database }, { username, password }) {
  const base = `${url}/${database}`;
  const [user, token] = await trytonRpc(base)('common.db.login', username, { password }, 'en');
  const session = Buffer.from(`${username}:${user}:${token}`).toString('base64');
  const ask = trytonRpc(base, { authorization: `Session ${session}` });
  const context = await ask('model.res.user.get_preferences', true, {});
  const callerIn = (more) => {
    const call = async (method, ...params) => {
      try {
        return await ask(method, ...params, more);
      } catch (error) {
        const [kind, words] = error.error ?? [];
        if (kind !== 'UserWarning') throw error;
        await ask('model.res.user.warning.create', [{ user, name: words[0], always: false }], context);
        return call(method, ...params);
      }
    };
    return call;
  };
  return Object.assign(callerIn(context), { with: (more) => callerIn({ ...context, ...more }) });
}
