import { type DataOf, ShelfSet } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import type { Scene } from './channel-contract.ts';
import { CODE, SOON_MS, type Stage } from './stage.ts';

/** Somebody buys; the sale must succeed. */
export async function bought(scene: Scene, article: string, quantity: number) {
  const order = await scene.far.buy(article, quantity);
  if (!order) throw new Error(`The shop refused to sell ${quantity} of ${article}, although it offers them.`);
  return { ...order, wmsNumber: `${order.number}-${CODE}` };
}

/** Staff changes how many pieces an order has. */
export async function changed({ far }: Scene, id: string, quantity: number): Promise<void> {
  if (!far.change) throw new Error('This far side cannot change orders: leave the part `changes` out.');
  await far.change(id, quantity);
}

interface Cursor {
  readStartedAt: string | null;
}

/** Waits until the shop's orders have been read completely from now on, and once more. */
export async function feedReadTwice(stage: Stage): Promise<true> {
  for (let count = 0; count < 2; count++) {
    const since = Date.now();
    stage.readNow();
    await stage.until(
      async () => {
        const { readStartedAt } = await stage.ops<Cursor>('cursor');
        return readStartedAt !== null && Date.parse(readStartedAt) >= since;
      },
      { message: 'a complete read of the order feed', everyMs: 20 },
    );
  }
  return true;
}

/** What the shop offers to buyers now. */
export async function offeredOf({ far }: Scene, article: string): Promise<number> {
  if (!far.offered)
    throw new Error('This far side shows no stock: leave the parts about shelves and leases out.');
  return far.offered(article);
}

/** Waits until the shop offers so many. */
export async function offers(scene: Scene, article: string, pieces: number): Promise<void> {
  await eventually(
    async () => {
      const offered = await offeredOf(scene, article);
      if (offered !== pieces) throw new Error(`the shop offers ${offered} of ${article}, not ${pieces}`);
      return true;
    },
    { withinMs: 30_000 },
  );
}

/** What a channel that sells on lease has said of an article's allowance. */
export const tells = (stage: Stage, article: string): DataOf<typeof ShelfSet>[] =>
  stage.peer.heard(ShelfSet, `${CODE}/${article}`).filter((one) => one.allowance !== undefined);

/** What it says last of a version, once it has said so much. */
export const says = (stage: Stage, article: string, version: number, allowance: number) =>
  eventually(
    () => {
      const last = tells(stage, article).findLast((one) => one.version === version);
      if (Number(last?.allowance) === allowance) return last;
      throw new Error(`it says ${last?.allowance} of version ${version}, not ${allowance}`);
    },
    // A reading proves something once the feed was read past it, and one sale meanwhile begins that anew.
    { withinMs: 30_000 + 2 * stage.tampering.feedLagMs, everyMs: SOON_MS },
  );
