import { once } from 'node:events';
import { createServer } from 'node:net';

/** Else the shop that has the port would answer for this one. */
export async function requireFreePort(port) {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Error(`Port ${port} of 127.0.0.1 is not free (${error.code}): give another one by --port.`, {
      cause: error,
    });
  }
  server.close();
  await once(server, 'close');
}
