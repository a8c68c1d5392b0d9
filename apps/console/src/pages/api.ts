/** What the console answered instead of what was asked for, in words for the person in front of it. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Fired when a session has ended, so that the sign-in form comes up wherever one is. */
export const SIGNED_OUT = 'samlast:signed-out';

export const get = <T>(path: string) => call<T>('GET', path);
export const post = <T>(path: string, body: object) => call<T>('POST', path, body);
export const remove = <T>(path: string) => call<T>('DELETE', path);

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  } catch {
    throw new Problem(0, 'The console cannot be reached. Is it running?');
  }
  const answer = (await response.json().catch(() => undefined)) as unknown;
  if (response.ok) return answer as T;
  if (response.status === 401 && path !== '/api/session') dispatchEvent(new Event(SIGNED_OUT));
  const said = (answer as { message?: unknown } | undefined)?.message;
  const faults = (answer as { faults?: { field: string; fault: string }[] } | undefined)?.faults;
  const words = typeof said === 'string' ? said : `The console answered ${response.status}.`;
  const listed = faults?.map(({ field, fault }) => `${field} ${fault}`).join('; ');
  throw new Problem(response.status, listed ? `${words} ${listed}` : words);
}
