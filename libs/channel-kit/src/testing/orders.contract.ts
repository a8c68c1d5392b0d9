import { expect, it } from '@jest/globals';
import { OrderCancelRequested, OrderPlaced } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import type { Scene } from './channel-contract.ts';
import { LIBRARY_WORDS } from './library-words.ts';
import { bought, feedReadTwice } from './play.ts';
import { CODE } from './stage.ts';

/** Orders come in once, whatever the feed does, and what must not come in does not. */
export function ordersContract(scene: Scene): void {
  it('sends an order on once, under its own number and type, however often the shop shows it', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(3);
    const order = await bought(scene, article, 2);
    const placed = await stage.placed(order.wmsNumber);
    expect(placed).toMatchObject({
      channel: CODE,
      shopNumber: order.number,
      shopOrderId: order.id,
      revision: 1,
      type: { code: 'B2C' },
    });
    expect(placed.lines).toMatchObject([{ article, quantity: '2', picked: true }]);
    await far.touch(order.id);
    await feedReadTwice(stage);
    await far.touch(order.id);
    await feedReadTwice(stage);
    expect(stage.peer.heard(OrderPlaced, order.wmsNumber)).toHaveLength(1);
  });

  it('sends it on as what the channel is by its line in channels.json, whatever its shop is', async () => {
    const { far } = scene;
    const wholesale = await scene.startAnother({ orderType: { code: 'B2B', name: 'Wholesale' } });
    const order = await bought(scene, await far.newArticle(3), 1);
    expect(await wholesale.placed(order.wmsNumber)).toMatchObject({
      type: { code: 'B2B', name: 'Wholesale' },
    });
    await wholesale.stop();
  });

  it('misses no order while others change and move to another page', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(1000);
    stage.tampering.down = true;
    const orders: { id: string; wmsNumber: string }[] = [];
    for (let count = 0; count < far.moreThanOnePage; count++) orders.push(await bought(scene, article, 1));
    let moved = false;
    stage.tampering.betweenPages = async (page) => {
      const first = page.orders.find((one) => orders.some((order) => order.id === one.id));
      if (!first || moved) return;
      moved = true;
      await far.touch(first.id);
    };
    stage.tampering.down = false;
    for (const order of orders) await stage.placed(order.wmsNumber);
    await feedReadTwice(stage);
    stage.tampering.betweenPages = undefined;
    expect(moved).toBe(true);
    for (const order of orders) expect(stage.peer.heard(OrderPlaced, order.wmsNumber)).toHaveLength(1);
  });

  it('misses no order that the feed shows after a later one', async () => {
    const { far } = scene;
    const article = await far.newArticle(10);
    for (let round = 0; round < 2; round++) {
      const orders: { wmsNumber: string }[] = [];
      while (orders.length < 3) orders.push(await bought(scene, article, 1));
      for (const order of orders) await scene.stage.placed(order.wmsNumber);
    }
  });

  it('asks once for a cancel, one revision above the order', async () => {
    const { far, stage } = scene;
    const order = await bought(scene, await far.newArticle(1), 1);
    await stage.placed(order.wmsNumber);
    await far.cancel(order.id);
    await stage.until(() => stage.peer.heard(OrderCancelRequested, order.wmsNumber)[0]);
    await feedReadTwice(stage);
    expect(stage.peer.heard(OrderCancelRequested, order.wmsNumber)).toMatchObject([{ revision: 2 }]);
  });

  it('passes over an order that was cancelled before it was read', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(2);
    stage.tampering.down = true;
    const cancelled = await bought(scene, article, 1);
    await far.cancel(cancelled.id);
    const later = await bought(scene, article, 1);
    stage.tampering.down = false;
    await stage.placed(later.wmsNumber);
    await feedReadTwice(stage);
    expect(stage.peer.heard(OrderPlaced, cancelled.wmsNumber)).toEqual([]);
    expect(stage.peer.heard(OrderCancelRequested, cancelled.wmsNumber)).toEqual([]);
  });

  it('never sends an order on that was placed before its start, whatever happens to it later', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(9);
    const early = await bought(scene, article, 1);
    // Shops keep their times by the second.
    const startAt = Math.ceil((Date.now() + 50) / 1000) * 1000;
    const started = await scene.startAnother({ startAt: new Date(startAt).toISOString() });
    // The shop's clock has passed the start when it takes an order after it.
    await eventually(() => Date.now() > startAt);
    await stage.until(() => feedReadTwice(started));
    await far.touch(early.id);
    const late = await bought(scene, article, 1);
    await started.placed(late.wmsNumber);
    await stage.until(async () => {
      const listed = await started.ops<{ id: string }[]>('orders-before-start');
      return listed.some((one) => one.id === early.id);
    });
    await far.cancel(early.id);
    await feedReadTwice(started);
    expect(started.peer.heard(OrderPlaced, early.wmsNumber)).toEqual([]);
    expect(started.peer.heard(OrderCancelRequested, early.wmsNumber)).toEqual([]);
    await started.stop();
  });

  it('reads what was sold while the shop did not answer', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(2);
    stage.tampering.down = true;
    const order = await bought(scene, article, 1);
    const told = async () => {
      const ready = await fetch(`${stage.channel.url}/health/ready`);
      return ready.ok && (await ready.text()).includes('orders since');
    };
    // It goes on with what the bus brings, and says what is the matter.
    await stage.until(told);
    stage.tampering.down = false;
    await stage.placed(order.wmsNumber);
  });

  it('passes over what looks like an order and is none', async () => {
    const { far, stage } = scene;
    const phantom = await far.phantom();
    const order = await bought(scene, await far.newArticle(1), 1);
    await stage.placed(order.wmsNumber);
    await feedReadTwice(stage);
    expect(stage.peer.heard(OrderPlaced).filter((one) => one.shopOrderId === phantom)).toEqual([]);
  });

  it('lists an order that cannot be read with its reason, and goes on with the others', async () => {
    const { far, stage } = scene;
    const broken = await far.unreadable();
    const order = await bought(scene, await far.newArticle(1), 1);
    await stage.placed(order.wmsNumber);
    const listed = await stage.until(async () => {
      const list = await stage.ops<{ id: string; reason: string }[]>('unreadable-orders');
      return list.find((one) => one.id === broken);
    });
    expect(listed.reason.length).toBeGreaterThan(20);
    expect(listed.reason).not.toMatch(LIBRARY_WORDS);
    // Who looks at the order in the shop reads it there too, once.
    await stage.until(async () => (await far.order(broken)).notes > 0);
    await feedReadTwice(stage);
    expect((await far.order(broken)).notes).toBe(1);
    expect(stage.peer.heard(OrderPlaced).filter((one) => one.shopOrderId === broken)).toEqual([]);
  });

  it('reads again from where a person sets the cursor, and sends nothing on twice', async () => {
    const { far, stage } = scene;
    const order = await bought(scene, await far.newArticle(1), 1);
    await stage.placed(order.wmsNumber);
    await stage.ops('cursor', {
      method: 'PUT',
      body: { changedAt: '2020-01-01T00:00:00Z', author: 'the suite', reason: 'to read everything again' },
    });
    await feedReadTwice(stage);
    expect(stage.peer.heard(OrderPlaced, order.wmsNumber)).toHaveLength(1);
  });
}
