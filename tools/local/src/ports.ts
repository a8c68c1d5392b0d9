import { createServer } from 'node:net';
import { type Part, parts, portOfPart } from './installation.ts';
import { StartRefused } from './start-refused.ts';

/** Refuses a start on ports that somebody else uses, naming all of them at once. */
export async function requireFreePorts(portOf: (part: Part) => number): Promise<void> {
  const taken: string[] = [];
  for (const part of parts) if (!(await isFree(portOf(part)))) taken.push(`${portOf(part)} (for ${part})`);
  if (taken.length > 0) {
    throw new StartRefused(
      `These ports are taken by another program: ${taken.join(', ')}.`,
      'Stop that program, or start with --port and another first port, such as: npm start -- --port 8400',
    );
  }
}

/** A first port from which on all ports of an installation are free. */
export async function findFreePorts(): Promise<number> {
  for (let first = 17_400; first < 30_000; first += 100) {
    const free = await Promise.all(parts.map((part) => isFree(portOfPart(first, part))));
    if (free.every(Boolean)) return first;
  }
  throw new StartRefused('No free ports from 17400 to 30000 were found.', 'End programs that hold them.');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
