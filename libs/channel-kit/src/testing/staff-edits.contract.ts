import { expect, it } from '@jest/globals';
import { OrderCancelled, OrderEdited, OrderShipped } from '@samlast/contracts';
import type { Scene } from './channel-contract.ts';
import { bought } from './play.ts';
import { CODE } from './stage.ts';

/** What people of the warehouse do with an order reaches its shop. */
export function staffEditsContract(scene: Scene): void {
  const noCallWaits = (number: string) =>
    scene.stage.until(async () => {
      const jobs = await scene.stage.ops<{ number: string; state: string }[]>('jobs');
      return !jobs.some((job) => job.number === number && job.state === 'waiting');
    });

  it('tells the shop that the warehouse has cancelled an order, once', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(1);
    const order = await bought(scene, article, 1);
    await stage.placed(order.wmsNumber);
    const ref = { number: order.wmsNumber, channel: CODE, revision: 1 };
    const cancelled = OrderCancelled.of({ ...ref, sent: 2, accepted: 2, by: 'warehouse' });
    await stage.peer.say(cancelled);
    await stage.peer.say(cancelled);
    await scene.stage.until(async () => (await far.order(order.id)).notes === 1);
    await noCallWaits(order.wmsNumber);
    // Whether the buyer gets the money back or the goods anew is for the shop's people to say.
    expect(await far.order(order.id)).toMatchObject({ notes: 1, cancelled: false });
    await scene.stage.until(async () => {
      const list = await stage.ops<{ number: string; reason: string }[]>('unreadable-orders');
      return list.some((one) => one.number === order.wmsNumber && one.reason.includes('in the warehouse'));
    });
  });

  it('tells the shop each change that people of the warehouse made of its lines', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(3);
    const order = await bought(scene, article, 3);
    const { lines } = await stage.placed(order.wmsNumber);
    const row = lines[0]?.row ?? '';
    const edited = (from: string, to: string, at: string) =>
      OrderEdited.of({
        number: order.wmsNumber,
        channel: CODE,
        revision: 1,
        before: [{ row, article, quantity: from }],
        lines: [{ row, article, quantity: to }],
        at,
      });
    const notes = async (count: number) =>
      scene.stage.until(async () => (await far.order(order.id)).notes === count);
    const first = edited('3', '2', '2026-12-03T10:00:00Z');
    await stage.peer.say(first);
    await notes(1);
    await stage.peer.say(first);
    await stage.peer.say(edited('2', '1', '2026-12-03T10:05:00Z'));
    await notes(2);
    await noCallWaits(order.wmsNumber);
    expect((await far.order(order.id)).notes).toBe(2);
  });

  it('makes a fulfilment of what the shop has sold where the warehouse put more into the parcel', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(2);
    const order = await bought(scene, article, 2);
    const { lines } = await stage.placed(order.wmsNumber);
    const shipped = OrderShipped.of({
      number: order.wmsNumber,
      channel: CODE,
      parcel: 'edited',
      lines: [
        { row: lines[0]?.row ?? '', article, quantity: '3' },
        { row: 'H1', article: 'ADDED', quantity: '1' },
      ],
      trackingNumber: 'TRACK-edited',
      shippedAt: new Date().toISOString(),
    });
    await stage.peer.say(shipped);
    await stage.until(async () => (await far.order(order.id)).fulfilments.length > 0);
    await noCallWaits(order.wmsNumber);
    const { fulfilments } = await far.order(order.id);
    expect(fulfilments).toMatchObject([{ trackingNumber: 'TRACK-edited', quantity: 2 }]);
  });
}
