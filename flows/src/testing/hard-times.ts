import { eventually } from '@samlast/test-stack';
import type { Chance } from './chance.ts';
import { codes, type World } from './world.ts';

/** One of the shops sends its webhooks or none from now on, and now and then an answer of it gets lost. */
export function troubleAShop(world: World, chance: Chance): void {
  const { webhooks, faults } = world.shops[chance.of(codes)];
  webhooks(chance.next() < 0.6);
  if (chance.next() < 0.3) faults.dropAnswers(chance.of([/^PUT \/stock/, /^GET \/orders/, /^POST \/orders/]));
}

/** Articles of which the warehouse has promised more than it has. */
export async function oversoldNow(world: World): Promise<string[]> {
  const articles = await world.control.articles();
  return articles
    .filter(({ sellable }) => Number(sellable) < 0)
    .map(({ number, sellable }) => `${number}: ${sellable}`);
}

/** Each service is killed while `live` goes on, and started again after more of it. */
export async function killEach(world: World, chance: Chance, live: () => Promise<void>): Promise<void> {
  for (const name of world.system.names) {
    await live();
    await someArrive(world, chance.below(4));
    await world.system.kill(name);
    await live();
    await world.system.startPart(name);
  }
}

/** Some of the newest orders have arrived, so that a kill strikes in the middle of the others. */
async function someArrive(world: World, count: number): Promise<void> {
  const before = (await world.control.orders()).length;
  await eventually(async () => (await world.control.orders()).length >= before + count, {
    withinMs: 3_000,
    everyMs: 5,
  }).catch(() => undefined);
}
