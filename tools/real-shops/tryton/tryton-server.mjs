// Runs one Tryton as a child of this very process, so that a signal to it is a signal to Tryton.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { requireFreePort } from '../free-port.mjs';
import { shopDatabase, storedShop, storeShop } from '../shop-database.mjs';
import { programOf, run } from './tryton-install.mjs';
import { trytonRpc } from './tryton-rpc.mjs';
import { keeperOf } from './tryton-keeper.mjs';

const here = import.meta.dirname;
const modules =
  'sale purchase stock account_invoice_stock product_measurements stock_package_shipping sale_amendment purchase_amendment';
const administrator = { username: 'admin', password: 'a-password-for-tests-only' };
const channelUser = { username: 'samlast', password: 'the-password-of-the-channel' };

/** Gives back the description of the ERP once it answers; it ends with this process, in order on SIGTERM. */
export async function runTryton({ code, port, articles, stock, ...options }) {
  await requireFreePort(port);
  const folder = mkdtempSync(join(tmpdir(), 'tryton-'));
  let isNew = false;
  const databaseUrl = await shopDatabase(options.postgres, options.database, {
    fresh: options.fresh,
    kind: 'tryton',
    madeOf: ['requirements.txt', 'seed.py', 'tryton-server.mjs'].map((file) => join(here, file)),
    fill: (url) => makeTables(folder, url),
    begin: () => {
      isNew = true;
    },
  });
  const database = new URL(databaseUrl).pathname.slice(1);
  const config = writeConfig(folder, databaseUrl, port);
  const url = `http://127.0.0.1:${port}`;
  await serve({ folder, config, database, url });
  const basics = await storedShop(databaseUrl);
  const erp = { ...basics, code, url, database, administrator, channelUser };
  if (isNew) for (const article of articles) await keeperOf(erp).addArticle(article, { stock });
  return erp;
}

async function makeTables(folder, databaseUrl) {
  const config = writeConfig(folder, databaseUrl, 0);
  const database = new URL(databaseUrl).pathname.slice(1);
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, administrator.password);
  const admin = (...args) =>
    run(programOf('trytond-admin'), ['-c', config, '-d', database, ...args], {
      TRYTONPASSFILE: passwordFile,
    });
  await admin('--all', '--email', 'admin@erp.example');
  await admin('--update', ...modules.split(' '), '--activate-dependencies');
  const seed = [join(here, 'seed.py'), config, database, channelUser.password];
  await storeShop(databaseUrl, JSON.parse((await run(programOf('python'), seed)).trim().split('\n').at(-1)));
}

function writeConfig(folder, databaseUrl, port) {
  const { username, password, hostname, port: postgresPort } = new URL(databaseUrl);
  const user = password ? `${username}:${password}` : username;
  const lines = [
    '[database]',
    `uri = postgresql://${user}@${hostname}:${postgresPort || 5432}/`,
    '[web]',
    `listen = 127.0.0.1:${port}`,
    '[session]',
    'timeout = 86400',
    'max_age = 864000',
  ];
  const file = join(folder, `trytond-${port}.conf`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  return file;
}

async function serve({ folder, config, database, url }) {
  const args = [join(here, 'serve.py'), programOf('trytond'), '-c', config, '-d', database];
  const server = spawn(programOf('python'), args, { stdio: ['pipe', 'inherit', 'inherit'] });
  server.once('exit', (code) => {
    rmSync(folder, { recursive: true, force: true });
    process.exit(code ?? 0);
  });
  process.once('SIGTERM', () => server.stdin.end());
  const ask = trytonRpc(url);
  for (;;) {
    try {
      await ask('common.server.version');
      return;
    } catch (error) {
      if (server.exitCode !== null) throw error;
      await wait(100);
    }
  }
}
