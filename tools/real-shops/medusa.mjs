// Real Medusa shops for tests. usage: node tools/real-shops/medusa.mjs start|check [options], see README.md
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

const usage = `usage: node tools/real-shops/medusa.mjs start --code CODE --port PORT --postgres URL [options]
       node tools/real-shops/medusa.mjs check

  --code CODE             the shop's name, such as se
  --port PORT             where it listens on 127.0.0.1
  --postgres URL          a server on which it may make databases, such as TEST_POSTGRES_URL
  --database NAME         its database there (default: medusa_CODE), kept between starts
  --fresh                 begin with an empty shop
  --articles A,B,C        what it sells (default: ART-1,ART-2,ART-3)
  --stock N               pieces of each at first (default: 10)
  --first-order N         number of its first order (default: 1)
  --webhook-url URL       where it posts its events, with
  --webhook-secret SECRET the key of their Standard Webhooks signature, whsec_...

It prints 'medusa ready ' and one line of JSON when it sells, and stays until SIGTERM.`;

function fail(why) {
  console.error(`${why}\n\n${usage}`);
  process.exit(64);
}

function giveUp(error) {
  console.error(error.message);
  process.exit(1);
}

function options(args) {
  const text = { type: 'string' };
  try {
    const { values } = parseArgs({
      args,
      options: {
        code: text,
        port: text,
        postgres: text,
        database: text,
        fresh: { type: 'boolean', default: false },
        articles: { type: 'string', default: 'ART-1,ART-2,ART-3' },
        stock: { type: 'string', default: '10' },
        'first-order': { type: 'string', default: '1' },
        'webhook-url': text,
        'webhook-secret': text,
      },
    });
    return values;
  } catch (error) {
    return fail(error.message);
  }
}

async function start(args) {
  const given = options(args);
  for (const name of ['code', 'port', 'postgres']) if (!given[name]) fail(`--${name} is missing.`);
  for (const name of ['port', 'stock', 'first-order']) {
    if (!/^\d+$/.test(given[name])) fail(`--${name} takes a whole number, not '${given[name]}'.`);
  }
  if (!given['webhook-url'] !== !given['webhook-secret'])
    fail('--webhook-url and --webhook-secret go together.');
  const { runMedusaShop } = await import('./medusa-server.mjs');
  const shop = await runMedusaShop({
    code: given.code,
    port: Number(given.port),
    postgres: given.postgres,
    database: given.database ?? `medusa_${given.code.toLowerCase().replace(/[^a-z0-9]/g, '_')}`,
    fresh: given.fresh,
    skus: given.articles.split(','),
    stock: Number(given.stock),
    firstOrder: Number(given['first-order']),
    webhook: given['webhook-url'] && { url: given['webhook-url'], secret: given['webhook-secret'] },
  });
  console.log(`medusa ready ${JSON.stringify(shop)}`);
}

const [command, ...args] = process.argv.slice(2);
if (!existsSync(new URL('node_modules/@medusajs/cli', import.meta.url))) {
  console.error('Medusa is not installed. Run: (cd tools/real-shops && npm ci)');
  process.exit(1);
}
if (command === 'start') await start(args).catch(giveUp);
else if (command === 'check') await (await import('./medusa-check.mjs')).check().catch(giveUp);
else fail(command ? `There is no command ${command}.` : 'A command is missing.');
