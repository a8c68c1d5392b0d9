// Runs one shop in this very process, so that a signal to it is a signal to the shop.
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { adminApiByPassword } from './medusa-api.mjs';
import { shopDatabase, storedShop, storeShop } from './medusa-database.mjs';
import { administrator, medusaEnvironment, shopsFolder } from './medusa-environment.mjs';
import { seedShop } from './medusa-seed.mjs';

/** Gives back the shop's description once it sells; the shop ends with the process, in order on SIGTERM. */
export async function runMedusaShop({ code, port, skus, stock, webhook, ...options }) {
  await requireFreePort(port);
  const databaseUrl = await shopDatabase(options.postgres, options.database, options);
  Object.assign(process.env, medusaEnvironment(databaseUrl));
  if (webhook) process.env.SHOP_WEBHOOK_URL = webhook.url;
  if (webhook) process.env.SHOP_WEBHOOK_SECRET = webhook.secret;
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

/** Else the shop that has the port would answer for this one. */
async function requireFreePort(port) {
  const server = createServer().listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new Error(`Port ${port} of 127.0.0.1 is not free (${error.code}): give another one by --port.`, {
      cause: error,
    });
  }
  server.close();
  await once(server, 'close');
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
