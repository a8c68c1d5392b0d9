import { messagingMigrations } from '@samlast/messaging';
import pg, { type Client } from 'pg';
import { DataSource } from 'typeorm';

/** The database connection of a service, with its schema on the search path. */
export function dataSource(url: string, schema: string, pool: number): DataSource {
  return new DataSource({
    type: 'postgres',
    driver: pg,
    url,
    schema,
    extra: { max: pool, options: `-c search_path=${schema}` },
    migrations: messagingMigrations,
    migrationsTransactionMode: 'each',
  });
}

/** A schema with the tables of libs/messaging and the given ones, new and empty. */
export async function makeSchema(url: string, schema: string, tables: string[]): Promise<void> {
  const source = dataSource(url, schema, 2);
  await source.initialize();
  try {
    await source.query(`CREATE SCHEMA "${schema}"`);
    await source.runMigrations();
    for (const table of tables) await source.query(table);
  } finally {
    await source.destroy();
  }
}

export async function dropSchema(database: Client, schema: string): Promise<void> {
  await database.query(`DROP SCHEMA "${schema}" CASCADE`);
  // What one contestant wrote must not be flushed in the next one's time.
  await database.query('CHECKPOINT');
}
