import { afterAll, afterEach, beforeAll, describe } from '@jest/globals';
import type { ChannelConfig, ChannelDefinition } from '../channel.ts';
import { articlesContract } from './articles.contract.ts';
import { changedShelvesContract } from './changed-shelves.contract.ts';
import { changesContract } from './changes.contract.ts';
import { gradeContract } from './grade.contract.ts';
import { demandsContract } from './demands.contract.ts';
import { leasesContract } from './leases.contract.ts';
import { ordersContract } from './orders.contract.ts';
import type { FarSide } from './far-side.ts';
import { parcelsContract } from './parcels.contract.ts';
import { purchasesContract } from './purchases.contract.ts';
import { returnsContract } from './returns.contract.ts';
import { shelvesContract } from './shelves.contract.ts';
import { staffEditsContract } from './staff-edits.contract.ts';
import { Stage, type StageOptions } from './stage.ts';
import { webhooksContract } from './webhooks.contract.ts';

/** What the parts of the suite work with. */
export interface Scene {
  /** The channel's name in the suite. */
  readonly name: string;
  readonly far: FarSide;
  readonly stage: Stage;
  /** Another channel beside the first, with a database of its own; for the same shop unless told another's `env`. */
  startAnother(options: StageOptions, shopEnv?: Record<string, string>): Promise<Stage>;
  /** One that sells on lease, started when it is first asked for. */
  leasing(): Promise<Stage>;
}

const suites = {
  orders: ordersContract,
  changes: changesContract,
  shelves: shelvesContract,
  'changed-shelves': changedShelvesContract,
  leases: leasesContract,
  demands: demandsContract,
  parcels(scene: Scene) {
    parcelsContract(scene);
    staffEditsContract(scene);
  },
  purchases: purchasesContract,
  returns: returnsContract,
  articles: articlesContract,
  webhooks: webhooksContract,
  grade: gradeContract,
};

const FIRST_START_MS = 600_000;

/** What a shop is tried by: it sells what it shows to buyers, and orders nothing. */
const shopParts = [
  'orders',
  'changes',
  'shelves',
  'changed-shelves',
  'parcels',
  'returns',
  'articles',
  'webhooks',
  'leases',
  'grade',
] as const;

/** What an ERP is tried by: it sells what it wants, whatever there is, shows no shelf, and orders goods. */
export const erpParts = [
  'orders',
  'changes',
  'demands',
  'parcels',
  'returns',
  'purchases',
  'articles',
] as const;

/**
 * The suite that every channel passes: the kit's own handlers and workers on a real database and bus, the adapter, and
 * its shop or a fake of it, with a test between them where calls get lost or cross.
 *
 * @param startFarSide makes the shop; it is used for the whole suite, so it may be slow to start
 * @param parts all of a shop's, or all of an ERP's, but for `webhooks` where its system sends none, `articles` where it
 * lists none and `changes` and `changed-shelves` where it shows none; the kit's own spec leaves out what it has tried
 * already. The last part of a shop, `grade`, prints the safety grade that it has earned in races and refuses an adapter
 * that declares another one
 */
export function channelContract<Config extends ChannelConfig>(
  name: string,
  definition: ChannelDefinition<Config>,
  startFarSide: () => Promise<FarSide>,
  parts: readonly (keyof typeof suites)[] = shopParts,
): void {
  describe(`channel ${name}`, () => {
    let far: FarSide;
    let stage: Stage;
    let leasing: Promise<Stage> | undefined;
    const others: Stage[] = [];

    beforeAll(async () => {
      far = await startFarSide();
      stage = await Stage.start(definition, far.env, { patienceMs: far.patienceMs });
      // A real system may make its tables first.
    }, FIRST_START_MS);

    afterAll(async () => {
      for (const each of [...others, stage]) await each?.stop();
      await far?.stop();
    });

    // A test that fails must not leave its troubles to the next.
    afterEach(() => stage?.tampering.end());

    const scene: Scene = {
      name,
      get far() {
        return far;
      },
      get stage() {
        return stage;
      },
      async startAnother(options, shopEnv = far.env) {
        const other = await Stage.start(definition, shopEnv, { patienceMs: far.patienceMs, ...options });
        others.push(other);
        return other;
      },
      leasing() {
        leasing ??= scene.startAnother({ mode: 'lease' });
        return leasing;
      },
    };
    for (const part of parts) {
      describe(part, () => {
        suites[part](scene);
      });
    }
  });
}
