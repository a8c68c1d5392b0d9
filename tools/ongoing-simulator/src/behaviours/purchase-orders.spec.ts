import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { startSimulator, type Simulator } from '../start.ts';
import {
  ask,
  getOrder,
  getPurchase,
  line,
  putOrder,
  putPurchase,
  stockOf,
  type Body,
} from '../testing/ask.ts';

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

const list = (query: string) => ask(simulator, 'GET', `purchaseOrders?goodsOwnerId=41${query}`);
const numbersOf = async (query: string) =>
  (await list(query)).body.map((one: Body) => one.purchaseOrderInfo.purchaseOrderNumber);
const statusOf = async (number: string) =>
  (await getPurchase(simulator, number)).purchaseOrderInfo.purchaseOrderStatus.number;
const received = async (number: string) =>
  (await getPurchase(simulator, number)).purchaseOrderLines.map((one: Body) => one.receivedNumberOfItems);
const cancel = (number: string) =>
  ask(simulator, 'DELETE', `purchaseOrders?goodsOwnerId=41&purchaseOrderNumber=${number}`);
const receive = (row: string, quantity: number, rest: object = {}) =>
  simulator.control.receiveAgainst({ purchaseOrder: 'P1-ERP', lines: [{ row, quantity, ...rest }] });

describe('row 2: PUT of a purchase order creates or updates by number', () => {
  it('keeps what is not sent again, and replaces the lines by their rows', async () => {
    const first = await putPurchase(simulator, 'P1-ERP', [line('10', 'TEE', 20), line('20', 'CAP', 1)], {
      inDate: '2026-03-10',
      referenceNumber: 'R1',
      purchaseOrderType: { code: 'PO', name: 'Purchase' },
      supplierInfo: { supplierNumber: 'S7', supplierName: 'Textil AB' },
    });
    expect([first.status, first.body.message]).toEqual([200, expect.stringContaining("'S7' created")]);
    const before = (await getPurchase(simulator, 'P1-ERP')).purchaseOrderLines;
    const again = await putPurchase(simulator, ' p1-erp', [line('10', 'TEE', 25), line('30', 'CAP', 2)]);
    expect(again.body.purchaseOrderId).toBe(first.body.purchaseOrderId);
    const { purchaseOrderInfo, purchaseOrderLines, supplierInfo } = await getPurchase(simulator, 'P1-ERP');
    expect(purchaseOrderInfo).toMatchObject({ inDate: '2026-03-10', referenceNumber: 'R1' });
    expect(supplierInfo.supplierName).toBe('Textil AB');
    expect(purchaseOrderLines.map((one: Body) => [one.rowNumber, one.advisedNumberOfItems])).toEqual([
      ['10', 25],
      ['30', 2],
    ]);
    expect(purchaseOrderLines[0].id).toBe(before[0].id);
    const types = await ask(simulator, 'GET', 'purchaseOrders/types?goodsOwnerId=41');
    expect(types.body).toEqual({ purchaseOrderTypes: [{ code: 'PO', name: 'Purchase' }] });
  });

  it('refuses an unknown article, a row that stands twice, and a number that is too long', async () => {
    expect((await putPurchase(simulator, 'P1', [line('1', 'NEW', 1)])).status).toBe(400);
    expect((await putPurchase(simulator, 'P1', [line('1', 'TEE', 1), line('1', 'CAP', 1)])).status).toBe(400);
    expect((await putPurchase(simulator, 'x'.repeat(51), [])).status).toBe(400);
    expect((await list('')).body).toEqual([]);
  });
});

describe('row 34: receipts', () => {
  beforeEach(() => putPurchase(simulator, 'P1-ERP', [line('10', 'TEE', 20), line('20', 'CAP', 4)]));

  it('a partial one leads to 300, a full one to 500; toReceive falls, stock and sellable rise at each', async () => {
    expect(await stockOf(simulator, 'TEE')).toMatchObject({
      toReceiveNumberOfItems: 20,
      numberOfItems: 10,
      sellableNumberOfItems: 10,
    });
    await simulator.control.arrive({ purchaseOrder: 'P1-ERP' });
    expect(await statusOf('P1-ERP')).toBe(200);
    await receive('10', 8);
    expect(await statusOf('P1-ERP')).toBe(300);
    expect(await stockOf(simulator, 'TEE')).toMatchObject({
      toReceiveNumberOfItems: 12,
      receivedToBeFinishedNumberOfItems: 8,
      numberOfItems: 18,
      sellableNumberOfItems: 18,
    });
    await simulator.control.receiveAgainst({ purchaseOrder: 'P1-ERP' });
    expect(await statusOf('P1-ERP')).toBe(500);
    expect(await received('P1-ERP')).toEqual([20, 4]);
    expect(await stockOf(simulator, 'TEE')).toMatchObject({
      toReceiveNumberOfItems: 0,
      receivedToBeFinishedNumberOfItems: 0,
      numberOfItems: 30,
    });
  });

  it.each([
    [true, 0],
    [false, 13],
  ])('finished with a deviation leads to 400; deviationEndsReceiving %s', async (ends, toReceive) => {
    await simulator.control.knobs({ deviationEndsReceiving: ends });
    await receive('10', 7);
    await simulator.control.finishReceiving({ purchaseOrder: 'P1-ERP' });
    expect(await statusOf('P1-ERP')).toBe(400);
    expect((await stockOf(simulator, 'TEE')).toReceiveNumberOfItems).toBe(toReceive);
  });

  it('more than was advised is taken, and is a deviation', async () => {
    await receive('10', 23);
    await receive('20', 4);
    expect(await statusOf('P1-ERP')).toBe(300);
    expect((await stockOf(simulator, 'TEE')).toReceiveNumberOfItems).toBe(0);
    await simulator.control.finishReceiving({ purchaseOrder: 'P1-ERP' });
    expect(await statusOf('P1-ERP')).toBe(400);
    expect(await received('P1-ERP')).toEqual([23, 4]);
  });

  it('have batches, serial numbers and dates, which lie apart on the shelf and go with the parcel', async () => {
    await receive('10', 5, { batch: 'B7', expiryDate: '2027-01-31' });
    await receive('20', 2, { serials: ['S1', 'S2'] });
    await expect(receive('20', 2, { serials: ['S3'] })).rejects.toThrow(/as many serial numbers/);
    const [tee, cap] = (await getPurchase(simulator, 'P1-ERP')).purchaseOrderLines;
    expect(tee.articleItems).toMatchObject([
      { numberOfItems: 5, batchNumber: 'B7', expiryDate: '2027-01-31', serial: null },
    ]);
    expect(cap.articleItems.map((one: Body) => [one.serial, one.numberOfItems])).toEqual([
      ['S1', 1],
      ['S2', 1],
    ]);
    const items = await ask(simulator, 'GET', 'articleItems?goodsOwnerId=41&articleNumber=TEE');
    expect(items.body[0].items.map((one: Body) => [one.batch, one.numberOfItems])).toEqual([
      [null, 10],
      ['B7', 5],
    ]);
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 12)]);
    await simulator.control.pick({ order: '1-SE' });
    const picked = (await getOrder(simulator, '1-SE')).orderLines[0].pickedArticleItems;
    expect(picked.map((one: Body) => [one.batchNumber, one.numberOfItems])).toEqual([
      [null, 10],
      ['B7', 2],
    ]);
  });

  it('are found by their time, by articles, by status and by what is not reported yet', async () => {
    const { control } = simulator;
    await putPurchase(simulator, 'P2-ERP', [line('10', 'CAP', 1)]);
    const at = (await control.clock({ advanceMs: 60_000 })).now;
    await control.clock({ advanceMs: 1000 });
    await receive('10', 1);
    const ours = ['P1-ERP'];
    expect(await numbersOf(`&lastReceiveTimeFrom=${at}`)).toEqual(ours);
    expect(await numbersOf(`&purchaseOrderStatusChangedTimeFrom=${at}`)).toEqual(ours);
    expect(await numbersOf('&articleNumbers=TEE')).toEqual(ours);
    expect(await numbersOf('&purchaseOrderStatusFrom=300&purchaseOrderStatusTo=300')).toEqual(ours);
    expect(await numbersOf('&onlyPurchaseOrdersWithOrderLinesToReport=true')).toEqual(ours);
    const id = (await getPurchase(simulator, 'P1-ERP')).purchaseOrderInfo.purchaseOrderId;
    await ask(simulator, 'PATCH', `purchaseOrders/${id}/setReportedNumberOfItemsToReceivedNumberOfItems`, {
      body: {},
    });
    expect(await numbersOf('&onlyPurchaseOrdersWithOrderLinesToReport=true')).toEqual([]);
    expect(await numbersOf(`&purchaseOrderIdFrom=${id + 1}&maxPurchaseOrdersToGet=5`)).toEqual(['P2-ERP']);
  });

  it('end changes and cancels by the API', async () => {
    await receive('10', 1);
    const update = await putPurchase(simulator, 'P1-ERP', [line('10', 'TEE', 21)]);
    expect([update.status, update.body.message]).toEqual([400, expect.stringContaining('received')]);
    expect((await cancel('P1-ERP')).status).toBe(400);
    await expect(simulator.control.cancelPurchaseAtWarehouse({ purchaseOrder: 'P1-ERP' })).rejects.toThrow(
      /received/,
    );
  });

  it('are told by webhooks: created, status changed, received', async () => {
    await simulator.control.webhooks({ hooks: [{ url: 'http://127.0.0.1:9/', retry: 'none' }] });
    await putPurchase(simulator, 'P3-ERP', [line('10', 'CAP', 1)]);
    await simulator.control.receiveAgainst({ purchaseOrder: 'P3-ERP' });
    const noted = async () => {
      const made = await simulator.control.deliveries();
      return made.length > 2 && made;
    };
    const told = await eventually(noted, { everyMs: 5, message: 'three tries are noted' });
    expect(told.map(({ template, status }) => `${template} ${status}`).toSorted()).toEqual([
      'PurchaseOrderCreated 100',
      'PurchaseOrderReceived 500',
      'PurchaseOrderStatusChanged 500',
    ]);
  });
});

describe('row 22: cancelling a purchase order', () => {
  it('sets status 900, keeps it readable, takes it out of toReceive, and is refused the second time', async () => {
    await putPurchase(simulator, 'P1-ERP', [line('10', 'TEE', 20)]);
    expect((await cancel('P1-ERP')).status).toBe(200);
    expect(await statusOf('P1-ERP')).toBe(900);
    expect((await stockOf(simulator, 'TEE')).toReceiveNumberOfItems).toBe(0);
    expect((await cancel('P1-ERP')).body.message).toContain('cancelled already');
    expect((await putPurchase(simulator, 'P1-ERP', [line('10', 'TEE', 2)])).status).toBe(400);
    await simulator.control.knobs({ putAfterCancel: 'revive' });
    expect((await putPurchase(simulator, 'P1-ERP', [line('10', 'TEE', 2)])).status).toBe(200);
    expect(await statusOf('P1-ERP')).toBe(100);
  });
});

describe('purchase orders', () => {
  it('take the steps of the tenant', async () => {
    const statuses = [110, 310, 510].map((number) => ({ number, text: String(number) }));
    const purchaseSteps = { notified: 110, inbound: 310, received: 510 };
    await simulator.control.knobs({ purchaseStatusSet: statuses, purchaseSteps });
    await putPurchase(simulator, 'P1-ERP', [line('10', 'TEE', 2)]);
    expect(await statusOf('P1-ERP')).toBe(110);
    await receive('10', 1);
    expect(await statusOf('P1-ERP')).toBe(310);
    await receive('10', 1);
    expect(await statusOf('P1-ERP')).toBe(510);
  });

  it('have statuses of the tenant, under the key of orders, and single fields that change late', async () => {
    await simulator.control.knobs({ purchaseStatusSet: [{ number: 100, text: 'Aviserad' }] });
    expect((await ask(simulator, 'GET', 'purchaseOrders/statuses')).body).toEqual({
      orderStatuses: [{ number: 100, text: 'Aviserad' }],
    });
    const { body } = await putPurchase(simulator, 'P1-ERP', [line('10', 'TEE', 20)]);
    const patch = (path: string, change: object) =>
      ask(simulator, 'PATCH', `purchaseOrders/${body.purchaseOrderId}/${path}`, { body: change });
    expect((await patch('inDate', { inDate: '2026-04-01' })).status).toBe(200);
    expect((await patch('purchaseOrderStatus', { purchaseOrderStatusNumber: 777 })).status).toBe(400);
    await patch('purchaseOrderNumber', { purchaseOrderNumber: 'P9-ERP' });
    expect((await getPurchase(simulator, 'P9-ERP')).purchaseOrderInfo.inDate).toBe('2026-04-01');
  });

  it('are part of the state that is saved', async () => {
    const { control } = simulator;
    await putPurchase(simulator, 'P1-ERP', [line('10', 'TEE', 20)]);
    await receive('10', 5);
    const state = await control.save();
    const before = [await getPurchase(simulator, 'P1-ERP'), await stockOf(simulator, 'TEE')];
    await control.reset();
    await control.load(JSON.parse(JSON.stringify(state)));
    expect([await getPurchase(simulator, 'P1-ERP'), await stockOf(simulator, 'TEE')]).toEqual(before);
  });
});
