// The databases of the shops. Migrations take most of the time of a first start, so they run once into a template,
// and every shop's database is a copy of that.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { administrator, medusaEnvironment, shopsFolder } from './medusa-environment.mjs';

const cli = `${shopsFolder}/node_modules/@medusajs/cli/cli.js`;

/**
 * The URL of a shop's database on the given server, made when it is not there yet.
 *
 * @param firstOrder the number of the shop's first order.
 */
export async function shopDatabase(serverUrl, name, { fresh, firstOrder }) {
  const server = new Client({ connectionString: serverUrl });
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
      const template = await templateDatabase(server, serverUrl);
      await server.query(`create database ${server.escapeIdentifier(name)} template ${template}`);
      await onDatabase(urlOf(serverUrl, name), (shop) =>
        shop.query("select setval('order_display_id_seq', $1, false)", [firstOrder]),
      );
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

async function templateDatabase(server, serverUrl) {
  const lock = createHash('sha256')
    .update(readFileSync(`${shopsFolder}/package-lock.json`))
    .digest('hex')
    .slice(0, 12);
  const name = `medusa_template_${lock}`;
  if (await exists(server, name)) return name;
  const unfinished = `${name}_unfinished`;
  await server.query(`drop database if exists ${unfinished} with (force)`);
  await server.query(`create database ${unfinished}`);
  const databaseUrl = urlOf(serverUrl, unfinished);
  await medusa(databaseUrl, 'db:migrate', '--skip-scripts');
  await medusa(databaseUrl, 'user', '-e', administrator.email, '-p', administrator.password);
  await server.query(`alter database ${unfinished} rename to ${name}`);
  return name;
}

async function medusa(databaseUrl, ...args) {
  try {
    await promisify(execFile)(process.execPath, [cli, ...args], {
      cwd: shopsFolder,
      env: { ...process.env, ...medusaEnvironment(databaseUrl) },
      maxBuffer: 1 << 26,
    });
  } catch (error) {
    throw new Error(`medusa ${args[0]} failed: ${(error.stdout + error.stderr).slice(-4000)}`, {
      cause: error,
    });
  }
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
