import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '../start.ts';
import { ask, getOrder, line, putOrder, stockOf } from '../testing/ask.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.seed({
    articles: [
      { number: 'TEE', stock: 10 },
      { number: 'CAP', stock: 5 },
    ],
  });
});

const cancel = async (number: string) =>
  (await ask(simulator, 'DELETE', `orders?goodsOwnerId=41&orderNumber=${number}`)).status;

const place = (marketPlace: string) => ({ marketPlace: { marketPlace, marketPlaceOrderNumber: '5178' } });

const patch = (id: number, path: string, body: object) =>
  ask(simulator, 'PATCH', `orders/${id}/${path}`, { body });

describe('row 2: PUT creates or updates by number', () => {
  it('keeps what is not sent again, of articles and of orders', async () => {
    const put = (rest: object) =>
      ask(simulator, 'PUT', 'articles', { body: { goodsOwnerId: 41, articleNumber: 'NEW', ...rest } });
    const first = await put({ articleName: 'Tea', unitCode: 'St' });
    expect(await put({ weight: '1.5' })).toMatchObject({
      body: { articleSystemId: first.body.articleSystemId },
    });
    const { body } = await ask(simulator, 'GET', `articles/${first.body.articleSystemId}`);
    expect(body).toMatchObject({ articleName: 'Tea', unitCode: 'st', weight: 1.5 });

    await putOrder(simulator, '1-SE', [line('1', 'TEE', 1)], { referenceNumber: 'R1' });
    await ask(simulator, 'PUT', 'orders', {
      body: { goodsOwnerId: 41, orderNumber: '1-SE', deliveryDate: '2026-03-03', consignee: {} },
    });
    const order = await getOrder(simulator, '1-SE');
    expect(order.orderInfo).toMatchObject({ referenceNumber: 'R1', deliveryDate: '2026-03-03' });
    expect(order.orderLines).toHaveLength(1);
  });

  it('takes numbers for the same without case and outer blanks, or exactly with numbersCompare', async () => {
    await putOrder(simulator, '1-se', []);
    expect((await putOrder(simulator, ' 1-SE', [])).status).toBe(200);
    await simulator.control.knobs({ numbersCompare: 'exact' });
    expect((await putOrder(simulator, '1-SE', [])).status).toBe(201);
  });
});

describe('row 3: the same number from another sender', () => {
  it('silently updates the first order', async () => {
    await putOrder(simulator, '5178', [line('1', 'TEE', 1)], place('web-se'));
    const second = await putOrder(simulator, '5178', [line('1', 'CAP', 2)], place('web-eu'));
    expect(second.status).toBe(200);
    const order = await getOrder(simulator, '5178');
    expect(order.orderInfo.marketPlace.marketPlace).toBe('web-eu');
    expect(order.orderLines[0].article.articleNumber).toBe('CAP');
    expect((await stockOf(simulator, 'TEE')).sellableNumberOfItems).toBe(10);
  });
});

describe('row 5: update and cancel are refused once work has started', () => {
  it('from status 320 on, or as soon as anything is allocated', async () => {
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 1)]);
    await simulator.control.allocate({ order: '1-SE' });
    const update = await putOrder(simulator, '1-SE', [line('1', 'TEE', 2)]);
    expect([update.status, update.body.message]).toEqual([400, expect.stringContaining('started')]);
    expect(await cancel('1-SE')).toBe(400);
    expect((await getOrder(simulator, '1-SE')).orderLines[0].orderedNumberOfItems).toBe(1);
  });

  it('already from Released on where the tenant says so', async () => {
    await simulator.control.knobs({ lockFromStatus: 300 });
    await putOrder(simulator, '1-SE', []);
    expect((await putOrder(simulator, '1-SE', [])).status).toBe(400);
  });

  it('only from Picked on where the tenant says so, and never below what is picked', async () => {
    await simulator.control.knobs({ lockFromStatus: 400, lockOnWork: false });
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 5)]);
    await simulator.control.pick({ order: '1-SE', lines: [{ row: '1', quantity: 2 }] });
    expect((await putOrder(simulator, '1-SE', [line('1', 'TEE', 1)])).status).toBe(400);
    expect((await putOrder(simulator, '1-SE', [line('1', 'TEE', 3)])).status).toBe(200);
    expect(await stockOf(simulator, 'TEE')).toMatchObject({ numberOfItems: 8, sellableNumberOfItems: 7 });
  });
});

describe('row 6: lines are known by their row number', () => {
  it('replaces the set: known rows stay the same line, new ones come, left out ones go', async () => {
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 1), line('2', 'CAP', 1)]);
    const before = (await getOrder(simulator, '1-SE')).orderLines;
    await putOrder(simulator, '1-SE', [line('2', 'CAP', 3), line('3', 'TEE', 1)]);
    const after = (await getOrder(simulator, '1-SE')).orderLines;
    expect(after.map((one: { rowNumber: string }) => one.rowNumber)).toEqual(['2', '3']);
    expect(after[0]).toMatchObject({ id: before[1].id, orderedNumberOfItems: 3 });
  });

  it('refuses a row number that stands twice, and the same article on two rows it takes', async () => {
    expect((await putOrder(simulator, '1-SE', [line('1', 'TEE', 1), line('1', 'CAP', 1)])).status).toBe(400);
    expect((await putOrder(simulator, '1-SE', [line('1', 'TEE', 1), line('2', 'TEE', 1)])).status).toBe(201);
  });
});

describe('row 7: an unknown article on a line', () => {
  it('is refused as a whole, or created with autoCreateArticles', async () => {
    expect((await putOrder(simulator, '1-SE', [line('1', 'TEE', 1), line('2', 'NEW', 1)])).status).toBe(400);
    expect(await simulator.control.orders()).toEqual([]);
    await simulator.control.knobs({ autoCreateArticles: true });
    expect((await putOrder(simulator, '1-SE', [line('1', 'NEW', 1)])).status).toBe(201);
    expect((await stockOf(simulator, 'NEW')).sellableNumberOfItems).toBe(-1);
  });
});

describe('row 8: registers grow by what orders name', () => {
  it('creates order type, way of delivery, class and customer on the fly', async () => {
    const rest = {
      orderType: { code: 'B2C', name: 'Shops' },
      wayOfDelivery: { code: 'post', name: 'Post' },
      classes: [{ code: 'GIFT' }],
      consignee: { customerNumber: 'SE-1' },
    };
    const { body } = await putOrder(simulator, '1-SE', [], rest);
    expect(body.message).toMatch(/Customer with customer number 'SE-1'.*<br\/>.*1-SE created\/updated/);
    const get = async (path: string) => (await ask(simulator, 'GET', `${path}?goodsOwnerId=41`)).body;
    expect(await get('orders/types')).toEqual({ orderTypes: [{ code: 'B2C', name: 'Shops' }] });
    expect((await get('orders/wayOfDeliveryTypes')).wayOfDeliveryTypes).toMatchObject([{ code: 'post' }]);
    expect((await get('orders/classes')).orderClasses).toMatchObject([{ code: 'GIFT' }]);
  });
});

describe('row 9: there is no stock check', () => {
  it('accepts orders beyond stock; pickability says which of them loses: the later one', async () => {
    await putOrder(simulator, 'a', [line('1', 'CAP', 3)]);
    await putOrder(simulator, 'b', [line('1', 'CAP', 4)]);
    await putOrder(simulator, 'c', [line('1', 'CAP', 6)]);
    await putOrder(simulator, 'd', [line('1', 'TEE', 1)]);
    expect((await stockOf(simulator, 'CAP')).sellableNumberOfItems).toBe(-8);
    const { body } = await ask(simulator, 'GET', 'orders/pickability?goodsOwnerId=41');
    expect(
      body.pickabilityResults.map(
        (one: { orderPickability: { pickability: string } }) => one.orderPickability.pickability,
      ),
    ).toEqual(['ByPriority', 'NotByPriority', 'NotOk', 'Ok']);
  });
});

describe('row 11: the first status', () => {
  it('is 300, or what initialStatus says', async () => {
    await putOrder(simulator, '1-SE', []);
    await simulator.control.knobs({ initialStatus: 200 });
    await putOrder(simulator, '2-SE', []);
    const [first, second] = await simulator.control.orders();
    expect([first?.status, second?.status]).toEqual([300, 200]);
  });
});

describe('row 14: GET orders shows all channels', () => {
  it('filters by market place, and knows no filter for the order type', async () => {
    await putOrder(simulator, '1-SE', [], {
      marketPlace: { marketPlace: 'web-se' },
      orderType: { code: 'B2C' },
    });
    await putOrder(simulator, '1-EU', [], {
      marketPlace: { marketPlace: 'web-eu' },
      orderType: { code: 'B2B' },
    });
    const count = async (query: string) =>
      (await ask(simulator, 'GET', `orders?goodsOwnerId=41${query}`)).body.length;
    expect(await count('')).toBe(2);
    expect(await count('&marketPlace=web-se')).toBe(1);
    expect(await count('&orderType=B2C')).toBe(2);
  });
});

describe('row 22: cancelling', () => {
  it('sets status 1000, keeps the order readable, frees the goods, and is refused the second time', async () => {
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 4)]);
    const { orderId } = (await getOrder(simulator, '1-SE')).orderInfo;
    expect((await ask(simulator, 'DELETE', `orders/${orderId}`)).status).toBe(200);
    expect((await getOrder(simulator, '1-SE')).orderInfo.orderStatus.number).toBe(1000);
    expect((await stockOf(simulator, 'TEE')).sellableNumberOfItems).toBe(10);
    const again = await ask(simulator, 'DELETE', `orders/${orderId}`);
    expect([again.status, again.body.message]).toEqual([400, expect.stringContaining('cancelled already')]);
  });

  it.each([
    ['refuse', 400, 1000, 10],
    ['revive', 200, 300, 8],
    ['new', 201, 300, 8],
  ] as const)('PUT after it: putAfterCancel %s', async (putAfterCancel, status, orderStatus, sellable) => {
    await simulator.control.knobs({ putAfterCancel });
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 2)]);
    await cancel('1-SE');
    expect((await putOrder(simulator, '1-SE', [line('1', 'TEE', 2)])).status).toBe(status);
    expect((await simulator.control.orders({ numbers: ['1-SE'] })).at(-1)?.status).toBe(orderStatus);
    expect((await stockOf(simulator, 'TEE')).sellableNumberOfItems).toBe(sellable);
  });
});

describe('rows 23 to 25: single fields', () => {
  it('row 23: changing a number is not checked for uniqueness', async () => {
    await putOrder(simulator, '1-SE', []);
    const { body } = await putOrder(simulator, '2-SE', []);
    expect((await patch(body.orderId, 'orderNumber', { orderNumber: '1-SE' })).status).toBe(200);
    expect((await ask(simulator, 'GET', 'orders?goodsOwnerId=41&orderNumber=1-SE')).body).toHaveLength(2);
    expect((await ask(simulator, 'GET', 'orders?goodsOwnerId=41&orderNumber=2-SE')).body).toEqual([]);
  });

  it('row 24: a status of 400 or more is refused while goods are allocated', async () => {
    const { body } = await putOrder(simulator, '1-SE', [line('1', 'TEE', 2)]);
    await simulator.control.allocate({ order: '1-SE' });
    expect((await patch(body.orderId, 'orderStatus', { orderStatusNumber: 400 })).status).toBe(400);
    expect((await patch(body.orderId, 'orderStatus', { orderStatusNumber: 300 })).status).toBe(200);
  });

  it('row 25: reported numbers are null at first, and filters use them', async () => {
    const { body } = await putOrder(simulator, '1-SE', [line('1', 'TEE', 2)]);
    await simulator.control.pick({ order: '1-SE' });
    const open = async () =>
      (await ask(simulator, 'GET', 'orders?goodsOwnerId=41&onlyOrdersWithOrderLinesToReport=true')).body;
    const [order] = await open();
    expect(order.orderLines[0].reportedNumberOfItems).toBeNull();
    await patch(body.orderId, `lines/${order.orderLines[0].id}/reportedNumberOfItems`, {
      reportedNumberOfItems: 1,
    });
    expect(await open()).toHaveLength(1);
    await patch(body.orderId, 'setReportedNumberOfItemsToPickedNumberOfItems', {});
    expect(await open()).toEqual([]);
  });

  it('changes a remark late, and refuses one that is too long', async () => {
    const { body } = await putOrder(simulator, '1-SE', [line('1', 'TEE', 2)]);
    await simulator.control.pick({ order: '1-SE' });
    expect((await patch(body.orderId, 'orderRemark', { orderRemark: 'Ring twice' })).status).toBe(200);
    expect((await patch(body.orderId, 'orderRemark', { orderRemark: 'x'.repeat(501) })).status).toBe(400);
    expect((await getOrder(simulator, '1-SE')).orderInfo.orderRemark).toBe('Ring twice');
  });

  it("changes a line's comment and price late, and its quantity never", async () => {
    const { body } = await putOrder(simulator, '1-SE', [line('1', 'TEE', 2)]);
    await simulator.control.pick({ order: '1-SE' });
    const { id } = (await getOrder(simulator, '1-SE')).orderLines[0];
    const change = (member: string, value: unknown, lineId = id) =>
      patch(body.orderId, `lines/${lineId}/${member}`, { [member]: value });
    expect((await change('comment', 'as a gift')).status).toBe(200);
    expect((await change('linePrice', 398.5)).status).toBe(200);
    expect((await change('linePrice', 'much')).status).toBe(400);
    expect((await change('comment', 'nowhere', id + 1)).status).toBe(404);
    expect((await change('numberOfItems', 3)).status).toBe(404);
    const [there] = (await getOrder(simulator, '1-SE')).orderLines;
    expect(there).toMatchObject({
      comment: 'as a gift',
      prices: { linePrice: 398.5 },
      orderedNumberOfItems: 2,
    });
  });

  it('changes single fields up to the status that the tenant has set, and a date that is one', async () => {
    await simulator.control.knobs({ fieldsLockFromStatus: 400 });
    const { body } = await putOrder(simulator, '1-SE', [line('1', 'TEE', 2)]);
    const change = (deliveryDate: string) => patch(body.orderId, 'deliveryDate', { deliveryDate });
    expect((await change('2026-03-09')).status).toBe(200);
    expect((await change('next week')).status).toBe(400);
    await simulator.control.pick({ order: '1-SE' });
    expect((await change('2026-03-10')).status).toBe(400);
    expect((await getOrder(simulator, '1-SE')).orderInfo.deliveryDate).toBe('2026-03-09');
  });
});
