import { createServer } from 'node:net';

/**
 * Below the ports that Linux, Windows and macOS hand out for outgoing connections. One of those could be some client's
 * by the time a service that takes seconds to start listens on it.
 */
const FIRST = 10_000;
const LAST = 32_000;
const given = new Set<number>();

/** A TCP port of 127.0.0.1 that nobody listens on now, and another one at each call of this process. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * (LAST - FIRST));
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
