import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OrderPlaced, ShelfSet } from '@samlast/contracts';
import { CODE, Stage } from '@samlast/channel-kit/testing';
import { eventually } from '@samlast/test-stack';
import { WooFarSide } from './testing/woo-far-side.ts';
import { woocommerce } from './woocommerce.channel.ts';

/** What WooCommerce does with its stock that other shops do not. */
describe('stock in a shop that sells on lease', () => {
  let far: WooFarSide;
  let stage: Stage;

  beforeAll(async () => {
    far = await WooFarSide.start({ stockEndpoint: true });
    stage = await Stage.start(woocommerce, far.env, { mode: 'lease' });
  });

  afterAll(async () => {
    await stage?.stop();
    await far?.stop();
  });

  const stock = (article: string) => far.fake.shop.products.bySku(article)[0]?.stock;
  const buy = (sku: string, quantity: number, payment: 'bank' | 'later') => {
    const order = far.fake.shop.checkout.buy({ lines: [{ sku, quantity }], payment });
    if (!order) throw new Error('The shop refused the sale.');
    return order;
  };
  const told = (article: string, version: number) =>
    eventually(
      () =>
        stage.peer
          .heard(ShelfSet, `${CODE}/${article}`)
          .findLast((one) => one.version === version && one.allowance !== undefined)?.allowance,
      { message: `an allowance of ${article} version ${version}`, withinMs: 30_000 },
    );
  const placed = (number: string) => stage.peer.heard(OrderPlaced, `${number}-${CODE}`);

  it('is not taken from a buyer at the payment, whose pieces count as this shop’s', async () => {
    const article = await far.newArticle(0);
    expect(await told(article, await stage.level(article, 5))).toBe('5');
    const order = buy(article, 2, 'later');
    const version = await stage.level(article, 0);
    expect(await told(article, version)).toBe('2');
    expect([stock(article), await far.offered(article)]).toEqual([2, 0]);
    far.fake.shop.checkout.pay(order);
    await stage.placed(`${order.number}-${CODE}`);
    expect(stock(article)).toBe(0);
    // Two were sold of the two that it was allowed.
    for (const { allowance, version: of } of stage.peer.heard(ShelfSet, `${CODE}/${article}`))
      if (of === version && allowance !== undefined) expect(Number(allowance)).toBeGreaterThanOrEqual(2);
  });

  it('is taken as soon as the buyer has given up', async () => {
    const article = await far.newArticle(0);
    await told(article, await stage.level(article, 3));
    const order = buy(article, 1, 'later');
    const version = await stage.level(article, 0);
    expect(await told(article, version)).toBe('1');
    far.fake.shop.orders.setStatus(order, 'cancelled');
    await eventually(async () => (await far.offered(article)) === 0);
    await eventually(
      () =>
        stage.peer.heard(ShelfSet, `${CODE}/${article}`).findLast((one) => one.version === version)?.shelf ===
        '0',
    );
    expect(placed(order.number)).toEqual([]);
  });

  it('stays off the shelf while an order waits for its payment, and is sent once that has come', async () => {
    const article = await far.newArticle(0);
    await told(article, await stage.level(article, 5));
    const order = buy(article, 2, 'bank');
    // Longer than it takes to find that no order explains a number.
    for (let count = 0; count < 4; count++) {
      const { readStartedAt } = await stage.ops<{ readStartedAt: string }>('cursor');
      const past = Date.parse(readStartedAt) + 400;
      await eventually(async () => {
        const now = await stage.ops<{ readStartedAt: string }>('cursor');
        return Date.parse(now.readStartedAt) > past;
      });
      expect(stock(article)).toBe(3);
    }
    expect(await stage.ops('edited-shelves')).not.toContainEqual(expect.objectContaining({ article }));
    expect(placed(order.number)).toEqual([]);
    far.fake.shop.orders.setStatus(order, 'processing');
    await stage.placed(`${order.number}-${CODE}`);
    expect(stock(article)).toBe(3);
  });
});
