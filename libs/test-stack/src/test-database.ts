import { basename } from 'node:path';
import { Client, Pool } from 'pg';
import { environment } from './config.ts';

export interface TestDatabase {
  readonly url: string;
  /** Runs one statement on a connection of its own pool and gives back the rows. */
  query<Row = Record<string, unknown>>(sql: string, params?: unknown[]): Promise<Row[]>;
  /** Ends all connections to the database and removes it. */
  drop(): Promise<void>;
}

let made = 0;

/**
 * A new, empty database on the test run's Postgres, named after the spec file and the process.
 *
 * @param name tells several databases of one spec apart in the server's log.
 * @throws when TEST_POSTGRES_URL is not set.
 */
export async function testDatabase(name = ''): Promise<TestDatabase> {
  const server = environment.testPostgresUrl;
  if (!server) {
    throw new Error(
      'TEST_POSTGRES_URL is not set. Run the specs by `node tools/test.mjs <path>`, which starts a Postgres for them.',
    );
  }
  const database = databaseName(name);
  await onServer(server, `create database ${database}`);
  const url = Object.assign(new URL(server), { pathname: `/${database}` }).href;
  const pool = new Pool({ connectionString: url, max: 4, allowExitOnIdle: true });
  // drop() and tests of a database outage end idle connections; the pool replaces them.
  pool.on('error', () => {});
  return {
    url,
    query: async <Row>(sql: string, params: unknown[] = []) => (await pool.query(sql, params)).rows as Row[],
    drop: async () => {
      await pool.end();
      await onServer(server, `drop database if exists ${database} with (force)`);
    },
  };
}

// Jest gives its `expect` to every spec as a global, and that knows the spec's path.
const specPath = () =>
  (globalThis as { expect?: { getState?: () => { testPath?: string } } }).expect?.getState?.().testPath;

function databaseName(name: string): string {
  const spec = basename(specPath() ?? 'test').replace(/\.spec\.tsx?$/, '');
  const words = `${spec}_${name}`
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/_+$/, '');
  return `t_${words.slice(0, 40)}_${process.pid}_${++made}_${Date.now().toString(36)}`;
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
