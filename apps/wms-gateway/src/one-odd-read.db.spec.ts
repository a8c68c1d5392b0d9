import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  OrderAccepted,
  OrderCancelled,
  PurchaseOrderAccepted,
  PurchaseOrderAmended,
  PurchaseOrderCancelled,
  PurchaseOrderCancelRequested,
  PurchaseOrderPlaced,
  PurchaseOrderRefused,
  ReturnAccepted,
  ReturnAnnounced,
  ReturnCancelled,
  ReturnRefused,
  ReturnWithdrawn,
} from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { aPurchase, aReturn } from './testing/inbound.ts';
import { anOrder, cancelForwarded, reserved, setStage, type Stage, toldBy } from './testing/stage.ts';

let stage: Stage;
let url: string;
afterEach(() => stage.close());
beforeEach(async () => {
  stage = await setStage();
  const articles = ['TEE', 'CAP'].map((number) => ({ number, stock: 10 }));
  await stage.simulator.control.seed({ articles });
  ({ url } = await stage.gateway());
});

const begun = (endpoint: string) =>
  eventually(async () => ((await stage.simulator.control.counts()).requests[endpoint] ?? 0) > 0);
const order = anOrder('1', 'SE', { lines: [{ row: '1', article: 'TEE', quantity: '4', picked: true }] });
const blank = (on: string, number: string, member: string) =>
  stage.simulator.control.arm({ on, number, kind: 'blank', members: [member] });

/** The next write waits so long that what is published meanwhile does not know its answer. */
async function slowly(work: () => Promise<void>): Promise<void> {
  const { control } = stage.simulator;
  await control.knobs({ writeLatencyMs: 1_000 });
  await work();
  await control.knobs({ writeLatencyMs: 0 });
}

describe('a purchase order or a return that was refused', () => {
  it("is sent again on a person's word, as it was", async () => {
    const purchase = aPurchase('P1', { note: 'Ring first' });
    await stage.publish(reserved(order));
    await toldBy(stage, OrderAccepted);
    await stage.simulator.control.arm({ on: 'PUT /purchaseOrders', kind: 'refuse' });
    await stage.simulator.control.arm({ on: 'PUT /returnOrders', kind: 'refuse' });
    const back = aReturn('R1', order.number, '1');
    await stage.publish(PurchaseOrderPlaced.of(purchase), ReturnAnnounced.of(back));
    await toldBy(stage, PurchaseOrderRefused);
    await toldBy(stage, ReturnRefused);
    expect(await again('purchase-order', purchase.number)).toBe(202);
    expect(await again('return', back.number)).toBe(202);
    await toldBy(stage, PurchaseOrderAccepted);
    await toldBy(stage, ReturnAccepted);
    const [there] = await stage.simulator.control.purchaseOrders();
    expect(there).toMatchObject({ fields: { purchaseOrderRemark: 'Ring first' }, lines: [{}, {}] });
    expect(await stage.simulator.control.returnOrders()).toMatchObject([{ lines: [{ toBeReturned: 1 }] }]);
    expect(await again('purchase-order', purchase.number)).toBe(409);
    expect(await again('purchase-order', 'P9-ERP')).toBe(404);
    const kept = await stage.database.query('SELECT * FROM wms_gateway.inbound');
    expect(JSON.stringify(kept)).not.toContain('Ring first');
  });
});

async function again(kind: string, number: string): Promise<number> {
  const answer = await fetch(`${url}/ops/inbound/${kind}/${number}/retry`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ author: 'Karin', reason: 'the warehouse has set it right' }),
  });
  return answer.status;
}

describe('one read in which whose it is does not stand', () => {
  it('does not make an order that is to be cancelled one that is gone', async () => {
    await slowly(async () => {
      await stage.publish(reserved(order));
      await begun('PUT /orders');
      await blank('GET /orders', order.number, 'goodsOwnerOrderId');
      await stage.publish(cancelForwarded(order));
    });
    await toldBy(stage, OrderCancelled);
    expect(await stage.simulator.control.orders()).toMatchObject([{ status: 1000 }]);
  });

  it('does not make a purchase order that is to be cancelled one that is gone', async () => {
    const { number, channel, ...rest } = aPurchase('P1');
    await slowly(async () => {
      await stage.publish(PurchaseOrderPlaced.of({ number, channel, ...rest }));
      await begun('PUT /purchaseOrders');
      await blank('GET /purchaseOrders', number, 'goodsOwnerReference');
      const requestedAt = '2026-03-02T10:00:00Z';
      await stage.publish(PurchaseOrderCancelRequested.of({ number, channel, revision: 2, requestedAt }));
    });
    await toldBy(stage, PurchaseOrderCancelled);
    expect(await stage.simulator.control.purchaseOrders()).toMatchObject([{ status: 900 }]);
  });

  it('does not make a return that is withdrawn one that is gone', async () => {
    await stage.publish(reserved(order));
    await toldBy(stage, OrderAccepted);
    const { number, channel, ...rest } = aReturn('R1', order.number, '1');
    await stage.publish(ReturnAnnounced.of({ number, channel, ...rest }));
    await toldBy(stage, ReturnAccepted);
    await blank('GET /returnOrders', number, 'customerOrderInfo');
    await stage.publish(ReturnWithdrawn.of({ number, channel, revision: 2 }));
    await toldBy(stage, ReturnCancelled);
    expect(await stage.simulator.control.returnOrders()).toMatchObject([{ status: 900 }]);
  });

  it('does not make rows of the order of a return ones that the warehouse does not have', async () => {
    await stage.publish(reserved(order));
    await toldBy(stage, OrderAccepted);
    await blank('GET /orders/{orderId}', order.number, 'rowNumber');
    await stage.publish(ReturnAnnounced.of(aReturn('R1', order.number, '1')));
    await toldBy(stage, ReturnAccepted);
    expect(await stage.told(ReturnRefused)).toEqual([]);
  });

  it("does not make the change of a purchase order, or of a return, a stranger's", async () => {
    const purchase = aPurchase('P1');
    await stage.publish(reserved(order), PurchaseOrderPlaced.of(purchase));
    await toldBy(stage, OrderAccepted);
    await toldBy(stage, PurchaseOrderAccepted);
    await blank('GET /purchaseOrders', purchase.number, 'goodsOwnerReference');
    await stage.publish(PurchaseOrderAmended.of({ ...purchase, revision: 2, expectedOn: '2026-05-01' }));
    await toldBy(stage, PurchaseOrderAccepted, 2);
    const back = aReturn('R1', order.number, '1');
    await stage.publish(ReturnAnnounced.of(back));
    await toldBy(stage, ReturnAccepted);
    await blank('GET /returnOrders', back.number, 'customerOrderInfo');
    await stage.publish(ReturnAnnounced.of({ ...aReturn('R1', order.number, '2'), revision: 2 }));
    await toldBy(stage, ReturnAccepted, 2);
  });
});
