// Packs libs/contracts as it would be published, installs the tarball in an empty folder and uses it as a stranger
// would: plain Node imports it and runs the README's example, and tsc checks a consumer with strict settings.
// usage: node tools/pack-contracts.mjs [folder that keeps the tarball]
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const library = join(root, 'libs/contracts');
const tsc = join(root, 'node_modules/typescript/bin/tsc');
const work = mkdtempSync(join(tmpdir(), 'samlast-contracts-'));
const packed = join(work, 'package');
const stranger = join(work, 'stranger');

const read = (path) => readFileSync(path, 'utf8');
const writeJson = (path, value) => writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);

/** Runs a step and gives its standard output; a step that fails ends everything with what it said. */
function step(what, cwd, command, ...args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status === 0) return stdout;
  throw new Error(`${what} failed:\n${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`);
}

function compile() {
  writeJson(join(work, 'tsconfig.json'), {
    extends: join(root, 'tsconfig.base.json'),
    compilerOptions: {
      noEmit: false,
      declaration: true,
      rewriteRelativeImportExtensions: true,
      // A library that needs Node's types would not compile: it must run in a browser too.
      types: [],
      rootDir: join(library, 'src'),
      outDir: join(packed, 'dist'),
    },
    files: [join(library, 'src/index.ts')],
    include: [],
  });
  step('The compilation of libs/contracts', library, process.execPath, tsc, '-p', work);
}

function assemble() {
  const { name, version, description, license, type, dependencies } = JSON.parse(
    read(join(library, 'package.json')),
  );
  for (const path of ['README.md', 'asyncapi.json', 'schemas', 'samples'])
    cpSync(join(library, path), join(packed, path), { recursive: true });
  cpSync(join(root, 'LICENSE'), join(packed, 'LICENSE'));
  writeJson(join(packed, 'package.json'), {
    name,
    version,
    description,
    license,
    type,
    exports: {
      '.': { types: './dist/index.d.ts', default: './dist/index.js' },
      './asyncapi.json': './asyncapi.json',
      './schemas/*': './schemas/*',
      './samples/*': './samples/*',
      './package.json': './package.json',
    },
    files: ['dist', 'schemas', 'samples', 'asyncapi.json'],
    sideEffects: false,
    engines: { node: '>=20.19' },
    dependencies,
  });
  const [tarball] = JSON.parse(step('npm pack', packed, 'npm', 'pack', '--json', '--pack-destination', work));
  return tarball;
}

function install(tarball) {
  mkdirSync(stranger);
  writeJson(join(stranger, 'package.json'), { name: 'stranger', private: true, type: 'module' });
  step(
    'npm install of the tarball',
    stranger,
    'npm',
    'install',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    join(work, tarball.filename),
  );
}

/** The code blocks of one language in the README. */
function blocks(language) {
  const found = [...read(join(library, 'README.md')).matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)];
  return found.filter((block) => block[1] === language).map((block) => block[2]);
}

function run() {
  writeFileSync(join(stranger, 'read.mjs'), blocks('js')[0]);
  writeFileSync(
    join(stranger, 'run.mjs'),
    `import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { events } from '@samlast/contracts';
import { read } from './read.mjs';
const require = createRequire(import.meta.url);
for (const [type, { of }] of events) of(require('@samlast/contracts/samples/' + type + '.json'));
const shipped = require.resolve('@samlast/contracts/samples/order.shipped.json');
require('@samlast/contracts/schemas/order.shipped.json');
require('@samlast/contracts/asyncapi.json');
console.log(read({ ce_type: Buffer.from('order.shipped') }, readFileSync(shipped)));
`,
  );
  const said = step('The README’s example in plain Node', stranger, process.execPath, 'run.mjs').trim();
  const expected = 'SE 5178: 3.5 pieces, tracking number 00373325386502334455';
  if (said !== expected)
    throw new Error(`The README's example said '${said}', but the sample order.shipped means '${expected}'.`);
}

function typecheck() {
  writeJson(join(stranger, 'tsconfig.json'), {
    compilerOptions: {
      strict: true,
      module: 'nodenext',
      target: 'es2022',
      types: [],
      noEmit: true,
      exactOptionalPropertyTypes: true,
    },
    files: ['consumer.ts', 'wrong.ts'],
  });
  writeFileSync(join(stranger, 'consumer.ts'), blocks('ts').join('\n'));
  // Types that had become `any` would accept everything, so something wrong must be refused.
  writeFileSync(
    join(stranger, 'wrong.ts'),
    `import { type DataOf, OrderShipped, toMilli } from '@samlast/contracts';
// @ts-expect-error a parcel is not a number
export const parcel: DataOf<typeof OrderShipped>['parcel'] = 7;
// @ts-expect-error thousandths are a bigint
export const pieces: number = toMilli('1');
`,
  );
  step('The type check of a consumer', stranger, process.execPath, tsc, '-p', '.');
}

try {
  mkdirSync(packed);
  compile();
  const tarball = assemble();
  const names = tarball.files.map((file) => file.path);
  for (const needed of ['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts', 'asyncapi.json'])
    if (!names.includes(needed)) throw new Error(`The tarball has no ${needed}.`);
  const strays = names.filter(
    (name) => /\.spec\.|\/testing\/|generate|\.ts$/.test(name) && !name.endsWith('.d.ts'),
  );
  if (strays.length)
    throw new Error(`The tarball holds what only the repository needs: ${strays.join(', ')}.`);
  install(tarball);
  run();
  typecheck();
  const keep = process.argv[2];
  if (keep) cpSync(join(work, tarball.filename), join(keep, tarball.filename));
  console.log(
    `${tarball.id}: ${names.length} files, ${Math.round(tarball.size / 1024)} kB; plain Node ${process.version} runs it, a strict consumer type-checks`,
  );
} catch (error) {
  console.error(`The contracts package cannot be published. ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
