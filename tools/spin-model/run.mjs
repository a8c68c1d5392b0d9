// Checks the Spin models of this folder exhaustively and ends with the line 'N passed, N failed'.
// usage: node tools/spin-model/run.mjs [model [check]]
// With a model and a check, such as 'claim SECOND_SET', it also tells the counterexample as a story.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, freemem, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { models } from './models.mjs';

const [onlyModel, onlyCheck] = process.argv.slice(2);
const here = fileURLToPath(new URL('.', import.meta.url));

/** A run of one model: `holds` must find nothing in the whole state space, the others must find something. */
function checksOf({ name, holds, wrong, reached }) {
  return [
    ...holds.map(({ says, defines }) => ({ model: name, says, defines, holds: true })),
    ...wrong.map((says) => ({ model: name, says, defines: [`VARIANT_${says}`], holds: false })),
    ...reached.map((says) => ({ model: name, says, defines: [`REACH_${says}`], holds: false })),
  ];
}

async function call(program, args, cwd) {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (more) => (text += more));
  try {
    const [status, signal] = await once(child, 'close');
    if (signal === 'SIGINT') throw new Error(`${program} was interrupted.`);
    return { text, status, missing: false };
  } catch (error) {
    if (error.code === 'ENOENT') return { text, status: null, missing: true };
    throw error;
  }
}

async function requirePrograms() {
  for (const [program, flag, install] of [
    ['spin', '-V', 'apt-get install spin, or see https://spinroot.com'],
    ['cc', '--version', 'apt-get install gcc libc6-dev'],
  ]) {
    if (!(await call(program, [flag])).missing) continue;
    console.error(`${program} is not installed, and nothing can be checked without it: ${install}`);
    process.exit(1);
  }
}

/**
 * The whole space is searched depth first, which takes the least memory. Counterexamples are searched breadth first, so
 * that they come out shortest; they are found sooner than an optimising compiler is ready.
 */
const MEMORY_MB = 3_000;
const exhaustively = ['-O2', '-DSAFETY'];
const untilTheFirst = ['-O0', '-DSAFETY', '-DBFS'];

async function verify({ model, defines, holds }, folder) {
  const source = join('..', 'models', `${model}.pml`);
  const steps = [
    ['spin', ['-a', ...defines.map((define) => `-D${define}`), source]],
    ['cc', [...(holds ? exhaustively : untilTheFirst), '-w', `-DMEMLIM=${MEMORY_MB}`, '-o', 'pan', 'pan.c']],
    ['./pan', ['-m200000']],
  ];
  let text = '';
  for (const [program, args] of steps) {
    const result = await call(program, args, folder);
    if (result.status !== 0) return { text: `${program} ${args.join(' ')}\n${result.text}` };
    text = result.text;
  }
  return { text, ...numbersOf(text) };
}

function numbersOf(text) {
  const number = (pattern) => Number(pattern.exec(text)?.[1]);
  return {
    errors: number(/errors: (\d+)/),
    states: number(/(\d+) states, stored/),
    transitions: number(/(\d+) transitions/),
    depth: number(/depth reached (\d+)/),
    steps: number(/\(at depth (\d+)\)/),
  };
}

/** What is wrong with the outcome of a check; undefined when it is as it should be. */
function complaint({ holds, defines }, { text, errors, steps }) {
  if (!(errors >= 0)) return 'it did not run to its end';
  if (!text.includes('Full statespace search for:') || /hash-compact|bit statespace/i.test(text))
    return 'the search was not exhaustive';
  if (errors > 0 && holds) return `a counterexample was found: ${/^pan:1: .*/m.exec(text)?.[0]}`;
  if (errors > 0)
    return /assertion violated/.test(text) && steps > 0 ? undefined : 'what it found is no failed assertion';
  // A search that ends at its first counterexample says so in the same words.
  if (/max search depth too small|search not completed|out of memory|MEMLIM bound/i.test(text))
    return 'a bound of the search was reached';
  if (!holds) return 'no counterexample was found';
  const unreached = defines.length > 0 ? [] : unreachedIn(text);
  return unreached.length > 0 ? `never reached: ${unreached.join(', ')}` : undefined;
}

/** What was printed on the way to the counterexample. */
async function storyOf({ model, defines }, folder) {
  const source = join('..', 'models', `${model}.pml`);
  const args = ['-T', '-k', `${model}.pml.trail`, ...defines.map((define) => `-D${define}`), source];
  const lines = (await call('spin', args, folder)).text.split('\n');
  const end = lines.findIndex((line) => /trail ends/.test(line));
  return lines
    .slice(0, end)
    .filter((line) => !line.includes('is newer than'))
    .map((line) => `  ${line}`)
    .join('\n');
}

/** Statements that no run reaches, but for ends of processes that never end, and what the model itself calls so. */
function unreachedIn(text) {
  return [...text.matchAll(/^\s+\S*?([\w-]+\.pml):(\d+), state \d+, "(.*)"$/gm)].flatMap(
    ([, file, line, what]) => {
      const source = readFileSync(join(here, file), 'utf8').split('\n')[line - 1];
      return what === '-end-' || source.includes('wrong variants only') ? [] : [`${file}:${line} ${what}`];
    },
  );
}

function report(check, outcome, seconds) {
  const wrong = complaint(check, outcome);
  const found = check.holds ? 'holds' : `counterexample found, ${outcome.steps} steps`;
  console.log(
    [
      check.model.padEnd(22),
      check.says.padEnd(24),
      `${outcome.states ?? '?'} states`.padStart(17),
      `${outcome.transitions ?? '?'} transitions`.padStart(22),
      `depth ${outcome.depth ?? '?'}`.padStart(10),
      `${seconds.toFixed(1)} s`.padStart(7),
      wrong ? `  FAILED: ${wrong}` : `  ${found}`,
    ].join(' '),
  );
  if (wrong && !(outcome.errors >= 0)) console.log(outcome.text);
  return !wrong;
}

/** A variant that stands in a model but not in the table would never be tried. */
function untried(model) {
  const textOf = (file) => readFileSync(join(here, file), 'utf8');
  const own = textOf(`${model.name}.pml`);
  const text = own + [...own.matchAll(/^#include "(.+)"$/gm)].map(([, file]) => textOf(file)).join('');
  const tried = new Set(checksOf(model).flatMap(({ defines }) => defines));
  return [...new Set(text.match(/\b(?:VARIANT|REACH)_\w+/g))].filter((name) => !tried.has(name));
}

const checks = models
  .filter(({ name }) => !onlyModel || name === onlyModel)
  .flatMap(checksOf)
  .filter(({ says }) => !onlyCheck || says === onlyCheck);
if (checks.length === 0) {
  console.error(`There is no such check. Models: ${models.map(({ name }) => name).join(', ')}.`);
  process.exit(1);
}
await requirePrograms();

let passed = 0;
let failed = 0;
for (const model of models) {
  for (const name of untried(model)) {
    failed += 1;
    console.log(`${model.name}: ${name} stands in the model but not in models.mjs, so nobody tries it`);
  }
}
const started = Date.now();
// With a listener an interrupt ends the program that is running, and then this one, which tidies up.
process.on('SIGINT', () => undefined);
const folder = mkdtempSync(join(tmpdir(), 'samlast-spin-'));
try {
  cpSync(here, join(folder, 'models'), { recursive: true });
  // As many at a time as there are cores, and as fit into memory should each need all that it may.
  const atOnce = Math.max(1, Math.min(availableParallelism(), Math.floor(freemem() / 2 ** 20 / MEMORY_MB)));
  const left = [...checks.entries()];
  const work = async () => {
    for (let next = left.shift(); next; next = left.shift()) {
      const [index, check] = next;
      const workplace = join(folder, `check-${index}`);
      mkdirSync(workplace);
      const since = Date.now();
      const outcome = await verify(check, workplace);
      if (report(check, outcome, (Date.now() - since) / 1000)) passed += 1;
      else failed += 1;
      if (onlyCheck && outcome.errors > 0) console.log(await storyOf(check, workplace));
      rmSync(workplace, { recursive: true });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`all of it took ${Math.round((Date.now() - started) / 1000)} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
