import { deciders } from './deciders.ts';
import { FAULTS, Faults } from './faults.ts';
import { mutants } from './mutants.ts';
import { runSeed } from './run-seed.ts';
import found from './samples.json' with { type: 'json' };

const LAST_EVENTS = 25;
const SEEDS_PER_MUTANT = 300;
/** With fewer seeds a rare fault may not strike. */
const SEEDS_FOR_ALL_FAULTS = 200;

const args = process.argv.slice(2);
const has = (name: string) => args.includes(`--${name}`);
const text = (name: string) => (has(name) ? args[args.indexOf(`--${name}`) + 1] : undefined);
const number = (name: string, fallback: number) => Number(text(name) ?? fallback);
const say = (line: string) => process.stdout.write(`${line}\n`);

const steps = Math.max(2_000, number('steps', 2_000));
let passed = 0;
let failed = 0;

function count(good: boolean): void {
  if (good) passed++;
  else failed++;
}

function decidersOf(name: string | undefined) {
  if (name === undefined) return deciders;
  const mutant = mutants.find((one) => one.name === name);
  if (!mutant)
    throw new Error(`there is no mutant ${name}; there are ${mutants.map((one) => one.name).join(', ')}`);
  return { ...deciders, ...mutant.spoil };
}

/** What was said about the article or the order last, of a run that is made again with its trace. */
function explain(seed: number, about: string, narrow: boolean): void {
  const { world } = runSeed(seed, steps, decidersOf(text('mutant')), { tracing: true, narrow });
  const lines = about === '' ? world.log : world.log.filter((line) => line.includes(about));
  for (const line of lines.slice(-LAST_EVENTS)) say(`  ${line.slice(0, 300)}`);
  say(`  all of it: npm run simulate -- --seed ${seed} --trace${narrow ? ' --narrow' : ''}`);
}

interface Seed {
  readonly seed: number;
  readonly narrow: boolean;
}

const named = (seeds: readonly number[], narrow = has('narrow')) =>
  seeds.map((seed): Seed => ({ seed, narrow }));
const samples = [...named(found.narrow, true), ...named(found.wide, false)];

function runSeeds(seeds: readonly Seed[]): void {
  const by = decidersOf(text('mutant'));
  const faults = new Faults();
  let taken = 0;
  const begun = performance.now();
  for (const { seed, narrow } of seeds) {
    const { world, broken } = runSeed(seed, steps, by, { narrow });
    taken += world.steps;
    faults.add(world.faults);
    count(!broken);
    if (!broken) continue;
    say(`seed ${seed}: promise ${broken.promise} broken after ${world.steps} steps: ${broken.message}`);
    explain(seed, broken.about, narrow);
  }
  const seconds = (performance.now() - begun) / 1000;
  for (const fault of FAULTS) {
    const times = faults.counts.get(fault) ?? 0;
    say(`${String(times).padStart(9)} ${fault}`);
    if (seeds.length >= SEEDS_FOR_ALL_FAULTS) count(times > 0);
  }
  say(
    `${seeds.length} seeds, ${taken} steps in ${seconds.toFixed(1)} s: ${Math.round(taken / seconds)} a second`,
  );
}

function runMutants(): void {
  const most = number('seeds', SEEDS_PER_MUTANT);
  const seeds = [...named(Array.from({ length: most }, (_, index) => index + 1)), ...samples];
  for (const { name, of, spoil, unseen } of mutants) {
    if (has('mutant') && text('mutant') !== name) continue;
    let promise: string | undefined;
    const by = { ...deciders, ...spoil };
    const caught = seeds.find(
      ({ seed, narrow }) => (promise = runSeed(seed, steps, by, { narrow }).broken?.promise) !== undefined,
    );
    count(promise !== undefined || unseen !== undefined);
    if (promise !== undefined)
      say(
        `caught  ${name} (${of}) by promise ${promise}, seed ${caught?.seed}${caught?.narrow ? ' (narrow)' : ''}`,
      );
    else say(`missed  ${name} (${of})${unseen === undefined ? '' : `, as expected: ${unseen}`}`);
  }
}

if (has('seed')) {
  const seed = number('seed', 1);
  const how = { tracing: true, narrow: has('narrow') };
  const { world, broken } = runSeed(seed, steps, decidersOf(text('mutant')), how);
  for (const line of has('trace') ? world.log : world.log.slice(-LAST_EVENTS)) say(line);
  say(broken ? `promise ${broken.promise} broken: ${broken.message}` : 'every promise was kept');
  count(!broken);
} else {
  if (has('mutants')) runMutants();
  else {
    const from = number('from', 1);
    const seeds = Array.from({ length: number('seeds', 100) }, (_, index) => from + index);
    runSeeds([...(has('from') ? [] : samples), ...named(seeds)]);
  }
}
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
