// A real Tryton for tests. usage: node tools/real-shops/tryton/tryton.mjs install | start [options], see README.md
import { parseArgs } from 'node:util';
import { installTryton, isInstalled } from './tryton-install.mjs';

const usage = `usage: node tools/real-shops/tryton/tryton.mjs install
       node tools/real-shops/tryton/tryton.mjs start --code CODE --port PORT --postgres URL [options]

  install                 makes Tryton's Python beside this file; a start does it too where it is missing

  --code CODE             the ERP's name, such as erp
  --port PORT             where it listens on 127.0.0.1
  --postgres URL          a server on which it may make databases, such as TEST_POSTGRES_URL
  --database NAME         its database there (default: tryton_CODE), kept between starts
  --fresh                 begin with an empty ERP
  --articles A,B,C        what it sells and buys (default: none)
  --stock N               pieces of each at first (default: 10)

It prints 'tryton ready ' and one line of JSON when it answers, and stays until SIGTERM.`;

function fail(why) {
  console.error(`${why}\n\n${usage}`);
  process.exit(64);
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
        articles: { type: 'string', default: '' },
        stock: { type: 'string', default: '10' },
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
  for (const name of ['port', 'stock']) {
    if (!/^\d+$/.test(given[name])) fail(`--${name} takes a whole number, not '${given[name]}'.`);
  }
  if (!isInstalled()) await installTryton();
  const { runTryton } = await import('./tryton-server.mjs');
  const erp = await runTryton({
    code: given.code,
    port: Number(given.port),
    postgres: given.postgres,
    database: given.database ?? `tryton_${given.code.toLowerCase().replace(/[^a-z0-9]/g, '_')}`,
    fresh: given.fresh,
    articles: given.articles.split(',').filter(Boolean),
    stock: Number(given.stock),
  });
  console.log(`tryton ready ${JSON.stringify(erp)}`);
}

const [command, ...args] = process.argv.slice(2);
try {
  if (command === 'start') await start(args);
  else if (command === 'install') await installTryton();
  else fail(command ? `There is no command ${command}.` : 'A command is missing.');
} catch (error) {
  console.error(error.message);
  process.exit(1);
}
