import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CODE, Stage } from '@samlast/channel-kit/testing';
import { OrderCancelRequested, OrderPlaced, OrderShipped } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { shopify } from './shopify.channel.ts';
import { ShopifyFarSide } from './testing/shopify-far-side.ts';

const ORDERS = 20;

describe('a Shopify shop on a bad day', () => {
  let far: ShopifyFarSide;
  let stage: Stage;

  beforeAll(async () => {
    far = await ShopifyFarSide.start({ webhookRetryMs: 20 });
    stage = await Stage.start(shopify, far.env, { mode: 'lease', env: { POLL_MS: '300' } });
    for (const topic of ['orders/create', 'orders/updated', 'orders/cancelled']) {
      const id = far.fake.world.id();
      const uri = `${stage.channel.url}/webhooks/shopify`;
      far.fake.world.subscriptions.set(id, { id, topic, uri, createdAt: 0, failures: 0 });
    }
  });

  afterAll(async () => {
    await stage?.stop();
    await far?.stop();
  });

  /** Lost, refused and late, some of each; the rest goes well. */
  const spoil = () =>
    far.fake.faults.set({
      dropAnswers: 4,
      fail: 4,
      throttle: 4,
      latencyMs: 2,
      loseWebhooks: 4,
      duplicateWebhooks: 4,
      shuffleWebhooksMs: 300,
    });

  it('has each order sent on once, each cancel asked for once, and one fulfilment of each parcel', async () => {
    const article = await far.newArticle(100);
    await stage.level(article, 60);
    spoil();
    const orders: { id: string; number: string; cancelled: boolean }[] = [];
    for (let count = 0; count < ORDERS; count++) {
      const order = far.place({ lines: [{ sku: article, quantity: 1 }] });
      orders.push({ id: order.id, number: `${order.number}-${CODE}`, cancelled: count % 4 === 0 });
      if (count % 7 === 0) await stage.level(article, 60 - count);
    }
    for (const { number } of orders) await stage.placed(number);
    spoil();
    for (const { id, cancelled } of orders) if (cancelled) await far.cancel(id);
    const kept = orders.filter(({ cancelled }) => !cancelled);
    for (const { number } of kept) {
      const [line] = (await stage.placed(number)).lines;
      const lines = [{ row: line?.row ?? '', article, quantity: '1' }];
      const trackingNumber = `T-${number}`;
      const shipped = { number, channel: CODE, parcel: 'p1', lines, trackingNumber };
      await stage.peer.say(OrderShipped.of({ ...shipped, shippedAt: new Date().toISOString() }));
    }
    const within = { withinMs: 40_000 };
    for (const { id } of kept)
      await eventually(async () => (await far.order(id)).fulfilments.length > 0, within);
    for (const { number, cancelled } of orders)
      if (cancelled) await eventually(() => stage.peer.heard(OrderCancelRequested, number)[0], within);
    await eventually(async () => {
      const jobs = await stage.ops<{ state: string }[]>('jobs');
      return !jobs.some(({ state }) => state === 'waiting');
    }, within);
    for (const { id, number, cancelled } of orders) {
      expect(stage.peer.heard(OrderPlaced, number)).toHaveLength(1);
      expect(stage.peer.heard(OrderCancelRequested, number)).toHaveLength(cancelled ? 1 : 0);
      expect((await far.order(id)).fulfilments).toHaveLength(cancelled ? 0 : 1);
    }
    expect(await stage.ops('dead-letters')).toEqual([]);
  });

  it('never offers a piece again that it has sold, whatever of its answers is lost', async () => {
    const article = await far.newArticle(0);
    const shown: number[] = [];
    let sold = 0;
    // Nobody counts these orders: what the level allows is all that may ever be sold.
    for (let level = 1; level <= 4; level++) {
      await stage.level(article, level);
      far.fake.faults.set({ dropAnswers: 1, only: 'inventorySetQuantities' });
      await eventually(
        async () => {
          const offered = await far.offered(article);
          if (offered > 0) shown.push(offered);
          return offered > 0;
        },
        { withinMs: 40_000, message: `an offer at level ${level}` },
      );
      while (await far.buy(article, 1)) sold++;
      expect(sold).toBeLessThanOrEqual(level);
    }
    expect(sold).toBe(4);
  });
});
