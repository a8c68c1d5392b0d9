import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  OrderAccepted,
  PurchaseOrderAccepted,
  PurchaseOrderAmended,
  PurchaseOrderPlaced,
  PurchaseOrderRefused,
  ReturnAccepted,
  ReturnAnnounced,
} from '@samlast/contracts';
import { aPurchase, aReturn, putByHand } from '../testing/inbound.ts';
import { anOrder, reserved, setStage, type Stage, toldBy } from '../testing/stage.ts';

let stage: Stage;
afterEach(() => stage.close());
beforeEach(async () => {
  stage = await setStage();
  const { control } = stage.simulator;
  await control.seed({
    articles: [
      { number: 'TEE', stock: 10 },
      { number: 'CAP', stock: 5 },
    ],
  });
  await stage.gateway();
});

const line = { row: '10', article: 'TEE', quantity: '20' };

describe('a change that leaves the lines alone, whose answer was a fault', () => {
  it.each(['error', 'drop'] as const)('is written again to a purchase order: %s', async (kind) => {
    const { control } = stage.simulator;
    const order = aPurchase('P1');
    await stage.publish(PurchaseOrderPlaced.of(order));
    await toldBy(stage, PurchaseOrderAccepted);
    await control.arm({ on: 'PUT /purchaseOrders', kind });
    const [first, second] = order.lines;
    const lines = [{ ...first!, expectedOn: '2026-04-02', unitPrice: '3.5' }, second!];
    const more = { revision: 2, expectedOn: '2026-04-01', supplier: { number: 'S8' }, lines };
    await stage.publish(PurchaseOrderAmended.of({ ...order, ...more }));
    await toldBy(stage, PurchaseOrderAccepted, 2);
    const [there] = await control.purchaseOrders();
    expect(there).toMatchObject({
      fields: {
        inDate: '2026-04-01',
        advanced: { advisedDate: '2026-04-01' },
        supplierInfo: { supplierNumber: 'S8' },
      },
      puts: { done: 2 },
    });
  });

  it('is not written twice to a purchase order that has it', async () => {
    const { control } = stage.simulator;
    const order = aPurchase('P1', {
      note: 'Ring first',
      lines: [{ ...line, unitPrice: '3.5', batch: 'B7' }],
    });
    await stage.publish(PurchaseOrderPlaced.of(order));
    await toldBy(stage, PurchaseOrderAccepted);
    await control.arm({ on: 'PUT /purchaseOrders', kind: 'drop', afterCommit: true });
    await stage.publish(PurchaseOrderAmended.of({ ...order, revision: 2, expectedOn: '2026-04-01' }));
    await toldBy(stage, PurchaseOrderAccepted, 2);
    expect((await control.purchaseOrders())[0]?.puts).toMatchObject({ done: 2 });
  });

  it('is written again to a return', async () => {
    const { control } = stage.simulator;
    const lines = [{ row: '1', article: 'TEE', quantity: '4', picked: true }];
    await stage.publish(reserved(anOrder('5178', 'SE', { lines })));
    await toldBy(stage, OrderAccepted);
    const announced = aReturn('R1', '5178-SE', '1');
    await stage.publish(ReturnAnnounced.of(announced));
    await toldBy(stage, ReturnAccepted);
    await control.arm({ on: 'PUT /returnOrders', kind: 'error' });
    const [only] = announced.lines;
    const cause = { code: 'BROKEN' };
    await stage.publish(ReturnAnnounced.of({ ...announced, revision: 2, lines: [{ ...only!, cause }] }));
    await toldBy(stage, ReturnAccepted, 2);
    const { returnOrders } = stage.simulator.simulation.warehouse;
    expect(returnOrders.find('R1-SE')?.lines[0]?.fields.returnCause).toMatchObject(cause);
  });
});

describe('a purchase order whose lines people of the warehouse have changed', () => {
  const order = aPurchase('P1', { lines: [line] });
  const edit = async () => {
    await stage.publish(PurchaseOrderPlaced.of(order));
    await toldBy(stage, PurchaseOrderAccepted);
    const purchaseOrderLines = [{ rowNumber: '10', articleNumber: 'TEE', numberOfItems: 7 }];
    await putByHand(stage, { goodsOwnerId: 41, purchaseOrderNumber: order.number, purchaseOrderLines });
  };
  const advised = async () => (await stage.simulator.control.purchaseOrders())[0]?.lines[0]?.advised;

  it('is not written over by a change of its system that does not know of it', async () => {
    await edit();
    await stage.publish(PurchaseOrderAmended.of({ ...order, revision: 2, expectedOn: '2026-04-01' }));
    expect(await toldBy(stage, PurchaseOrderRefused)).toMatchObject([
      { revision: 2, reason: 'too-late', text: expect.stringMatching(/People of the warehouse/) },
    ]);
    expect(await advised()).toBe(7);
    // Its system has taken the edit over.
    const lines = [{ ...line, quantity: '7' }];
    await stage.publish(PurchaseOrderAmended.of({ ...order, revision: 3, expectedOn: '2026-04-02', lines }));
    await toldBy(stage, PurchaseOrderAccepted, 2);
    expect(await stage.simulator.control.purchaseOrders()).toMatchObject([
      { fields: { inDate: '2026-04-02' }, lines: [{ advised: 7 }] },
    ]);
    // From then on it is an order like any other.
    const more = { revision: 4, lines: [{ ...line, quantity: '9' }] };
    await stage.publish(PurchaseOrderAmended.of({ ...order, ...more }));
    await toldBy(stage, PurchaseOrderAccepted, 3);
    expect(await advised()).toBe(9);
  });
});
