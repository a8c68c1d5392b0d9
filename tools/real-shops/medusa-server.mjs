// Runs one shop in this very process, so that a signal to it is a signal to the shop.
import { createRequire } from 'node:module';
import { setTimeout as wait } from 'node:timers/promises';
import { adminApiByPassword } from './medusa-api.mjs';
import { medusaDatabase } from './medusa-database.mjs';
import { administrator, medusaEnvironment, shopsFolder } from './medusa-environment.mjs';
import { seedShop } from './medusa-seed.mjs';
import { requireFreePort } from './free-port.mjs';
import { installPlugin } from './install-plugin.mjs';
import { storedShop, storeShop } from './shop-database.mjs';

/** Gives back the shop's description once it sells; the shop ends with the process, in order on SIGTERM. */
export async function runMedusaShop({ code, port, skus, stock, plugin, hook, ...options }) {
  await requireFreePort(port);
  const databaseUrl = await medusaDatabase(options.postgres, options.database, options);
  Object.assign(process.env, medusaEnvironment(databaseUrl));
  installPlugin('medusa', shopsFolder, { src: '.medusa/server/src' });
  if (plugin) process.env.SAMLAST_PLUGIN = JSON.stringify(plugin);
  if (hook === 'own') process.env.SAMLAST_VALIDATE_HOOK = hook;
  process.chdir(shopsFolder);
  process.argv = [process.execPath, 'medusa', 'start', '-H', '127.0.0.1', '-p', String(port)];
  createRequire(import.meta.url)('@medusajs/cli/cli.js');
  const url = `http://127.0.0.1:${port}`;
  await answersHealth(url);
  const stored = await storedShop(databaseUrl);
  if (stored) return { ...stored, url };
  const admin = await adminApiByPassword(url, administrator);
  const description = { ...(await seedShop(admin, { code, skus, stock })), administrator };
  await storeShop(databaseUrl, description);
  return { ...description, url };
}

/** Medusa ends the process itself when it cannot start, so this needs no end of its own. */
async function answersHealth(url) {
  for (;;) {
    try {
      if ((await fetch(`${url}/health`)).ok) return;
    } catch {
      // It does not listen yet.
    }
    await wait(100);
  }
}
