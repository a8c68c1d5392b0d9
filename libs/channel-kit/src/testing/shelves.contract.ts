import { expect, it } from '@jest/globals';
import { OrderCancelRequested, OrderRejected, ShelfRefused, ShelfSet } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import type { Scene } from './channel-contract.ts';
import { bought, feedReadTwice, offeredOf, offers } from './play.ts';
import { CODE } from './stage.ts';

/** What the shop offers follows the levels, and never erases a sale. */
export function shelvesContract(scene: Scene): void {
  const setFor = (article: string) => scene.stage.peer.heard(ShelfSet, `${CODE}/${article}`);
  const confirmed = (article: string, version: number) =>
    eventually(() => setFor(article).find((one) => one.version === version), {
      message: `shelf.set ${article} version ${version}`,
      withinMs: 30_000,
    });

  it('shows a new level, and says so', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(7);
    const version = await stage.level(article, 5);
    await offers(scene, article, 5);
    expect(await confirmed(article, version)).toMatchObject({ shelf: '5' });
  });

  it('shows the newest level, in whatever order levels come', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(1);
    const newest = await stage.level(article, 4, 1003);
    await offers(scene, article, 4);
    await stage.level(article, 9, 1002);
    const marker = await far.newArticle(0);
    await stage.level(marker, 2);
    await offers(scene, marker, 2);
    expect(await offeredOf(scene, article)).toBe(4);
    expect((await confirmed(article, newest)).shelf).toBe('4');
    expect(setFor(article).map((one) => one.version)).not.toContain(1002);
  });

  it('does not put a piece back that is sold between the reading of a number and its write', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(5);
    await stage.level(article, 5);
    await offers(scene, article, 5);
    let sold: { wmsNumber: string } | undefined;
    stage.tampering.beforeWrite = async (writes) => {
      if (sold || !writes.some((one) => one.article === article)) return;
      sold = await bought(scene, article, 1);
    };
    await stage.level(article, 3);
    await eventually(() => sold);
    stage.tampering.beforeWrite = undefined;
    // The level does not know of this sale, so one of its three is gone.
    await offers(scene, article, 2);
    await stage.placed(sold?.wmsNumber ?? '');
    await feedReadTwice(stage);
    await offers(scene, article, 2);
  });

  it('does not put pieces back that were sold in an order nobody has read yet', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(5);
    // The shop offered five before, so only the confirmation says that its number is known.
    await confirmed(article, await stage.level(article, 5));
    stage.tampering.feedStuck = true;
    const order = await bought(scene, article, 2);
    const version = await stage.level(article, 5);
    await confirmed(article, version);
    expect(await offeredOf(scene, article)).toBe(3);
    stage.tampering.feedStuck = false;
    await stage.placed(order.wmsNumber);
    await feedReadTwice(stage);
    expect(await offeredOf(scene, article)).toBe(3);
    expect(Math.max(...setFor(article).map((one) => Number(one.shelf)))).toBe(5);
  });

  it('subtracts an own order until the level that no longer contains it, in whatever order both come', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(6);
    await stage.level(article, 6);
    await offers(scene, article, 6);
    const order = await bought(scene, article, 2);
    await stage.placed(order.wmsNumber);
    const without = await stage.level(article, 4);
    await confirmed(article, without);
    await offers(scene, article, 2);
    await stage.reserve(order.wmsNumber, article, without);
    await offers(scene, article, 4);
    await stage.level(article, 10);
    await offers(scene, article, 10);
  });

  it('says once that the shop does not have an article, and goes on with the others', async () => {
    const { far, stage } = scene;
    const unknown = `NOT-THERE-${Date.now()}`;
    await stage.level(unknown, 1);
    const refusals = () => stage.peer.heard(ShelfRefused, `${CODE}/${unknown}`);
    await eventually(() => refusals()[0]);
    await stage.level(unknown, 2);
    const article = await far.newArticle(0);
    await stage.level(article, 3);
    await offers(scene, article, 3);
    expect(refusals()).toMatchObject([{ reason: 'unknown-article' }]);
  });

  it('is right after a write whose answer was lost, though sales brought the number back to what it was', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(2);
    await stage.level(article, 2);
    await offers(scene, article, 2);
    let lost = false;
    stage.tampering.afterWrite = async (writes) => {
      if (lost || !writes.some((one) => one.article === article)) return;
      lost = true;
      stage.tampering.feedStuck = true;
      await bought(scene, article, 6);
      throw new Error('the answer was lost');
    };
    const version = await stage.level(article, 8);
    await confirmed(article, version);
    expect(lost).toBe(true);
    expect(await offeredOf(scene, article)).toBe(2);
    stage.tampering.feedStuck = false;
    await feedReadTwice(stage);
    await offers(scene, article, 2);
    await stage.level(article, 9);
    await offers(scene, article, 3);
  });

  it('writes only the newest level to a shop that comes back', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(1);
    await stage.level(article, 1);
    await offers(scene, article, 1);
    await feedReadTwice(stage);
    stage.tampering.down = true;
    for (const pieces of [7, 6, 5, 4]) await stage.level(article, pieces);
    await eventually(async () => {
      const { level } = await stage.ops<{ level: string }>(`shelves/${encodeURIComponent(article)}`);
      return level === '4000';
    });
    const before = stage.tampering.writes.length;
    stage.tampering.down = false;
    await offers(scene, article, 4);
    const written = stage.tampering.writes.slice(before).filter((one) => one.article === article);
    expect(written).toHaveLength(1);
  });

  it('cancels a rejected order in the shop and does not offer its pieces beyond the level', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(3);
    await stage.level(article, 3);
    await offers(scene, article, 3);
    const order = await bought(scene, article, 1);
    await stage.placed(order.wmsNumber);
    await stage.level(article, 2);
    const rejected = {
      number: order.wmsNumber,
      channel: CODE,
      revision: 1,
      by: 'policy',
      reason: 'out of stock',
    };
    await stage.peer.say(OrderRejected.of(rejected));
    await eventually(async () => (await far.order(order.id)).cancelled);
    await feedReadTwice(stage);
    await offers(scene, article, 2);
    // The authority counts the piece as sold until it hears that the shop has put it back.
    expect(stage.peer.heard(OrderCancelRequested, order.wmsNumber)).toMatchObject([{ revision: 2 }]);
  });

  it('offers the pieces again of an order that its buyer cancelled before it was rejected', async () => {
    const { far, stage } = scene;
    const article = await far.newArticle(3);
    await stage.level(article, 3);
    await offers(scene, article, 3);
    const order = await bought(scene, article, 1);
    await stage.placed(order.wmsNumber);
    await far.cancel(order.id);
    await eventually(() => stage.peer.heard(OrderCancelRequested, order.wmsNumber)[0]);
    const { wmsNumber: number } = order;
    // The authority decided before the cancel reached it, so there is nothing left that it could release.
    await stage.peer.say(
      OrderRejected.of({ number, channel: CODE, revision: 1, by: 'policy', reason: 'out of stock' }),
    );
    await offers(scene, article, 3);
    await stage.level(article, 4);
    await offers(scene, article, 4);
  });
}
