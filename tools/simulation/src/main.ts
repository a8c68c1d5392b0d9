import { deciders } from './deciders.ts';
import { Faults } from './faults.ts';
import { mutants } from './mutants.ts';
import { runSeed } from './run-seed.ts';

/** With so many seeds every kind of fault must have struck, or the run has proven nothing about it. */
const SEEDS_FOR_ALL_FAULTS = 300;

const args = process.argv.slice(2);
const number = (name: string, fallback: number) => {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(args[at + 1]);
};
const steps = number('steps', 2000);

if (args.includes('--seed')) showSeed(number('seed', 1));
else if (args.includes('--mutants')) tryMutants(number('seeds', 200));
else trySeeds(number('from', 1), number('seeds', 100));

function showSeed(seed: number): void {
  const { world, broken } = runSeed(seed, steps, undefined, true);
  console.log((args.includes('--trace') ? world.log : world.log.slice(-40)).join('\n'));
  console.log(broken ? `promise ${broken.promise}: ${broken.message}` : 'kept');
  if (broken) process.exitCode = 1;
}

function trySeeds(from: number, seeds: number): void {
  const faults = new Faults();
  let failed = 0;
  let total = 0;
  const begun = performance.now();
  for (let seed = from; seed < from + seeds; seed++) {
    const { world, broken } = runSeed(seed, steps);
    total += world.steps;
    faults.add(world.faults);
    if (!broken) continue;
    failed++;
    const message = broken.message.slice(0, 300);
    console.log(`seed ${seed} after ${world.steps}: promise ${broken.promise}: ${message}`);
  }
  const seconds = (performance.now() - begun) / 1000;
  for (const [fault, count] of faults.counts) console.log(`${String(count).padStart(8)}  ${fault}`);
  console.log(`${total} steps, ${Math.round(total / seconds)} a second`);
  const never = [...faults.counts].filter(([, count]) => count === 0).map(([fault]) => fault);
  if (seeds >= SEEDS_FOR_ALL_FAULTS && never.length > 0) {
    failed++;
    console.log(`never happened, so nothing is known of it: ${never.join(', ')}`);
  }
  console.log(`${seeds - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

function tryMutants(seeds: number): void {
  let failed = 0;
  for (const mutant of mutants) {
    const seen = mutant.seen ? ` (${mutant.seen})` : '';
    const caught = firstBroken({ ...deciders, ...mutant.deciders }, seeds);
    if (!caught) failed++;
    console.log(`${caught ? 'passed' : 'FAILED'} ${mutant.name}${seen}: ${caught ?? 'no seed shows it'}`);
  }
  console.log(`${mutants.length - failed} passed, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

function firstBroken(by: typeof deciders, seeds: number): string | undefined {
  for (let seed = 1; seed <= seeds; seed++) {
    const { world, broken } = runSeed(seed, steps, by);
    if (!broken) continue;
    const message = broken.message.slice(0, 120);
    return `seed ${seed} after ${world.steps}: promise ${broken.promise}: ${message}`;
  }
  return undefined;
}
