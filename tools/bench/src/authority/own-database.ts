import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import type { Stage } from '../benchmark.ts';

/** A new, empty database on the server that all contestants share, with a connection to it. */
export class OwnDatabase {
  private constructor(
    private readonly name: string,
    private readonly serverUrl: string,
    readonly url: string,
    readonly client: Client,
  ) {}

  static async make(stage: Stage): Promise<OwnDatabase> {
    const server = await stage.postgres();
    const name = `authority_${randomBytes(4).toString('hex')}`;
    await onServer(server.url('bench'), `CREATE DATABASE ${name}`);
    const url = server.url(name);
    return new OwnDatabase(name, server.url('bench'), url, await connect(url));
  }

  /** The first row of the answer. */
  async one<Row extends object>(sql: string, values: unknown[] = []): Promise<Row> {
    const { rows } = await this.client.query<Row>(sql, values);
    if (!rows[0]) throw new Error(`No row came for: ${sql}`);
    return rows[0];
  }

  async drop(): Promise<void> {
    await this.client.end();
    await onServer(this.serverUrl, `DROP DATABASE ${this.name} WITH (FORCE)`);
    // What one contestant wrote must not be flushed in the next one's time.
    await onServer(this.serverUrl, 'CHECKPOINT');
  }
}

export async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url });
  await client.connect();
  return client;
}

async function onServer(url: string, sql: string): Promise<void> {
  const client = await connect(url);
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
