import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { OrderAnswer } from '@samlast/ongoing-client';
import { setStage, type Stage } from '../testing/stage.ts';
import { ForeignOrders } from './foreign-orders.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.close());

describe('an order of nobody we know', () => {
  it('is counted once, though a webhook and the feed show it in the same moment', async () => {
    // Its own feeds find nothing: what is noted is noted by this test alone.
    const { app, url } = await stage.gateway();
    const order = OrderAnswer.parse({
      orderInfo: { orderId: 77, orderNumber: 'HAND-1', orderStatus: { number: 200, text: 'Open' } },
      orderLines: [],
    });
    const foreign = app.get(ForeignOrders);
    await Promise.all(Array.from({ length: 4 }, () => foreign.note([order])));
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('foreign_orders_total 1\n');
  });
});
