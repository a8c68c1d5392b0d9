import { runSeed } from './run-seed.ts';

const args = process.argv.slice(2);
const number = (name: string, fallback: number) => {
  const at = args.indexOf(`--${name}`);
  return at < 0 ? fallback : Number(args[at + 1]);
};
const steps = number('steps', 2000);
const only = args.includes('--seed') ? number('seed', 1) : undefined;
if (only !== undefined) {
  const { world, broken } = runSeed(only, steps, undefined, true);
  if (args.includes('--trace')) console.log(world.log.join('\n'));
  else console.log(world.log.slice(-40).join('\n'));
  console.log(broken ? `promise ${broken.promise}: ${broken.message}` : 'kept');
} else {
  const from = number('from', 1);
  const seeds = number('seeds', 100);
  let failed = 0;
  let total = 0;
  const begun = performance.now();
  for (let seed = from; seed < from + seeds; seed++) {
    const { world, broken } = runSeed(seed, steps);
    total += world.steps;
    if (broken) {
      failed++;
      console.log(
        `seed ${seed} after ${world.steps}: promise ${broken.promise}: ${broken.message.slice(0, 300)}`,
      );
    }
  }
  const seconds = (performance.now() - begun) / 1000;
  console.log(`${total} steps, ${Math.round(total / seconds)} a second`);
  console.log(`${seeds - failed} passed, ${failed} failed`);
}
