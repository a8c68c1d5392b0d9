import type { World } from './world.ts';

/** Channels on lease that say for the first time how their shop is written, and such that a person gives free. */
export function register(world: World): boolean {
  const { random, authority, faults } = world;
  const { shops } = authority;
  if (shops.outdated) {
    shops.outdated = !authority.lookOver();
    return true;
  }
  if (world.calm) return false;
  const channel = random.pick(world.channels);
  const { code } = channel;
  if (shops.unheard.has(code)) {
    if (!random.oneIn(3)) return false;
    shops.hearOf(code);
    channel.silent = false;
    faults.strike('channel registered late');
  } else {
    // Of a service that does not run any more; its shop goes on selling what it has.
    if (!channel.leases || !channel.silent || !random.oneIn(3)) return false;
    shops.giveFree(code);
    faults.strike('channel given free by hand');
  }
  if (world.tracing) world.trace(`${code} is ${shops.unheard.has(code) ? 'given free' : 'registered'}`);
  return true;
}
