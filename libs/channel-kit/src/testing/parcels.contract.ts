import { expect, it } from '@jest/globals';
import {
  OrderCancelled,
  OrderCancelRefused,
  OrderCancelRequested,
  OrderEndangered,
  OrderReleased,
  OrderShipped,
  OrderShort,
} from '@samlast/contracts';
import type { Scene } from './channel-contract.ts';
import { bought, feedReadTwice } from './play.ts';
import { CODE } from './stage.ts';

interface Job {
  number: string;
  kind: string;
  state: string;
  reason: string | null;
}

const trackingOf = (parcel: string) => ({
  carrier: 'PostNord',
  trackingNumber: `TRACK-${parcel}`,
  trackingUrl: `https://example.com/${parcel}`,
});

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
        ...trackingOf(parcel),
        shippedAt: new Date().toISOString(),
      }),
    );
  }
  async function shipWithoutLines(number: string, parcel: string): Promise<void> {
    await scene.stage.placed(number);
    const shippedAt = new Date().toISOString();
    const told = { number, channel: CODE, parcel, lines: [], ...trackingOf(parcel), shippedAt };
    await scene.stage.peer.say(OrderShipped.of(told));
  }
  const fulfilments = async (id: string) => (await scene.far.order(id)).fulfilments;
  const fulfilled = (id: string, count: number) =>
    scene.stage.until(async () => {
      const found = await fulfilments(id);
      return found.length >= count && found;
    });
  const noCallWaits = (number: string) =>
    scene.stage.until(async () => {
      const jobs = await scene.stage.ops<Job[]>('jobs');
      return !jobs.some((job) => job.number === number && job.state === 'waiting');
    });

  it('makes one fulfilment with its tracking of a parcel that is told twice', async () => {
    const { far } = scene;
    const article = await far.newArticle(2);
    const order = await bought(scene, article, 2);
    await ship(order.wmsNumber, 'p1', article, 2);
    await ship(order.wmsNumber, 'p1', article, 2);
    const [made] = await fulfilled(order.id, 1);
    expect(made).toMatchObject({ trackingNumber: 'TRACK-p1', quantity: 2 });
    const { carrier, trackingUrl } = trackingOf('p1');
    // What the system has a place for is there.
    expect({ carrier, trackingUrl, ...made }).toMatchObject({ carrier, trackingUrl });
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
    await scene.stage.until(() => lost === 3);
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

  it('makes a fulfilment of a parcel with pieces of several lines', async () => {
    const { far, stage } = scene;
    if (!far.buyLines) return;
    const [one, other] = [await far.newArticle(2), await far.newArticle(3)];
    const wanted = [
      { article: one, quantity: 2 },
      { article: other, quantity: 3 },
    ];
    const { id, number } = await far.buyLines(wanted);
    const wmsNumber = `${number}-${CODE}`;
    const { lines } = await stage.placed(wmsNumber);
    const told = lines.map(({ article, quantity }) => ({ article, quantity: Number(quantity) }));
    expect(told.toSorted((a, b) => a.quantity - b.quantity)).toEqual(wanted);
    const rowOf = (article: string) => lines.find((line) => line.article === article)?.row ?? '';
    const parcel = async (name: string, pieces: readonly [string, string][]) =>
      stage.peer.say(
        OrderShipped.of({
          number: wmsNumber,
          channel: CODE,
          parcel: name,
          lines: pieces.map(([article, quantity]) => ({ row: rowOf(article), article, quantity })),
          ...trackingOf(name),
          shippedAt: new Date().toISOString(),
        }),
      );
    await parcel('p10', [
      [one, '1'],
      [other, '3'],
    ]);
    await parcel('p11', [[one, '1']]);
    const made = await fulfilled(id, 2);
    expect(made.map(({ trackingNumber, quantity }) => [trackingNumber, quantity])).toEqual([
      ['TRACK-p10', 4],
      ['TRACK-p11', 1],
    ]);
  });

  it('tells the shop once, as a remark, of a parcel of which nobody knows what lies in it', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(2);
    const order = await bought(scene, article, 2);
    await ship(order.wmsNumber, 'p8', article, 2);
    await shipWithoutLines(order.wmsNumber, 'p9');
    await shipWithoutLines(order.wmsNumber, 'p9');
    await stage.until(async () => (await far.order(order.id)).notes > 0);
    await noCallWaits(order.wmsNumber);
    expect(await far.order(order.id)).toMatchObject({ notes: 1, fulfilments: [{ quantity: 2 }] });
    const jobs = await stage.ops<Job[]>('jobs');
    expect(jobs.filter((job) => job.number === order.wmsNumber && job.state === 'parked')).toEqual([]);
  });

  it('lists a parcel that the shop refuses because its order was cancelled there meanwhile', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(1);
    const order = await bought(scene, article, 1);
    await stage.placed(order.wmsNumber);
    await far.cancel(order.id);
    await scene.stage.until(() => stage.peer.heard(OrderCancelRequested, order.wmsNumber)[0]);
    await ship(order.wmsNumber, 'p5', article, 1);
    const refusal = { number: order.wmsNumber, channel: CODE, revision: 2, reason: 'too-late' as const };
    await stage.peer.say(OrderCancelRefused.of(refusal));
    const parked = await scene.stage.until(async () => {
      const jobs = await stage.ops<Job[]>('jobs');
      return jobs.find((job) => job.number === order.wmsNumber && job.state === 'parked');
    });
    expect(parked).toMatchObject({ kind: 'fulfil', reason: expect.stringMatching(/.{10}/) });
    const listed = await scene.stage.until(async () => {
      const list = await stage.ops<{ number: string; reason: string }[]>('unreadable-orders');
      return list.find((one) => one.number === order.wmsNumber);
    });
    expect(listed.reason).toContain('too late');
    await noCallWaits(order.wmsNumber);
    expect((await far.order(order.id)).notes).toBe(far.isSilentOnceCancelled ? 0 : 1);
  });

  it('tells the shop once what became of its cancel', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(2);
    const [stays, gone] = [await bought(scene, article, 1), await bought(scene, article, 1)];
    for (const { id, wmsNumber } of [stays, gone]) {
      await stage.placed(wmsNumber);
      await far.cancel(id);
      await stage.until(() => stage.peer.heard(OrderCancelRequested, wmsNumber)[0]);
    }
    const ref = { channel: CODE, revision: 2 };
    await stage.peer.say(OrderCancelRefused.of({ ...ref, number: stays.wmsNumber, reason: 'unknown' }));
    const number = gone.wmsNumber;
    await stage.peer.say(OrderReleased.of({ ...ref, number, cause: 'cancelled-before-wms' }));
    await stage.peer.say(OrderCancelled.of({ ...ref, number, sent: 1, accepted: 2, by: 'channel' }));
    await stage.peer.say(OrderReleased.of({ ...ref, number, cause: 'cancelled-in-wms' }));
    const listed = () => stage.ops<{ number: string; reason: string }[]>('unreadable-orders');
    const reasonOf = async (of: string) => (await listed()).find((one) => one.number === of)?.reason;
    expect(await stage.until(() => reasonOf(stays.wmsNumber))).toContain('does not say why');
    for (const { id, wmsNumber } of [stays, gone]) {
      if (!far.isSilentOnceCancelled) await stage.until(async () => (await far.order(id)).notes > 0);
      await noCallWaits(wmsNumber);
      expect((await far.order(id)).notes).toBe(far.isSilentOnceCancelled ? 0 : 1);
    }
    // A shop to which nothing can be said any more gives no sign of when the last message has come.
    await stage.until(async () => {
      const jobs = await stage.ops<Job[]>('jobs');
      return !jobs.some(({ number: of }) => of === stays.wmsNumber || of === gone.wmsNumber);
    });
    expect(await reasonOf(gone.wmsNumber)).toBeUndefined();
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
      scene.stage.until(async () => (await far.order(order.id)).notes === count);
    await stage.peer.say(OrderEndangered.of({ ...ref, shortages }));
    await notes(1);
    await stage.peer.say(OrderEndangered.of({ ...ref, shortages: [] }));
    await notes(2);
    await stage.peer.say(OrderEndangered.of({ ...ref, shortages }));
    await notes(3);
  });

  it('tells the shop the day of a back-ordered order, and each other day once', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(1);
    const order = await bought(scene, article, 1);
    await stage.placed(order.wmsNumber);
    const shortages = [{ article, reason: 'stock' as const, wanted: '1', missing: '1' }];
    const told = (days: { expectedOn?: string; expectedBefore?: string }) => {
      const ref = { number: order.wmsNumber, channel: CODE, revision: 1 };
      return stage.peer.say(OrderShort.of({ ...ref, outcome: 'backordered', shortages, ...days }));
    };
    const notes = async (count: number) =>
      scene.stage.until(async () => (await far.order(order.id)).notes === count);
    await told({ expectedOn: '2026-12-03' });
    await notes(1);
    await told({ expectedBefore: '2026-12-03' });
    await notes(2);
    await told({ expectedOn: '2026-12-03' });
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
