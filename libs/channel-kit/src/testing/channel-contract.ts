import { afterAll, afterEach, beforeAll, describe } from '@jest/globals';
import type { ChannelConfig, ChannelDefinition } from '../channel.ts';
import { articlesContract } from './articles.contract.ts';
import { leasesContract } from './leases.contract.ts';
import { ordersContract } from './orders.contract.ts';
import type { FarSide } from './far-side.ts';
import { parcelsContract } from './parcels.contract.ts';
import { shelvesContract } from './shelves.contract.ts';
import { Stage, type StageOptions } from './stage.ts';
import { webhooksContract } from './webhooks.contract.ts';

/** What the parts of the suite work with. */
export interface Scene {
  readonly far: FarSide;
  readonly stage: Stage;
  /** Another channel beside the first, for the same shop, with a database of its own. */
  startAnother(options: StageOptions): Promise<Stage>;
}

const suites = {
  orders: ordersContract,
  shelves: shelvesContract,
  leases: leasesContract,
  parcels: parcelsContract,
  articles: articlesContract,
  webhooks: webhooksContract,
};

/**
 * The suite that every channel passes: the kit's own handlers and workers on a real database and bus, the adapter, and
 * its shop or a fake of it, with a test between them where calls get lost or cross.
 *
 * @param startFarSide makes the shop; it is used for the whole suite, so it may be slow to start
 * @param parts a channel passes all of them, but for `webhooks` where its system sends none and `articles` where it
 * lists none; the kit's own spec leaves out what it has tried already
 */
export function channelContract<Config extends ChannelConfig>(
  name: string,
  definition: ChannelDefinition<Config>,
  startFarSide: () => Promise<FarSide>,
  parts: readonly (keyof typeof suites)[] = [
    'orders',
    'shelves',
    'leases',
    'parcels',
    'articles',
    'webhooks',
  ],
): void {
  describe(`channel ${name}`, () => {
    let far: FarSide;
    let stage: Stage;
    const others: Stage[] = [];

    beforeAll(async () => {
      far = await startFarSide();
      stage = await Stage.start(definition, far.env);
    });

    afterAll(async () => {
      for (const each of [...others, stage]) await each?.stop();
      await far?.stop();
    });

    // A test that fails must not leave its troubles to the next.
    afterEach(() => stage?.tampering.end());

    const scene: Scene = {
      get far() {
        return far;
      },
      get stage() {
        return stage;
      },
      async startAnother(options) {
        const other = await Stage.start(definition, far.env, options);
        others.push(other);
        return other;
      },
    };
    for (const part of parts) {
      describe(part, () => {
        suites[part](scene);
      });
    }
  });
}
