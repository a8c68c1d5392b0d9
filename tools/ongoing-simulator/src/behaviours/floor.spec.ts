import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { startSimulator, type Simulator } from '../start.ts';
import { ask, getOrder, line, putOrder, stockOf, type Body } from '../testing/ask.ts';

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

const statusOf = async (number: string) => (await getOrder(simulator, number)).orderInfo.orderStatus.number;

const waybills = (tracks: { waybill: string }[]) => tracks.map(({ waybill }) => waybill);

describe('row 12: the floor moves orders', () => {
  it('300, 320, 400, 450, 500, and 800 with a return', async () => {
    const { control } = simulator;
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 2)]);
    const seen = [await statusOf('1-SE')];
    const steps = [
      () => control.allocate({ order: '1-SE' }),
      () => control.pick({ order: '1-SE' }),
      () => control.ship({ order: '1-SE' }),
      () => control.collect({ order: '1-SE' }),
      () => control.takeBack({ order: '1-SE', lines: [{ row: '1', quantity: 1 }] }),
    ];
    for (const step of steps) {
      await step();
      seen.push(await statusOf('1-SE'));
    }
    expect(seen).toEqual([300, 320, 400, 450, 500, 800]);
    expect((await getOrder(simulator, '1-SE')).orderLines[0].returnedNumberOfItems).toBe(1);
    expect((await stockOf(simulator, 'TEE')).sellableNumberOfItems).toBe(9);
  });

  it('picks in one step without 320, and keeps an order of status 200 until it is released', async () => {
    await simulator.control.knobs({ initialStatus: 200 });
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 2)]);
    await expect(simulator.control.pick({ order: '1-SE' })).rejects.toThrow(/not released/);
    await simulator.control.release({ order: '1-SE' });
    await simulator.control.pick({ order: '1-SE' });
    expect(await statusOf('1-SE')).toBe(400);
  });

  it('refuses to pick what is not there, or picks short and frees the rest', async () => {
    await putOrder(simulator, '1-SE', [line('1', 'CAP', 7)]);
    await expect(simulator.control.pick({ order: '1-SE' })).rejects.toThrow(/5 are there/);
    expect(await stockOf(simulator, 'CAP')).toMatchObject({ numberOfItems: 5, sellableNumberOfItems: -2 });
    await simulator.control.pick({ order: '1-SE', short: true });
    const order = await getOrder(simulator, '1-SE');
    expect(order.orderInfo).toMatchObject({ orderedNumberOfItems: 7, pickedNumberOfItems: 5 });
    expect(await stockOf(simulator, 'CAP')).toMatchObject({ numberOfItems: 0, sellableNumberOfItems: 0 });
  });

  it('delivers in parts: some pieces now, the others with a back order', async () => {
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 6)]);
    await simulator.control.pick({ order: '1-SE', lines: [{ row: '1', quantity: 2 }] });
    expect(await statusOf('1-SE')).toBe(320);
    await simulator.control.pick({ order: '1-SE', lines: [{ row: '1', quantity: 1 }], backOrder: true });
    const first = await getOrder(simulator, '1-SE');
    const rest = await getOrder(simulator, '1-SE/B');
    expect(first.orderInfo).toMatchObject({ orderStatus: { number: 400 }, pickedNumberOfItems: 3 });
    expect(rest.orderInfo.orderedNumberOfItems).toBe(3);
    expect(rest.orderInfo.advanced.backOrderInfo).toEqual({ backOrderForOrderId: first.orderInfo.orderId });
    expect((await stockOf(simulator, 'TEE')).sellableNumberOfItems).toBe(4);
  });

  it('does not give one order what is allocated to another', async () => {
    await putOrder(simulator, '1-SE', [line('1', 'CAP', 4)]);
    await putOrder(simulator, '2-SE', [line('1', 'CAP', 4)]);
    await simulator.control.allocate({ order: '1-SE' });
    await expect(simulator.control.pick({ order: '2-SE' })).rejects.toThrow(/1 are there/);
    await simulator.control.pick({ order: '1-SE' });
  });
});

describe('row 26: tracking', () => {
  it('is null before labels; then there are many waybills, flagged return parcels, and late parcels', async () => {
    const { control } = simulator;
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 3)]);
    await control.pick({ order: '1-SE' });
    expect((await getOrder(simulator, '1-SE')).tracking).toBeNull();
    await control.ship({
      order: '1-SE',
      carrier: 'Post',
      parcels: [
        { number: 'P1', waybill: 'W1', trackingUrl: 'https://t.test/1', lines: [{ row: '1', quantity: 2 }] },
        { number: 'R1', isReturn: true, waybill: 'RW1' },
      ],
    });
    await control.addParcel({ order: '1-SE', number: 'P2', waybill: 'W2' });
    const order = await getOrder(simulator, '1-SE');
    expect(order.orderInfo.wayBill).toBe('W1');
    expect(waybills(order.tracking)).toEqual(['W1', 'W2']);
    expect(waybills(order.returnTracking)).toEqual(['RW1']);
    expect(
      order.parcels.map((one: Body) => [one.parcelNumber, one.isReturnParcel, one.tracking?.waybill]),
    ).toEqual([
      ['P1', false, 'W1'],
      ['R1', true, 'RW1'],
      ['P2', false, 'W2'],
    ]);
    expect(
      order.orderLines[0].pickedArticleItems.map((one: Body) => [one.parcel.parcelNumber, one.numberOfItems]),
    ).toEqual([
      ['P1', 2],
      ['P2', 1],
    ]);
    expect(order.transporter.transporterName).toBe('Post');
  });

  it('can be written by who does the shipping', async () => {
    const { body } = await putOrder(simulator, '1-SE', []);
    const put = (path: string, what: object) =>
      ask(simulator, 'PUT', `orders/${body.orderId}/${path}`, { body: what });
    expect((await put('orderTracking', { waybill: 'W9', isReturnTracking: false })).status).toBe(200);
    expect(
      (await put('parcels', { parcelNumber: 'P9', transportAdministrationType: 'delivery' })).status,
    ).toBe(200);
    const order = await getOrder(simulator, '1-SE');
    expect([order.tracking[0].waybill, order.parcels[0].parcelNumber]).toEqual(['W9', 'P9']);
  });
});

describe('row 31: orders typed in by hand', () => {
  it('appear in all feeds, without order type, and take stock', async () => {
    await simulator.control.typeIn({ number: 'COUNTER-1', lines: [{ article: 'TEE', quantity: 4 }] });
    const from = new Date(Date.now() - 60_000).toISOString();
    for (const feed of ['orderStatusChangedTimeFrom', 'orderUpdatedTimeFrom', 'orderCreatedTimeFrom']) {
      const { body } = await ask(simulator, 'GET', `orders?goodsOwnerId=41&${feed}=${from}`);
      expect(body).toHaveLength(1);
      expect(body[0].orderInfo).toMatchObject({ orderNumber: 'COUNTER-1', orderType: null });
    }
    expect(await statusOf('COUNTER-1')).toBe(200);
    expect((await stockOf(simulator, 'TEE')).sellableNumberOfItems).toBe(6);
  });
});

describe('row 32: staff edit orders', () => {
  it('changes quantities, removes and adds lines, whatever the status; only the update feed tells', async () => {
    const { control } = simulator;
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 4), line('2', 'CAP', 1)]);
    await control.allocate({ order: '1-SE' });
    const before = (await control.clock({ advanceMs: 60_000 })).now;
    await control.clock({ advanceMs: 1000 });
    await control.editByHand({
      order: '1-SE',
      lines: [{ row: '1', quantity: 2 }],
      remove: ['2'],
      add: [{ article: 'CAP', quantity: 3 }],
    });
    const order = await getOrder(simulator, '1-SE');
    expect(order.orderLines.map((one: Body) => [one.rowNumber, one.orderedNumberOfItems])).toEqual([
      ['1', 2],
      ['H1', 3],
    ]);
    expect(await stockOf(simulator, 'TEE')).toMatchObject({
      sellableNumberOfItems: 8,
      allocatedNumberOfItems: 2,
    });
    expect((await stockOf(simulator, 'CAP')).sellableNumberOfItems).toBe(2);
    const feed = async (name: string) =>
      (await ask(simulator, 'GET', `orders?goodsOwnerId=41&${name}=${before}`)).body.length;
    expect(await feed('orderStatusChangedTimeFrom')).toBe(0);
    expect(await feed('orderUpdatedTimeFrom')).toBe(1);
  });

  it('cancels at the warehouse after picking, and what was picked goes back to its shelf', async () => {
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 4)]);
    await simulator.control.pick({ order: '1-SE' });
    await simulator.control.cancelAtWarehouse({ order: '1-SE' });
    expect(await statusOf('1-SE')).toBe(1000);
    expect(await stockOf(simulator, 'TEE')).toMatchObject({ numberOfItems: 10, sellableNumberOfItems: 10 });
  });
});

describe('row 32: staff split an order', () => {
  const split = (quantity: number, row = '1') =>
    simulator.control.split({ order: '1-SE', lines: [{ row, quantity }] });
  const rows = async (number: string) =>
    (await getOrder(simulator, number)).orderLines.map((one: Body) => [
      one.rowNumber,
      one.orderedNumberOfItems,
    ]);

  it('keeps the number with fewer pieces, and makes a new order of the others; no balance moves', async () => {
    const { control } = simulator;
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 4), line('2', 'CAP', 1)], {
      goodsOwnerOrderId: 'shop:1',
      orderType: { code: 'B2C' },
    });
    const before = await stockOf(simulator, 'TEE');
    const at = (await control.clock({ advanceMs: 60_000 })).now;
    await control.clock({ advanceMs: 1000 });
    expect((await split(3)).number).toBe('1-SE-1');
    expect(await rows('1-SE')).toEqual([
      ['1', 1],
      ['2', 1],
    ]);
    expect(await rows('1-SE-1')).toEqual([['1', 3]]);
    expect(await stockOf(simulator, 'TEE')).toEqual(before);
    const { orderInfo } = await getOrder(simulator, '1-SE-1');
    expect(orderInfo).toMatchObject({ goodsOwnerOrderId: 'shop:1', orderStatus: { number: 300 } });
    expect(orderInfo.advanced.backOrderInfo).toBeNull();
    const feed = async (name: string) =>
      (await ask(simulator, 'GET', `orders?goodsOwnerId=41&${name}=${at}`)).body.map(
        (one: Body) => one.orderInfo.orderNumber,
      );
    expect(await feed('orderStatusChangedTimeFrom')).toEqual(['1-SE-1']);
    expect(await feed('orderUpdatedTimeFrom')).toEqual(['1-SE', '1-SE-1']);
  });

  it('lets allocated pieces go back first, keeps picked ones, and never moves all', async () => {
    const { control } = simulator;
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 4)]);
    await control.pick({ order: '1-SE', lines: [{ row: '1', quantity: 1 }] });
    await control.allocate({ order: '1-SE' });
    await expect(split(4)).rejects.toThrow(/only 3 that are not picked/);
    await split(2);
    expect(await stockOf(simulator, 'TEE')).toMatchObject({
      allocatedNumberOfItems: 1,
      numberOfItems: 9,
      sellableNumberOfItems: 6,
    });
    await putOrder(simulator, '2-SE', [line('1', 'CAP', 2)]);
    await expect(control.split({ order: '2-SE', lines: [{ row: '1', quantity: 2 }] })).rejects.toThrow(
      /Something must stay/,
    );
  });

  it('takes the parts of a kit along', async () => {
    await simulator.control.seed({ articles: [{ number: 'SET', parts: [{ article: 'TEE', quantity: 2 }] }] });
    await putOrder(simulator, '1-SE', [line('1', 'SET', 3)]);
    await split(1);
    const parts = async (number: string) =>
      (await getOrder(simulator, number)).orderLines[0].subOrderLines[0].orderedNumberOfItems;
    expect([await parts('1-SE'), await parts('1-SE-1')]).toEqual([4, 2]);
    expect((await stockOf(simulator, 'TEE')).sellableNumberOfItems).toBe(4);
  });

  it('is shown as the knob split says: number, fields, origin, and rows that moved as a whole', async () => {
    const { control } = simulator;
    const rest = { goodsOwnerOrderId: 'shop:1' };
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 4), line('2', 'CAP', 1)], rest);
    await control.knobs({
      split: { number: 'running', copiesFields: false, namesFirst: true, emptyLines: 'zero' },
    });
    const { number } = await split(1, '2');
    expect(number).toMatch(/^W\d+$/);
    const { orderInfo } = await getOrder(simulator, number);
    const first = await getOrder(simulator, '1-SE');
    expect(orderInfo.goodsOwnerOrderId).toBeNull();
    expect(orderInfo.advanced.backOrderInfo).toEqual({ backOrderForOrderId: first.orderInfo.orderId });
    expect(await rows('1-SE')).toEqual([
      ['1', 4],
      ['2', 0],
    ]);
    await control.knobs({ split: { emptyLines: 'removed' } });
    await control.editByHand({
      order: '1-SE',
      remove: ['2'],
      add: [{ article: 'CAP', quantity: 1, row: '3' }],
    });
    await split(1, '3');
    expect(await rows('1-SE')).toEqual([['1', 4]]);
  });

  it('fires the webhook of a new order, and none for the first', async () => {
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 4)]);
    const url = 'http://127.0.0.1:9/';
    await simulator.control.webhooks({ hooks: [{ url, retry: 'none' }] });
    await split(3);
    const noted = async () => {
      const made = await simulator.control.deliveries();
      return made.length > 0 && made;
    };
    const deliveries = await eventually(noted, { everyMs: 5, message: 'a try to deliver is noted' });
    expect(deliveries.map(({ template, order }) => [template, order])).toEqual([['OrderCreated', '1-SE-1']]);
  });
});

describe('autoFloor', () => {
  it('is off by default, and walks released orders to "sent" on the simulated clock when it is on', async () => {
    const { control } = simulator;
    await control.clock({ factor: 0 });
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 1)]);
    await control.clock({ advanceMs: 3_600_000 });
    expect(await statusOf('1-SE')).toBe(300);
    await control.knobs({ autoFloor: { enabled: true, pickAfterS: 10, packAfterS: 5, shipAfterS: 5 } });
    const seen: number[] = [];
    for (const advanceMs of [9000, 1000, 5000, 5000]) {
      await control.clock({ advanceMs });
      seen.push(await statusOf('1-SE'));
    }
    expect(seen).toEqual([300, 400, 400, 450]);
    expect((await getOrder(simulator, '1-SE')).parcels).toHaveLength(1);
  });

  it('tries again when goods that were missing are received', async () => {
    const { control } = simulator;
    await control.clock({ factor: 0 });
    await control.knobs({ autoFloor: { enabled: true } });
    await putOrder(simulator, '1-SE', [line('1', 'CAP', 6)]);
    await control.clock({ advanceMs: 20_000 });
    expect(await statusOf('1-SE')).toBe(300);
    await control.receive({ article: 'CAP', quantity: 1 });
    await control.clock({ advanceMs: 120_000 });
    expect(await statusOf('1-SE')).toBe(400);
  });
});
