import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '@samlast/ongoing-simulator';
import { OngoingClient, type PurchaseOrderInput } from './index.ts';

let simulator: Simulator;
let client: OngoingClient;
beforeAll(async () => {
  simulator = await startSimulator();
  client = new OngoingClient({
    baseUrl: simulator.apiUrl,
    user: simulator.user,
    password: simulator.password,
    goodsOwnerId: simulator.goodsOwnerId,
  });
});
afterAll(async () => {
  client.close();
  await simulator.close();
});
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.seed({ articles: [{ number: 'TEE', stock: 1 }] });
});

const purchase = (number: string, more: Partial<PurchaseOrderInput> = {}): PurchaseOrderInput => ({
  purchaseOrderNumber: number,
  goodsOwnerReference: `test:ERP:${number}`,
  inDate: '2026-03-10',
  purchaseOrderLines: [{ rowNumber: '10', articleNumber: 'TEE', numberOfItems: '2.5' }],
  ...more,
});

async function allOf(
  pages: AsyncGenerator<{ items: { purchaseOrderInfo: { purchaseOrderNumber: string } }[] }>,
) {
  const numbers: string[] = [];
  for await (const { items } of pages)
    numbers.push(...items.map(({ purchaseOrderInfo: info }) => info.purchaseOrderNumber));
  return numbers;
}

describe.each([true, false])('purchase orders, with absent members as null: %s', (nullMembers) => {
  beforeEach(() => simulator.control.knobs({ nullMembers }));

  it('are written, read with what was received, and cancelled', async () => {
    const written = await client.putPurchaseOrder(purchase('P1-ERP'));
    const id = written.outcome === 'done' ? written.purchaseOrderId : 0;
    const lines = [{ row: '10', quantity: 1, batch: 'B7' }];
    await simulator.control.receiveAgainst({ purchaseOrder: 'P1-ERP', lines });
    const order = await client.getPurchaseOrder(id);
    expect(order?.purchaseOrderInfo).toMatchObject({
      purchaseOrderNumber: 'P1-ERP',
      goodsOwnerReference: 'test:ERP:P1-ERP',
      purchaseOrderStatus: { number: 300 },
    });
    expect(order?.purchaseOrderLines).toMatchObject([
      {
        rowNumber: '10',
        advisedNumberOfItems: '2.5',
        receivedNumberOfItems: '1',
        articleItems: [{ numberOfItems: '1', batchNumber: 'B7' }],
      },
    ]);
    expect(await client.cancelPurchaseOrder(id)).toMatchObject({ outcome: 'refused', status: 400 });
    const other = await client.putPurchaseOrder(purchase('P2-ERP'));
    const otherId = other.outcome === 'done' ? other.purchaseOrderId : 0;
    expect(await client.cancelPurchaseOrder(otherId)).toMatchObject({ outcome: 'done' });
    expect(await client.getPurchaseOrder(1)).toBeUndefined();
  });

  it('are listed page by page, whoever made them', async () => {
    for (const number of ['P1-ERP', 'P2-ERP', 'P3-ERP']) await client.putPurchaseOrder(purchase(number));
    expect(await allOf(client.listPurchaseOrderPages({}, { pageSize: 2 }))).toEqual([
      'P1-ERP',
      'P2-ERP',
      'P3-ERP',
    ]);
    expect(await allOf(client.listPurchaseOrderPages({ purchaseOrderNumbers: ['p2-erp'] }))).toEqual([
      'P2-ERP',
    ]);
  });
});

describe('a write of a purchase order', () => {
  it('is refused without the words of its remark, or of unknown outcome', async () => {
    const purchaseOrderRemark = 'Ask for Karin Ek';
    await simulator.control.arm({ on: 'PUT /purchaseOrders', kind: 'refuse' });
    const refused = await client.putPurchaseOrder(purchase('P1-ERP', { purchaseOrderRemark }));
    expect(refused).toMatchObject({ outcome: 'refused', text: expect.not.stringContaining('Karin') });
    await simulator.control.arm({ on: 'PUT /purchaseOrders', kind: 'null-id' });
    expect(await client.putPurchaseOrder(purchase('P1-ERP'))).toMatchObject({
      outcome: 'unknown',
      cause: { kind: 'no-id', sent: true },
    });
  });

  it('has statuses of the tenant beside it', async () => {
    expect(await client.purchaseOrderStatuses()).toContainEqual({ number: 300, text: 'Inbound' });
  });
});
