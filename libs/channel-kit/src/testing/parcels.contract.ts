import { expect, it } from '@jest/globals';
import {
  OrderCancelRefused,
  OrderCancelRequested,
  OrderEndangered,
  OrderShipped,
  OrderShort,
} from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import type { Scene } from './channel-contract.ts';
import { bought, feedReadTwice } from './play.ts';
import { CODE } from './stage.ts';

interface Job {
  number: string;
  kind: string;
  state: string;
  reason: string | null;
}

/** Parcels and answers reach the shop once. */
export function parcelsContract(scene: Scene): void {
  /** The gateway tells of a parcel; each call is a message of its own, as after a crash there. */
  async function ship(number: string, parcel: string, article: string, quantity: number): Promise<void> {
    const { lines } = await scene.stage.placed(number);
    await scene.stage.peer.say(
      OrderShipped.of({
        number,
        channel: CODE,
        parcel,
        lines: [{ row: lines[0]?.row ?? '', article, quantity: String(quantity) }],
        carrier: 'PostNord',
        trackingNumber: `TRACK-${parcel}`,
        trackingUrl: `https://example.com/${parcel}`,
        shippedAt: new Date().toISOString(),
      }),
    );
  }
  const fulfilments = async (id: string) => (await scene.far.order(id)).fulfilments;
  const fulfilled = (id: string, count: number) =>
    eventually(async () => {
      const found = await fulfilments(id);
      return found.length >= count && found;
    });
  const noCallWaits = (number: string) =>
    eventually(async () => {
      const jobs = await scene.stage.ops<Job[]>('jobs');
      return !jobs.some((job) => job.number === number && job.state === 'waiting');
    });

  it('makes one fulfilment with its tracking of a parcel that is told twice', async () => {
    const { far } = scene;
    const article = await far.newArticle(2);
    const order = await bought(scene, article, 2);
    await ship(order.wmsNumber, 'p1', article, 2);
    await ship(order.wmsNumber, 'p1', article, 2);
    expect(await fulfilled(order.id, 1)).toMatchObject([{ trackingNumber: 'TRACK-p1', quantity: 2 }]);
    await noCallWaits(order.wmsNumber);
    expect(await fulfilments(order.id)).toHaveLength(1);
  });

  it('makes no second fulfilment when the first one was made and its answer lost', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(1);
    const order = await bought(scene, article, 1);
    await stage.placed(order.wmsNumber);
    let lost = 0;
    stage.tampering.afterFulfil = async () => {
      if (lost++ < 2) throw new Error('the answer was lost');
    };
    await ship(order.wmsNumber, 'p2', article, 1);
    await eventually(() => lost === 3, { withinMs: 15_000 });
    stage.tampering.afterFulfil = undefined;
    await noCallWaits(order.wmsNumber);
    expect(await fulfilments(order.id)).toHaveLength(1);
  });

  it('makes a fulfilment of each parcel', async () => {
    const { far } = scene;
    const article = await far.newArticle(3);
    const order = await bought(scene, article, 3);
    await ship(order.wmsNumber, 'p3', article, 1);
    await ship(order.wmsNumber, 'p4', article, 2);
    const found = await fulfilled(order.id, 2);
    expect(found.map((one) => [one.trackingNumber, one.quantity])).toEqual([
      ['TRACK-p3', 1],
      ['TRACK-p4', 2],
    ]);
  });

  it('lists a parcel that the shop refuses because its order was cancelled there meanwhile', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(1);
    const order = await bought(scene, article, 1);
    await stage.placed(order.wmsNumber);
    await far.cancel(order.id);
    await eventually(() => stage.peer.heard(OrderCancelRequested, order.wmsNumber)[0]);
    await ship(order.wmsNumber, 'p5', article, 1);
    const refusal = { number: order.wmsNumber, channel: CODE, revision: 2, reason: 'too-late' as const };
    await stage.peer.say(OrderCancelRefused.of(refusal));
    const parked = await eventually(async () => {
      const jobs = await stage.ops<Job[]>('jobs');
      return jobs.find((job) => job.number === order.wmsNumber && job.state === 'parked');
    });
    expect(parked).toMatchObject({ kind: 'fulfil', reason: expect.stringMatching(/.{10}/) });
    const listed = await eventually(async () => {
      const list = await stage.ops<{ number: string; reason: string }[]>('unreadable-orders');
      return list.find((one) => one.number === order.wmsNumber);
    });
    expect(listed.reason).toContain('too late');
  });

  it('passes over the orders of other channels in silence', async () => {
    const { far, stage } = scene;
    await stage.peer.say(
      OrderShipped.of({
        number: '5178-XX',
        channel: 'XX',
        parcel: 'p6',
        lines: [{ row: '1', article: 'A', quantity: '1' }],
        shippedAt: new Date().toISOString(),
      }),
    );
    const article = await far.newArticle(1);
    const order = await bought(scene, article, 1);
    await ship(order.wmsNumber, 'p7', article, 1);
    await fulfilled(order.id, 1);
    expect(await stage.ops('dead-letters')).toEqual([]);
    expect((await stage.ops<Job[]>('jobs')).filter((job) => job.number === '5178-XX')).toEqual([]);
  });

  it('tells the shop that promised goods have vanished, and that they are there again', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(1);
    const order = await bought(scene, article, 1);
    await stage.placed(order.wmsNumber);
    const ref = { number: order.wmsNumber, channel: CODE, revision: 1 };
    const shortages = [{ article, reason: 'stock' as const, wanted: '1', missing: '1' }];
    const notes = async (count: number) =>
      eventually(async () => (await far.order(order.id)).notes === count, { withinMs: 15_000 });
    await stage.peer.say(OrderEndangered.of({ ...ref, shortages }));
    await notes(1);
    await stage.peer.say(OrderEndangered.of({ ...ref, shortages: [] }));
    await notes(2);
    await stage.peer.say(OrderEndangered.of({ ...ref, shortages }));
    await notes(3);
  });

  it('tells the shop that an order is held, once', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(1);
    const order = await bought(scene, article, 1);
    await stage.placed(order.wmsNumber);
    expect((await far.order(order.id)).notes).toBe(0);
    const shortages = [{ article, reason: 'stock' as const, wanted: '1', missing: '1' }];
    const short = OrderShort.of({
      number: order.wmsNumber,
      channel: CODE,
      revision: 1,
      outcome: 'held',
      shortages,
    });
    await stage.peer.say(short);
    await stage.peer.say(short);
    await feedReadTwice(stage);
    await noCallWaits(order.wmsNumber);
    expect((await far.order(order.id)).notes).toBe(1);
  });
}
