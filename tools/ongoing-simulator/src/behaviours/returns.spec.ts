import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '../start.ts';
import { ask, getOrder, line, putOrder, stockOf, type Asked, type Body } from '../testing/ask.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  const { control } = simulator;
  await control.reset();
  await control.seed({ articles: [{ number: 'TEE', stock: 10 }] });
  await control.returnCauses({
    causes: [
      { code: 'TOO-SMALL', remove: false },
      { code: 'BROKEN', remove: true },
    ],
  });
  await putOrder(simulator, '1-SE', [line('1', 'TEE', 4)]);
});

async function sent(): Promise<void> {
  await simulator.control.pick({ order: '1-SE' });
  await simulator.control.ship({ order: '1-SE' });
}

async function announce(number: string, quantity: number, cause?: string): Promise<Asked> {
  const { orderInfo, orderLines } = await getOrder(simulator, '1-SE');
  return ask(simulator, 'PUT', 'returnOrders', {
    body: {
      goodsOwnerId: 41,
      returnOrderNumber: number,
      customerOrder: { orderId: orderInfo.orderId },
      returnOrderLines: [
        {
          returnOrderRowNumber: '1',
          customerOrderLine: { orderLineId: orderLines[0].id },
          toBeReturnedNumberOfItems: quantity,
          ...(cause && { returnCause: { code: cause } }),
        },
      ],
    },
  });
}

const list = async (query: string): Promise<Body[]> =>
  (await ask(simulator, 'GET', `returnOrders?goodsOwnerId=41${query}`)).body;

describe('return orders', () => {
  it('point at an order and its lines by internal ids, and are created or updated by number', async () => {
    const first = await announce('R1-SE', 1);
    expect((await announce('r1-se', 2)).body.returnOrderId).toBe(first.body.returnOrderId);
    const [found] = await list('&customerOrderNumbers=1-SE');
    expect(found).toMatchObject({
      returnOrderInfo: { returnOrderNumber: 'R1-SE', returnOrderStatus: { number: 100 } },
      customerOrderInfo: { orderNumber: '1-SE' },
      returnOrderLines: [
        {
          customerOrderLine: { customerOrderRowNumber: '1' },
          toBeReturnedNumberOfItems: 2,
          returnCause: null,
        },
      ],
    });
    const wrong = {
      goodsOwnerId: 41,
      returnOrderNumber: 'R2',
      customerOrder: { orderId: 1 },
      returnOrderLines: [],
    };
    expect((await ask(simulator, 'PUT', 'returnOrders', { body: wrong })).status).toBe(400);
  });

  it('come back in parts; pieces that are fit for sale are in stock at once', async () => {
    await sent();
    await announce('R1-SE', 3, 'TOO-SMALL');
    await simulator.control.receiveReturn({ returnOrder: 'R1-SE', lines: [{ row: '1', quantity: 1 }] });
    expect(
      (await list('&returnOrderStatusFrom=300&returnOrderStatusTo=300'))[0].returnOrderLines,
    ).toMatchObject([{ returnedNumberOfItems: 1, returnedRemovedByInventoryNumberOfItems: 0 }]);
    expect(await stockOf(simulator, 'TEE')).toMatchObject({ numberOfItems: 7, sellableNumberOfItems: 7 });
    await simulator.control.receiveReturn({ returnOrder: 'R1-SE' });
    expect((await list('&returnOrderNumbers=R1-SE'))[0].returnOrderInfo.returnOrderStatus.number).toBe(500);
    const order = await getOrder(simulator, '1-SE');
    expect([order.orderInfo.orderStatus.number, order.orderLines[0].returnedNumberOfItems]).toEqual([800, 3]);
    expect(
      (await ask(simulator, 'DELETE', 'returnOrders?goodsOwnerId=41&returnOrderNumber=R1-SE')).status,
    ).toBe(400);
  });

  it.each([true, false])(
    'with a cause that scraps leave stock as it is; scrapIsAdjustment %s',
    async (shown) => {
      await simulator.control.knobs({ scrapIsAdjustment: shown });
      await sent();
      await announce('R1-SE', 2, 'BROKEN');
      await simulator.control.receiveReturn({ returnOrder: 'R1-SE' });
      expect((await list(''))[0].returnOrderLines).toMatchObject([
        {
          returnedNumberOfItems: 2,
          returnedRemovedByInventoryNumberOfItems: 2,
          returnCause: { isRemoveCause: true },
        },
      ]);
      expect(await stockOf(simulator, 'TEE')).toMatchObject({ numberOfItems: 6, sellableNumberOfItems: 6 });
      const { body } = await ask(simulator, 'GET', 'inventoryAdjustments?goodsOwnerId=41&from=2020-01-01');
      const corrections = body.map((one: Body) => one.inventoryAdjustments[0].numberOfItems);
      expect(corrections).toEqual(shown ? [-2] : []);
    },
  );

  it('are cancelled while nothing has come, and then refused', async () => {
    const { body } = await announce('R1-SE', 1);
    const cancel = () => ask(simulator, 'DELETE', `returnOrders/${body.returnOrderId}`);
    expect((await cancel()).status).toBe(200);
    expect((await cancel()).status).toBe(400);
    expect((await announce('R1-SE', 2)).status).toBe(400);
  });

  it('have statuses and causes of the tenant', async () => {
    const { body } = await ask(simulator, 'GET', 'returnOrders/returnCauses?goodsOwnerId=41');
    expect(body.returnCauses).toMatchObject([
      { code: 'TOO-SMALL', isRemoveCause: false },
      { code: 'BROKEN', isRemoveCause: true },
    ]);
    const statuses = await ask(simulator, 'GET', 'returnOrders/statuses');
    expect(statuses.body.returnOrderStatuses).toContainEqual({ number: 500, text: 'Returned' });
    const returnStatusSet = [{ number: 120, text: 'Aviserad' }];
    await simulator.control.knobs({ returnStatusSet, returnSteps: { notified: 120 } });
    const own = await ask(simulator, 'GET', 'returnOrders/statuses');
    expect(own.body.returnOrderStatuses).toEqual(returnStatusSet);
    await announce('R1-SE', 1);
    const [found] = await list('&customerOrderNumbers=1-SE');
    expect(found.returnOrderInfo.returnOrderStatus).toEqual({ number: 120, text: 'Aviserad' });
  });
});

describe('returns without a return order', () => {
  it('show at the order, with their cause, and are found by lastReturnedFrom', async () => {
    await sent();
    const at = (await simulator.control.clock({ advanceMs: 60_000 })).now;
    await simulator.control.clock({ advanceMs: 1000 });
    await simulator.control.takeBack({ order: '1-SE', lines: [{ row: '1', quantity: 1, cause: 'BROKEN' }] });
    const { body } = await ask(simulator, 'GET', `orders?goodsOwnerId=41&lastReturnedFrom=${at}`);
    expect(body[0].orderLines[0]).toMatchObject({ returnedNumberOfItems: 1 });
    expect(body[0].orderLines[0].pickedArticleItems[0]).toMatchObject({
      isReturned: true,
      returnCause: { code: 'BROKEN' },
    });
    expect((await stockOf(simulator, 'TEE')).numberOfItems).toBe(6);
  });
});

describe('what came back', () => {
  it('is marked piece by piece, each with its own cause', async () => {
    await sent();
    await simulator.control.takeBack({ order: '1-SE', lines: [{ row: '1', quantity: 1 }] });
    await simulator.control.takeBack({ order: '1-SE', lines: [{ row: '1', quantity: 2, cause: 'BROKEN' }] });
    const [{ pickedArticleItems: items }] = (await getOrder(simulator, '1-SE')).orderLines;
    expect(items.map((one: Body) => [one.numberOfItems, one.isReturned, one.returnCause?.code])).toEqual([
      [1, true, undefined],
      [2, true, 'BROKEN'],
      [1, false, undefined],
    ]);
  });

  it('can be scrapped later, when it lies on a shelf', async () => {
    await sent();
    await announce('R1-SE', 2);
    await simulator.control.receiveReturn({ returnOrder: 'R1-SE' });
    expect((await stockOf(simulator, 'TEE')).numberOfItems).toBe(8);
    await simulator.control.scrapReturned({ returnOrder: 'R1-SE', lines: [{ row: '1', quantity: 1 }] });
    expect((await stockOf(simulator, 'TEE')).numberOfItems).toBe(7);
    const [{ returnOrderLines: lines }] = await list('&returnOrderNumbers=R1-SE');
    expect(lines).toMatchObject([{ returnedNumberOfItems: 2, returnedRemovedByInventoryNumberOfItems: 1 }]);
    const tooMany = simulator.control.scrapReturned({
      returnOrder: 'R1-SE',
      lines: [{ row: '1', quantity: 2 }],
    });
    await expect(tooMany).rejects.toThrow('not that many');
  });
});
