import { eventually } from '@samlast/test-stack';
import type { Scene } from './channel-contract.ts';
import { CODE, type Stage } from './stage.ts';

/** Somebody buys; the sale must succeed. */
export async function bought(scene: Scene, article: string, quantity: number) {
  const order = await scene.far.buy(article, quantity);
  if (!order) throw new Error(`The shop refused to sell ${quantity} of ${article}, although it offers them.`);
  return { ...order, wmsNumber: `${order.number}-${CODE}` };
}

interface Cursor {
  readStartedAt: string | null;
}

/** Waits until the shop's orders have been read completely from now on, and once more. */
export async function feedReadTwice(stage: Stage): Promise<true> {
  for (let count = 0; count < 2; count++) {
    const since = Date.now();
    await eventually(
      async () => {
        const { readStartedAt } = await stage.ops<Cursor>('cursor');
        return readStartedAt !== null && Date.parse(readStartedAt) >= since;
      },
      { message: 'a complete read of the order feed' },
    );
  }
  return true;
}

/** Waits until the shop offers so many. */
export async function offers(scene: Scene, article: string, pieces: number): Promise<void> {
  await eventually(
    async () => {
      const offered = await scene.far.offered(article);
      if (offered !== pieces) throw new Error(`the shop offers ${offered} of ${article}, not ${pieces}`);
      return true;
    },
    { withinMs: 15_000 },
  );
}
