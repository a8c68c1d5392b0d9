import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { administrator, medusaEnvironment, shopsFolder } from './medusa-environment.mjs';
import { shopDatabase } from './shop-database.mjs';

const cli = `${shopsFolder}/node_modules/@medusajs/cli/cli.js`;

/**
 * The URL of a shop's database on the given server, made when it is not there yet.
 *
 * @param firstOrder the number of the shop's first order.
 */
export const medusaDatabase = (serverUrl, name, { fresh, firstOrder }) =>
  shopDatabase(serverUrl, name, {
    fresh,
    kind: 'medusa',
    madeOf: [`${shopsFolder}/package-lock.json`],
    async fill(databaseUrl) {
      await medusa(databaseUrl, 'db:migrate', '--skip-scripts');
      await medusa(databaseUrl, 'user', '-e', administrator.email, '-p', administrator.password);
    },
    begin: (shop) => shop.query("select setval('order_display_id_seq', $1, false)", [firstOrder]),
  });

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
