import { afterEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { startService } from '@samlast/service';
import { defineChannel, defineChannelConfig } from '../channel.ts';
import { channelService } from '../channel-service.ts';
import { ShopUnavailable } from '../shop-errors.ts';
import { FakeShop } from '../testing/fake-shop.ts';
import { CODE, Stage, type StageOptions } from '../testing/stage.ts';

const fake = (shop: FakeShop) =>
  defineChannel({
    kind: 'fake',
    config: defineChannelConfig({}),
    identity: () => 'https://shop.example',
    shop: () => shop,
  });

/** How often the shop's orders have been asked for. */
function countReads(shop: FakeShop): () => number {
  let reads = 0;
  const { changedOrders } = shop;
  shop.changedOrders = (since) => {
    reads++;
    return changedOrders.call(shop, since);
  };
  return () => reads;
}

describe('who works for a shop', () => {
  const stages: Stage[] = [];
  afterEach(async () => {
    for (const stage of stages.splice(0)) await stage.stop();
  });

  async function start(shop: FakeShop, options: StageOptions = {}): Promise<Stage> {
    const stage = await Stage.start(fake(shop), {}, options);
    stages.push(stage);
    return stage;
  }

  it('does not start under a code that another shop holds, and says whose it is', async () => {
    const shop = new FakeShop({ method: 'compare-and-set', feedLagMs: 0 });
    const started = start(shop, { authority: { status: 409, role: 'refused' } });
    await expect(started).rejects.toThrow(/CHANNEL_CODE TT .*https:\/\/shop\.example.*held by another shop/s);
  });

  it('neither polls nor writes while it stands by', async () => {
    const shop = new FakeShop({ method: 'compare-and-set', feedLagMs: 0 });
    const reads = countReads(shop);
    const stage = await start(shop, { authority: { status: 200, role: 'standby' } });
    const article = await shop.newArticle(1);
    await stage.level(article, 3);
    // It hears what is said, so that it knows all when its turn comes.
    await eventually(async () => (await stage.ops<{ level: string }>(`shelves/${article}`)).level === '3000');
    expect(reads()).toBe(0);
    expect(stage.tampering.writes).toEqual([]);
  });

  it('lets one of two processes on one database work, and the other follow at once when it ends', async () => {
    const shop = new FakeShop({ method: 'compare-and-set', feedLagMs: 0 });
    const stage = await start(shop);
    const article = await shop.newArticle(0);
    await stage.level(article, 3);
    await eventually(async () => (await shop.offered(article)) === 3);
    const second = new FakeShop({ method: 'compare-and-set', feedLagMs: 0 });
    const reads = countReads(second);
    const follower = await startService(channelService(fake(second)), stage.channelEnv);
    try {
      await stage.level(article, 2);
      await eventually(async () => (await shop.offered(article)) === 2);
      expect(reads()).toBe(0);
      await stage.stopChannel();
      await eventually(() => reads() > 0);
    } finally {
      await follower.close();
    }
  });

  it('says what the shop lets fail, in its words, and logs them not', async () => {
    const shop = new FakeShop({ method: 'compare-and-set', feedLagMs: 0 });
    const { changedOrders } = shop;
    shop.changedOrders = () => {
      throw new ShopUnavailable('The shop answered 401 to GET orders.', { said: 'Key of Karin has expired' });
    };
    const stage = await start(shop);
    const failing = () => stage.ops<{ work: string; attempts: number; reason: string }[]>('failing');
    await eventually(async () => (await failing()).length > 0);
    expect(await failing()).toMatchObject([
      { work: 'orders', reason: 'The shop answered 401 to GET orders. It says: Key of Karin has expired' },
    ]);
    shop.changedOrders = changedOrders;
    await eventually(async () => (await failing()).length === 0);
  });

  it.each([
    [['lease-safe', 'claim-safe'] as const, 'claim-safe, lease-safe'],
    [undefined, 'best effort'],
  ])('says in its health how far the shop can be trusted that declares %j', async (safety, words) => {
    const stage = await start(new FakeShop({ method: 'compare-and-set', feedLagMs: 0, safety }));
    const ready = await fetch(`${stage.channel.url}/health/ready`);
    expect(await ready.json()).toMatchObject({ facts: { safety: words } });
  });

  it('says in its health that it sells in a way that its kind of shop does not have', async () => {
    const shop = new FakeShop({ method: 'compare-and-set', feedLagMs: 0, safety: ['lease-safe'] });
    const stage = await start(shop, { mode: 'claim' });
    const ready = await fetch(`${stage.channel.url}/health/ready`);
    expect([ready.status, await ready.text()]).toEqual([200, expect.stringContaining('promised to nobody')]);
  });

  it('refuses a code that channels.json does not have', async () => {
    const shop = new FakeShop({ method: 'compare-and-set', feedLagMs: 0 });
    const stage = await start(shop);
    const wrong = startService(channelService(fake(shop)), { ...stage.channelEnv, CHANNEL_CODE: 'NO' });
    await expect(wrong).rejects.toThrow(`CHANNEL_CODE is NO, but channels.json has only ${CODE}`);
  });
});
