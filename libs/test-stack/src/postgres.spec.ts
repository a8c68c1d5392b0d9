import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { eventually } from './eventually.ts';
import { startPostgres, type Postgres } from './postgres.ts';
import { startProcess } from './process.ts';

// Making a data folder and starting a server takes seconds by itself, and more beside other specs.
const WITHIN_MS = 60_000;

let folder: string;
let dir: string;
const running: Postgres[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'test-stack-'));
  await chmod(folder, 0o755);
  dir = join(folder, 'data');
});

afterEach(async () => {
  for (const postgres of running.splice(0)) await postgres.stop();
  await rm(folder, { recursive: true, force: true });
});

async function start(options: Partial<Parameters<typeof startPostgres>[0]> = {}): Promise<Postgres> {
  const postgres = await startPostgres({ dir, durable: false, ...options });
  running.push(postgres);
  return postgres;
}

async function rows(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Another process that starts a server in dir and then waits. */
const startElsewhere = ({ ready }: { ready?: RegExp } = { ready: /started/ }) =>
  startProcess({
    args: [
      '--import',
      './tools/typescript.mjs',
      '--input-type=module',
      '-e',
      `const { startPostgres } = await import('./libs/test-stack/src/postgres.ts');
       await startPostgres({ dir: ${JSON.stringify(dir)}, durable: false, databases: ['kept'] });
       console.log('started'); process.stdin.resume(); setInterval(() => {}, 1000);`,
    ],
    ready,
  });

describe('startPostgres', () => {
  it(
    'keeps the data between starts and makes each named database once',
    async () => {
      const first = await start({ databases: ['orders', 'stock'], password: 'a/b@c' });
      await rows(first.url('orders'), 'create table t as select 7 as n');
      await first.stop();
      const second = await start({ databases: ['orders', 'stock'], password: 'a/b@c' });
      expect(await rows(second.url('orders'), 'select n from t')).toEqual([{ n: 7 }]);
      expect(await rows(second.url('stock'), 'select 1 as one')).toEqual([{ one: 1 }]);
    },
    WITHIN_MS,
  );

  it.each([
    [true, 'on'],
    [false, 'off'],
  ])(
    'with durable %s runs with fsync and synchronous_commit %s',
    async (durable, setting) => {
      const postgres = await start({ durable });
      const [found] = await rows(
        postgres.url('postgres'),
        `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as commit,
              current_setting('full_page_writes') as pages, current_setting('max_connections') as connections`,
      );
      expect(found).toEqual({ fsync: setting, commit: setting, pages: setting, connections: '200' });
    },
    WITHIN_MS,
  );

  it(
    'says which program to end when the port is taken',
    async () => {
      const taken = createServer().listen(0, '127.0.0.1');
      await new Promise((resolve) => taken.once('listening', resolve));
      const { port } = taken.address() as { port: number };
      try {
        await expect(start({ port })).rejects.toThrow(new RegExp(`on port ${port}.*in use`, 's'));
      } finally {
        taken.close();
      }
    },
    WITHIN_MS,
  );

  it(
    'says so too when it has ended before its owner was written down',
    async () => {
      await (await start()).stop();
      const owner = join(dir, 'owner.pid');
      await rm(owner, { force: true });
      // What is written into a pipe waits until somebody reads it, as on a disk that is busy.
      execFileSync('mkfifo', [owner]);
      const taken = createServer().listen(0, '127.0.0.1');
      await once(taken, 'listening');
      const { port } = taken.address() as { port: number };
      try {
        const starting = start({ port });
        // It fails before it is looked at below.
        starting.catch(() => undefined);
        const log = () => readFile(join(dir, 'server.log'), 'utf8');
        await eventually(async () => (await log()).includes('could not create any TCP/IP sockets'));
        await readFile(owner);
        await expect(starting).rejects.toThrow(/it ended with code 1/);
      } finally {
        taken.close();
      }
    },
    WITHIN_MS,
  );

  it(
    'refuses data of another major version',
    async () => {
      await (await start()).stop();
      await writeFile(join(dir, 'PG_VERSION'), '13\n');
      await expect(start()).rejects.toThrow(
        /is of PostgreSQL 13, but this is PostgreSQL \d+\. Move the folder away/,
      );
    },
    WITHIN_MS,
  );

  it(
    'refuses a folder whose server belongs to a living process',
    async () => {
      await start();
      await expect(start()).rejects.toThrow(`in use by process ${process.pid}`);
    },
    WITHIN_MS,
  );

  it(
    'begins anew where it was killed while it made its data folder',
    async () => {
      const owner = await startElsewhere({});
      await eventually(async () => (await readdir(folder)).some((name) => name.startsWith('data.making-')), {
        everyMs: 2,
      });
      owner.kill('SIGKILL');
      await owner.exited;
      expect(await readdir(folder)).not.toContain('data');
      const postgres = await start();
      expect(await rows(postgres.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }]);
    },
    WITHIN_MS,
  );

  it(
    'ends with its process, even by kill -9, and starts again on the same data',
    async () => {
      const owner = await startElsewhere();
      const server = Number.parseInt(await readFile(join(dir, 'postmaster.pid'), 'utf8'), 10);
      owner.kill('SIGKILL');
      await owner.exited;
      const postgres = await start();
      expect(await rows(postgres.url('kept'), 'select 1 as one')).toEqual([{ one: 1 }]);
      await eventually(() => expect(() => process.kill(server, 0)).toThrow('ESRCH') ?? true, {
        message: 'the first server is gone',
      });
    },
    WITHIN_MS,
  );
});
