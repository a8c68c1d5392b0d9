// The databases of real shops. A first start takes most of its time for tables, so they are made once in a template,
// and every shop's database is a copy of that.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Client } from 'pg';

/**
 * The URL of a shop's database on the given server, made when it is not there yet.
 *
 * @param options.kind the shop system
 * @param options.madeOf files that decide what its tables are: there is a template for each content of them
 * @param options.fill makes tables and basics in an empty database, given its URL
 * @param options.begin is run once on each new copy, with a client
 */
export async function shopDatabase(serverUrl, name, { fresh, kind, madeOf, fill, begin }) {
  // An advisory lock holds within one database alone, and each caller may name another one.
  const server = new Client({ connectionString: urlOf(serverUrl, 'postgres') });
  await server.connect().catch((error) => {
    const { host } = new URL(serverUrl);
    throw new Error(
      `No Postgres at ${host}: ${error.message || error.code}. Give a server that runs by --postgres.`,
    );
  });
  try {
    // Two shops may start at once; the second waits for the template of the first.
    await server.query("select pg_advisory_lock(hashtext('real-shops'))");
    if (fresh) await server.query(`drop database if exists ${server.escapeIdentifier(name)} with (force)`);
    if (!(await exists(server, name))) {
      const template = await templateDatabase(server, serverUrl, { kind, madeOf, fill });
      await server.query(`create database ${server.escapeIdentifier(name)} template ${template}`);
      await onDatabase(urlOf(serverUrl, name), begin);
    }
  } finally {
    await server.end();
  }
  return urlOf(serverUrl, name);
}

/** What an earlier start noted about the shop in its own database, or undefined. */
export const storedShop = (databaseUrl) =>
  onDatabase(databaseUrl, async (shop) => {
    const { rows } = await shop.query("select to_regclass('real_shop') as noted");
    if (!rows[0].noted) return undefined;
    return (await shop.query('select description from real_shop')).rows[0]?.description;
  });

export const storeShop = (databaseUrl, description) =>
  onDatabase(databaseUrl, async (shop) => {
    await shop.query('create table real_shop (description jsonb not null)');
    await shop.query('insert into real_shop values ($1)', [description]);
  });

async function templateDatabase(server, serverUrl, { kind, madeOf, fill }) {
  const hash = createHash('sha256');
  for (const file of madeOf) hash.update(readFileSync(file));
  const name = `${kind}_template_${hash.digest('hex').slice(0, 12)}`;
  if (await exists(server, name)) return name;
  const unfinished = `${name}_unfinished`;
  await server.query(`drop database if exists ${unfinished} with (force)`);
  await server.query(`create database ${unfinished}`);
  await fill(urlOf(serverUrl, unfinished));
  await server.query(`alter database ${unfinished} rename to ${name}`);
  return name;
}

async function exists(server, name) {
  const { rowCount } = await server.query('select from pg_database where datname = $1', [name]);
  return rowCount > 0;
}

async function onDatabase(databaseUrl, work) {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const urlOf = (serverUrl, database) => Object.assign(new URL(serverUrl), { pathname: `/${database}` }).href;
