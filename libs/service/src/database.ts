import pg from 'pg';
import { DataSource, type MigrationInterface } from 'typeorm';

export type Migration = new () => MigrationInterface;

const MIGRATION_LOCK = 7_310_001;
const IDLE_IN_TRANSACTION_MS = 15_000;

/** The service's own schema, made and migrated, with its tables reachable by their bare names. */
export async function openDatabase(settings: {
  url: string;
  schema: string;
  pool: number;
  name: string;
  migrations: Migration[];
}): Promise<DataSource> {
  const { url, schema, pool, name, migrations } = settings;
  const source = new DataSource({
    type: 'postgres',
    driver: pg,
    url,
    schema,
    applicationName: `samlast ${name}`,
    extra: {
      max: pool,
      // A process that is stopped in the middle of a transaction must not keep its locks for good.
      options: `-c search_path=${schema} -c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_MS}`,
      // Statements that do not wait for each other's answers are sent together, and answered in their order.
      pipeline: true,
      // Without keep-alive a connection whose server vanished is noticed only after minutes.
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
      // A new connection costs Postgres a process and cold caches; after ten quiet seconds it is too early to pay
      // that again.
      idleTimeoutMillis: 300_000,
    },
    poolErrorHandler: () => {
      // A lost idle connection is replaced by the pool; the next query tells whether the server is back.
    },
    migrations,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
  });
  await source.initialize();
  try {
    await migrate(source, schema);
  } catch (error) {
    await source.destroy();
    throw error;
  }
  return source;
}

/** Several instances may start at once: one migrates, the others wait for it. */
async function migrate(source: DataSource, schema: string): Promise<void> {
  const runner = source.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1, hashtext($2))', [MIGRATION_LOCK, schema]);
    await runner.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    await source.runMigrations();
    await runner.query('SELECT pg_advisory_unlock($1, hashtext($2))', [MIGRATION_LOCK, schema]);
  } finally {
    await runner.release();
  }
}
