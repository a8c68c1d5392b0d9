import { CONSOLE_PASSWORD, type System } from './system.ts';

/** What a person who is signed in at the console reads there. */
export async function readConsole(system: System): Promise<<Answer>(path: string) => Promise<Answer>> {
  const url = system.url('console');
  const session = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/json' },
    body: JSON.stringify({ password: CONSOLE_PASSWORD }),
  });
  const cookie = session.headers.get('set-cookie')?.split(';')[0] ?? '';
  return async (path) => {
    const response = await fetch(`${url}/api/${path}`, { headers: { cookie } });
    if (!response.ok) throw new Error(`the console answered ${response.status} to ${path}`);
    return (await response.json()) as never;
  };
}
