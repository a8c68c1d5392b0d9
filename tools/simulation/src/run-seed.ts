import { Broken } from './broken.ts';
import { deciders, type Deciders } from './deciders.ts';
import { auditEnd } from './audit-end.ts';
import { extrasOf, type Width } from './extras.ts';
import { World } from './world.ts';

export interface SeedResult {
  readonly world: World;
  readonly broken?: Broken;
}

export interface How {
  readonly tracing?: boolean;
  /** How much later worlds have beside: as it was when the seed found a defect. */
  readonly width?: Width;
}

const ROUNDS_MOST = 60_000;

/** One world from its first step until everything has come to rest. */
export function runSeed(seed: number, steps: number, by: Deciders = deciders, how: How = {}): SeedResult {
  const { tracing = false, width = 'full' } = how;
  const world = new World(seed, by, extrasOf(seed, width), tracing);
  try {
    while (world.steps < steps) world.step();
    settle(world);
    auditEnd(world);
  } catch (error) {
    const broken = error instanceof Broken ? error : new Broken('0', '', String((error as Error).stack));
    return { world, broken };
  }
  return { world };
}

/** Buyers, people and faults rest; what is under way goes on until nothing moves any more. */
function settle(world: World): void {
  world.calm = true;
  for (const channel of world.channels) {
    channel.silent = false;
    world.authority.shops.hearOf(channel.code);
  }
  world.authority.lookOver();
  let still = 0;
  for (let round = 0; still < 3; round++) {
    if (round > ROUNDS_MOST) throw new Broken('4', '', `it does not come to rest: ${unrest(world)}`);
    world.step();
    if (round % 50 !== 0 || !isAtRest(world)) continue;
    // Everything is read once more, some time later, so that nothing rests on a figure that is old.
    still++;
    world.now += 1_000;
    world.gateway.reads.begin(world.offers);
    for (const channel of world.channels) {
      channel.wakeFeed();
      channel.shelves.wantAll();
    }
  }
}

/** Most often the first look says that it is not. */
function isAtRest(world: World): boolean {
  return world.bus.empty && world.gateway.idle && unrest(world) === '';
}

function unrest(world: World): string {
  const causes = [
    !world.bus.empty && 'messages',
    !world.gateway.idle && 'writes',
    !world.gateway.reads.idle && 'reads',
    world.warehouse.news.size > 0 && 'news of the warehouse',
    !world.buyers.idle && 'checkouts',
    !world.payers.idle && 'buyers at the payment',
    [...world.authority.tables.claims.values()].some(({ state }) => state === 'open') && 'claims',
    ...world.channels.flatMap((channel) => [
      !channel.shelves.idle && `shelves of ${channel.code}`,
      !channel.hasReadFeed && `feed of ${channel.code}`,
      channel.jobs.length > 0 && `calls to ${channel.code}`,
    ]),
  ];
  return causes.filter(Boolean).join(', ');
}
