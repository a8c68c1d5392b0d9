// Runs one shop in this very process, so that a signal to it is a signal to the shop.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { requireFreePort } from '../free-port.mjs';
import { shopDatabase, storedShop, storeShop } from '../shop-database.mjs';
import { adminApi } from './vendure-api.mjs';
import { administrator, basics, require, vendureConfig } from './vendure-config.mjs';
import { seedShop } from './vendure-seed.mjs';

const program = join(import.meta.dirname, 'vendure.mjs');

/** Gives back the shop's description once it sells; the shop ends with the process, in order on SIGTERM. */
export async function runVendureShop({ code, port, skus, stock, plugin, ...options }) {
  await requireFreePort(port);
  const databaseUrl = await shopDatabase(options.postgres, options.database, {
    fresh: options.fresh,
    kind: 'vendure',
    madeOf: ['package-lock.json', 'vendure-config.mjs', '../../../plugins/vendure/index.js'].map((file) =>
      join(import.meta.dirname, file),
    ),
    fill: (url) => populateApart(url),
    begin: () => undefined,
  });
  process.env.VENDURE_DISABLE_TELEMETRY = 'true';
  const { bootstrap } = require('@vendure/core');
  const app = await bootstrap(vendureConfig({ databaseUrl, port, plugin }));
  app.enableShutdownHooks();
  const url = `http://127.0.0.1:${port}`;
  const stored = await storedShop(databaseUrl);
  if (stored) return { ...stored, url };
  const description = {
    ...(await seedShop(await adminApi({ url, administrator }), { code, skus, stock })),
    administrator,
  };
  await storeShop(databaseUrl, description);
  return { ...description, url };
}

/** In a process of its own, since Vendure keeps what it was started with for as long as its process lives. */
async function populateApart(databaseUrl) {
  try {
    await promisify(execFile)(process.execPath, [program, 'populate', databaseUrl], { maxBuffer: 1 << 26 });
  } catch (error) {
    throw new Error(`Vendure made no tables: ${(error.stdout + error.stderr).slice(-4000)}`, {
      cause: error,
    });
  }
}

export async function populate(databaseUrl) {
  process.env.VENDURE_DISABLE_TELEMETRY = 'true';
  const { bootstrap } = require('@vendure/core');
  const { populate: fill } = require('@vendure/core/cli');
  const config = vendureConfig({ databaseUrl, port: 0, synchronize: true });
  const app = await fill(() => bootstrap(config), basics);
  await app.close();
}
