import { describe, expect, it } from '@jest/globals';
import { OrderPlaced } from '@samlast/contracts';
import { CODE, Stage } from '@samlast/channel-kit/testing';
import { eventually } from '@samlast/test-stack';
import { SECRET, WooFarSide } from './testing/woo-far-side.ts';
import { woocommerce } from './woocommerce.channel.ts';

const ORDERS = 60;

describe.each(['plugin', 'rest'])('a shop where everything goes wrong, written by %s', (way) => {
  it('has each order sent on once and its shelves right in the end', async () => {
    const knobs = {
      errorRate: 0.05,
      htmlErrorRate: 0.05,
      lostAnswerRate: 0.05,
      webhookLossRate: 0.3,
      webhookDuplicateRate: 0.3,
      webhookDelayMs: 500,
    };
    const far = await WooFarSide.start(
      { stockEndpoint: true, knobs },
      { WOOCOMMERCE_STOCK: way, WOOCOMMERCE_ORDERS_PAGE: '50' },
    );
    const stage = await Stage.start(woocommerce, far.env);
    const url = `${stage.channel.url}/webhooks/woocommerce`;
    for (const topic of ['order.created', 'order.updated'] as const)
      far.fake.shop.webhooks.create({ topic, url, secret: SECRET, status: 'active' });
    const articles = await Promise.all([0, 1, 2].map(() => far.newArticle(100)));
    const left = new Map(articles.map((article) => [article, 100]));
    for (const article of articles) await stage.level(article, 100);
    const sold: string[] = [];
    for (let count = 0; count < ORDERS; count++) {
      const article = articles[count % articles.length] ?? '';
      const order = await far.buy(article, 1);
      if (order) sold.push(`${order.number}-${CODE}`);
      left.set(article, (left.get(article) ?? 0) - 1);
    }
    const came = () => new Set(stage.peer.heard(OrderPlaced).map(({ number }) => number));
    await eventually(() => sold.every((number) => came().has(number)), { withinMs: 60_000 });
    // The levels come to know of the sales, and the shelves show what is left.
    for (const [article, pieces] of left) {
      const version = await stage.level(article, pieces);
      for (const { number, lines } of stage.peer.heard(OrderPlaced))
        if (lines[0]?.article === article) await stage.reserve(number, article, version);
    }
    for (const [article, pieces] of left)
      await eventually(async () => (await far.offered(article)) === pieces, { withinMs: 60_000 });
    const numbers = stage.peer.heard(OrderPlaced).map(({ number }) => number);
    expect(numbers.toSorted()).toEqual(sold.toSorted());
    await stage.stop();
    await far.stop();
  });
});
