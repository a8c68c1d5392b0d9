import type { World } from './world.ts';

const milli = (pieces: number) => BigInt(pieces) * 1000n;

export function setRules(world: World): boolean {
  const { random, scenario, authority } = world;
  if (world.calm) return false;
  const number = random.pick(scenario.articles);
  const limits = new Map<string, { cap?: bigint; pool: bigint }>();
  for (const { code } of world.channels) {
    if (!random.oneIn(3)) continue;
    const pool = random.pick([0, 0, 1, 2]);
    const cap = pool + random.below(4);
    limits.set(code, { pool: milli(pool), ...(random.oneIn(2) && { cap: milli(cap) }) });
  }
  const safety = milli(random.pick([0, 0, 1, 3]));
  if (!authority.setRules(number, { safety, limits })) return false;
  world.faults.strike('rules of an article set');
  if (world.tracing) {
    const each = [...limits].map(([code, { cap, pool }]) => `${code} cap ${cap ?? '-'} pool ${pool}`);
    world.trace(`somebody sets the rules of "${number}": safety ${safety}, ${each.join(', ')}`);
  }
  return true;
}
