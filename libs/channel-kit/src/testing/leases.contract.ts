import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { OrderCancelRequested, OrderReleased } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import type { Scene } from './channel-contract.ts';
import { bought, feedReadTwice, offeredOf, says as saysOf, tells } from './play.ts';
import { CODE, type Stage } from './stage.ts';

/**
 * A channel that sells on lease tells what its shop was ever allowed to sell, and never too little: with it the stock
 * authority decides whether a piece may go to another shop.
 */
export function leasesContract(scene: Scene): void {
  let stage: Stage;

  beforeAll(async () => {
    stage = await scene.leasing();
  });

  afterEach(() => stage?.tampering.end());

  const told = (article: string) => tells(stage, article);
  const says = (article: string, version: number, allowance: number) =>
    saysOf(stage, article, version, allowance);

  it('says what its shop may sell of a level, and the same total after it has sold some of it', async () => {
    const { far } = scene;
    const article = await far.newArticle(0);
    await says(article, await stage.level(article, 5), 5);
    const order = await bought(scene, article, 2);
    await stage.placed(order.wmsNumber);
    const version = await stage.level(article, 3);
    await stage.reserve(order.wmsNumber, article, version);
    // Two are sold and three are left: five in all.
    await says(article, version, 5);
    expect(await offeredOf(scene, article)).toBe(3);
  });

  it('counts sales that nobody has read yet when it says what a lower level left', async () => {
    const { far } = scene;
    const article = await far.newArticle(0);
    await says(article, await stage.level(article, 5), 5);
    stage.tampering.feedStuck = true;
    const order = await bought(scene, article, 2);
    const lower = await stage.level(article, 3);
    await eventually(async () => {
      const path = `shelves/${encodeURIComponent(article)}`;
      const { level, waiting } = await stage.ops<{ level: string; waiting: boolean }>(path);
      return level === '3000' && !waiting;
    });
    stage.tampering.feedStuck = false;
    await stage.placed(order.wmsNumber);
    const version = await stage.level(article, 1);
    await stage.reserve(order.wmsNumber, article, version);
    await says(article, version, 3);
    expect(await offeredOf(scene, article)).toBe(1);
    // What was said before the feed could be read counts the two that were sold and at least the one that was left.
    for (const one of told(article).filter(({ version: of }) => of === lower))
      expect(Number(one.allowance)).toBeGreaterThanOrEqual(3);
  });

  it('says nothing of a write whose answer was lost before a reading proves it', async () => {
    const { far } = scene;
    const article = await far.newArticle(0);
    await says(article, await stage.level(article, 2), 2);
    let lost = false;
    stage.tampering.afterWrite = async (writes) => {
      if (lost || !writes.some((one) => one.article === article)) return;
      lost = true;
      stage.tampering.feedStuck = true;
      await bought(scene, article, 4);
      throw new Error('the answer was lost');
    };
    const version = await stage.level(article, 6);
    await eventually(() => lost);
    stage.tampering.feedStuck = false;
    // Four were sold after the write, so two are left of six.
    await says(article, version, 6);
    for (const one of told(article).filter(({ version: of }) => of === version))
      expect(Number(one.allowance)).toBeGreaterThanOrEqual(6);
  });

  it('does not count pieces of a cancelled order as sold, which the authority does not either', async () => {
    const { far } = scene;
    const article = await far.newArticle(0);
    await says(article, await stage.level(article, 3), 3);
    const order = await bought(scene, article, 2);
    await stage.placed(order.wmsNumber);
    await far.cancel(order.id);
    await eventually(() => stage.peer.heard(OrderCancelRequested, order.wmsNumber)[0]);
    const { wmsNumber: number } = order;
    await stage.peer.say(
      OrderReleased.of({ number, channel: CODE, revision: 2, cause: 'cancelled-before-wms' }),
    );
    await feedReadTwice(stage);
    const version = await stage.level(article, 1);
    // Nothing counts as sold, and one is left.
    await says(article, version, 1);
    expect(await offeredOf(scene, article)).toBe(1);
  });
}
