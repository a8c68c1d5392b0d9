// What the command lines of all real shops do: start one shop, tell of it in one line of JSON, and stay until it ends.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const toNumber = (text, name) => {
  if (!/^\d+$/.test(text)) throw new Error(`--${name} takes a whole number, not '${text}'.`);
  return Number(text);
};

/** An option: the word that stands for its value, what it is, how it is read, and under which name it is handed on. */
const everyShop = (kind) => ({
  code: { value: 'CODE', says: "the shop's name, such as se", needed: true },
  port: { value: 'PORT', says: 'where it listens on 127.0.0.1', needed: true, read: toNumber },
  postgres: {
    value: 'URL',
    says: 'a server on which it may make databases, such as TEST_POSTGRES_URL',
    needed: true,
  },
  database: { value: 'NAME', says: `its database there (default: ${kind}_CODE), kept between starts` },
  fresh: { says: 'begin with an empty shop' },
  articles: {
    value: 'A,B,C',
    says: 'what it sells',
    default: 'ART-1,ART-2,ART-3',
    read: (text) => text.split(','),
    as: 'skus',
  },
  stock: { value: 'N', says: 'pieces of each at first', default: '10', read: toNumber },
});

/** For `options` of a shop whose orders have numbers that may begin somewhere. */
export const firstOrder = {
  'first-order': {
    value: 'N',
    says: 'number of its first order',
    default: '1',
    read: toNumber,
    as: 'firstOrder',
  },
};

/** For `options` of a shop that has a plugin; `whose` says where its options are explained. */
export const plugin = (whose) => ({
  plugin: {
    value: 'JSON',
    says: `options of ${whose}; without them it neither asks nor tells anybody`,
    read: (text) => JSON.parse(text),
  },
});

/**
 * Does what the command line says.
 *
 * @param shop.kind the shop system, such as medusa: the first word of the line that says that it sells
 * @param shop.program the path of the command in the repository
 * @param shop.needs a path below the folder of the command that is there once the shop is installed
 * @param shop.install the command that installs it
 * @param shop.options what it takes beside the options of every shop
 * @param shop.run starts the shop in this very process, and gives back what a test has to know of it
 * @param shop.commands other commands by their names, each a function of the words after it
 * @param shop.listed which of them are for people
 */
export async function shopCommand(shop) {
  const { commands = {}, listed = [] } = shop;
  const [command, ...args] = process.argv.slice(2);
  if (!existsSync(join(import.meta.dirname, '../..', shop.program, '..', shop.needs))) {
    console.error(`${shop.kind} is not installed. Run: ${shop.install}`);
    process.exit(1);
  }
  const options = { ...everyShop(shop.kind), ...shop.options };
  const usage = usageOf(shop, options, listed);
  try {
    if (command === 'start') await start(shop, optionsIn(args, options));
    else if (Object.hasOwn(commands, command ?? '')) await commands[command](...args);
    else throw new WrongUse(command ? `There is no command ${command}.` : 'A command is missing.');
  } catch (error) {
    console.error(error instanceof WrongUse ? `${error.message}\n\n${usage}` : error.message);
    process.exit(error instanceof WrongUse ? 64 : 1);
  }
}

class WrongUse extends Error {}

async function start({ kind, run }, given) {
  const database = given.database ?? `${kind}_${given.code.toLowerCase().replace(/[^a-z0-9]/g, '_')}`;
  console.log(`${kind} ready ${JSON.stringify(await run({ ...given, database }))}`);
}

function optionsIn(args, options) {
  try {
    const { values } = parseArgs({
      args,
      options: Object.fromEntries(
        Object.entries(options).map(([name, { value, default: fallback }]) => [
          name,
          value
            ? { type: 'string', ...(fallback && { default: fallback }) }
            : { type: 'boolean', default: false },
        ]),
      ),
    });
    const missing = Object.keys(options).find((name) => options[name].needed && !values[name]);
    if (missing) throw new Error(`--${missing} is missing.`);
    return Object.fromEntries(
      Object.entries(values).map(([name, value]) => {
        const { read = (text) => text, as = name } = options[name];
        return [as, read(value, name)];
      }),
    );
  } catch (error) {
    throw new WrongUse(error.message);
  }
}

function usageOf({ kind, program }, options, listed) {
  const lines = Object.entries(options).map(([name, { value = '', says, default: fallback }]) => {
    const left = `  --${name} ${value}`.padEnd(26);
    return `${left}${says}${fallback ? ` (default: ${fallback})` : ''}`;
  });
  return [
    `usage: node ${program} start --code CODE --port PORT --postgres URL [options]`,
    ...listed.map((command) => `       node ${program} ${command}`),
    '',
    ...lines,
    '',
    `It prints '${kind} ready ' and one line of JSON when it sells, and stays until SIGTERM.`,
  ].join('\n');
}
