import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { deciders } from './deciders.ts';
import { type Width, WIDTHS } from './extras.ts';
import { FAULTS, Faults } from './faults.ts';
import { mutants } from './mutants.ts';
import { Pace } from './pace.ts';
import { runSeed } from './run-seed.ts';
import found from './samples.json' with { type: 'json' };

const LAST_EVENTS = 25;
const SEEDS_PER_MUTANT = 300;
/** With fewer seeds a rare fault may not strike, and code that was compiled just now is slow. */
const SEEDS_FOR_ALL = 200;
/** Asked are 100,000 on a core that has nothing else to do; a crowded one makes less than half of that. */
const RATE_LEAST = 40_000;

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
function explain({ seed, width }: Seed, about: string): void {
  const { world } = runSeed(seed, steps, decidersOf(text('mutant')), { tracing: true, width });
  const lines = about === '' ? world.log : world.log.filter((line) => line.includes(about));
  for (const line of lines.slice(-LAST_EVENTS)) say(`  ${line.slice(0, 300)}`);
  say(`  all of it: npm run simulate -- --seed ${seed} --trace${width === 'full' ? '' : ` --${width}`}`);
}

interface Seed {
  readonly seed: number;
  readonly width: Width;
}

const widthAsked = WIDTHS.find(has) ?? 'full';
const named = (seeds: readonly number[], width = widthAsked) => seeds.map((seed): Seed => ({ seed, width }));
const samples = WIDTHS.flatMap((width) => named(found[width], width));

function runSeeds(seeds: readonly Seed[]): void {
  const by = decidersOf(text('mutant'));
  const faults = new Faults();
  const pace = new Pace();
  const isLong = seeds.length >= SEEDS_FOR_ALL;
  let taken = 0;
  const begun = performance.now();
  for (const one of seeds) {
    const { seed, width } = one;
    const { world, broken } = pace.measure(() => runSeed(seed, steps, by, { width }));
    taken += world.steps;
    faults.add(world.faults);
    count(!broken);
    if (!broken) continue;
    say(`seed ${seed}: promise ${broken.promise} broken after ${world.steps} steps: ${broken.message}`);
    explain(one, broken.about);
  }
  const seconds = (performance.now() - begun) / 1000;
  for (const fault of FAULTS) {
    const times = faults.counts.get(fault) ?? 0;
    say(`${String(times).padStart(9)} ${fault}`);
    if (isLong) count(times > 0);
  }
  say(
    `${seeds.length} seeds, ${taken} steps in ${seconds.toFixed(1)} s: ${Math.round(taken / seconds)} a second, ` +
      `${pace.average} in a second of CPU time, ${pace.best} at best`,
  );
  if (isLong && text('mutant') === undefined) judge(pace.best);
}

/** A simulation that has become slow sees fewer worlds in the same time, and nobody notices. */
function judge(rate: number): void {
  const enough = rate >= RATE_LEAST;
  count(enough);
  if (enough) return;
  say(
    `too slow: ${rate} steps in a second of CPU time at best, and at least ${RATE_LEAST} should be. Run it with ` +
      `node --cpu-prof, and see what takes the time since it was faster.`,
  );
}

/** Every so many-th of them, on a core of its own. */
async function runPart(part: number, parts: number): Promise<void> {
  const more = ['--part', String(part), '--parts', String(parts)];
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1] ?? '', ...args, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let counts: RegExpExecArray | null = null;
  createInterface(child.stdout).on('line', (line) => {
    const end = /^(\d+) passed, (\d+) failed$/.exec(line);
    if (end) counts = end;
    else say(line);
  });
  await once(child, 'close');
  // One that ended without saying its counts has not tried all of its mutants.
  const [, good = 0, bad = 1] = (counts ?? []) as string[];
  passed += Number(good);
  failed += Number(bad);
}

async function runAllMutants(): Promise<void> {
  const parts = Math.min(availableParallelism(), mutants.length);
  await Promise.all(Array.from({ length: parts }, (_, part) => runPart(part, parts)));
}

function runMutants(): void {
  const most = number('seeds', SEEDS_PER_MUTANT);
  const seeds = [...named(Array.from({ length: most }, (_, index) => index + 1)), ...samples];
  const mine = mutants.filter((_, index) => index % number('parts', 1) === number('part', 0));
  for (const { name, of, spoil, moment } of mine) {
    if (has('mutant') && text('mutant') !== name) continue;
    let promise: string | undefined;
    const by = { ...deciders, ...spoil };
    if (moment) {
      const wrong = moment(by);
      const kept = moment(deciders) === undefined;
      count(wrong !== undefined && kept);
      say(`${wrong !== undefined && kept ? 'caught' : 'missed'}  ${name} (${of}) by its moment: ${wrong}`);
      continue;
    }
    const caught = seeds.find(({ seed, width }) => {
      const { broken } = runSeed(seed, steps, by, { width });
      // A world that breaks a promise by itself shows nothing of the mistake.
      if (!broken || runSeed(seed, steps, deciders, { width }).broken) return false;
      promise = broken.promise;
      return true;
    });
    count(promise !== undefined);
    if (promise !== undefined)
      say(`caught  ${name} (${of}) by promise ${promise}, seed ${caught?.seed} (${caught?.width})`);
    else say(`missed  ${name} (${of})`);
  }
}

if (has('seed')) {
  const seed = number('seed', 1);
  const how = { tracing: true, width: widthAsked };
  const { world, broken } = runSeed(seed, steps, decidersOf(text('mutant')), how);
  for (const line of has('trace') ? world.log : world.log.slice(-LAST_EVENTS)) say(line);
  say(broken ? `promise ${broken.promise} broken: ${broken.message}` : 'every promise was kept');
  count(!broken);
} else {
  if (has('mutants') && (has('mutant') || has('parts'))) runMutants();
  else if (has('mutants')) await runAllMutants();
  else {
    const from = number('from', 1);
    const seeds = Array.from({ length: number('seeds', 100) }, (_, index) => from + index);
    runSeeds([...(has('from') ? [] : samples), ...named(seeds)]);
  }
}
say(`${passed} passed, ${failed} failed`);
process.exitCode = failed > 0 ? 1 : 0;
