import { afterEach, describe, expect, it } from '@jest/globals';
import {
  OrderAccepted,
  OrderReturned,
  OrderShipped,
  PurchaseOrderAccepted,
  PurchaseOrderPlaced,
  PurchaseOrderReceived,
} from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { anOrder, reserved, setStage, type Stage } from '../testing/stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const order = '5178-SE';
const lines = [{ row: '1', article: 'TEE', quantity: '2', picked: true }];

async function begin(env: Record<string, string> = {}): Promise<void> {
  stage = await setStage();
  await stage.simulator.control.seed({ articles: [{ number: 'TEE', stock: 20 }] });
  await stage.gateway({ REPORTED_POLL_MS: '200', ...env });
  await stage.publish(reserved(anOrder('5178', 'SE', { lines })));
  await eventually(async () => (await stage.told(OrderAccepted)).length === 1);
}

async function read(path: string): Promise<Record<string, { [member: string]: unknown }[]>[]> {
  const { apiUrl, user, password } = stage.simulator;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return (
    await fetch(new URL(`${path}goodsOwnerId=41`, apiUrl), { headers: { authorization } })
  ).json() as never;
}
const lineOf = async (number: string) => (await read(`orders?orderNumbers=${number}&`))[0]?.orderLines?.[0];

async function ship(number: string): Promise<void> {
  await stage.simulator.control.pick({ order: number });
  await stage.simulator.control.ship({ order: number });
}

describe('reported numbers', () => {
  it('are left to whoever uses them, unless it is configured', async () => {
    await begin();
    await ship(order);
    await eventually(async () => (await stage.told(OrderShipped)).length === 1);
    expect(await lineOf(order)).toMatchObject({ pickedNumberOfItems: 2, reportedNumberOfItems: null });
  });

  it('are set to what was told of our orders when it has left, and to what came back', async () => {
    await begin({ REPORTED_NUMBERS: 'set' });
    await stage.simulator.control.typeIn({ number: 'HAND-1', lines: [{ article: 'TEE', quantity: 3 }] });
    await stage.simulator.control.release({ order: 'HAND-1' });
    await ship('HAND-1');
    await stage.simulator.control.pick({ order });
    await eventually(async () => (await lineOf(order))?.pickedNumberOfItems === 2);
    expect((await lineOf(order))?.reportedNumberOfItems).toBeNull();
    await stage.simulator.control.ship({ order });
    await eventually(async () => (await lineOf(order))?.reportedNumberOfItems === 2);
    expect(await stage.told(OrderShipped)).toHaveLength(1);
    await stage.simulator.control.takeBack({ order, lines: [{ row: '1', quantity: 1 }] });
    await eventually(async () => (await lineOf(order))?.reportedReturnedNumberOfItems === 1);
    expect(await stage.told(OrderReturned)).toHaveLength(1);
    expect(await lineOf('HAND-1')).toMatchObject({ pickedNumberOfItems: 3, reportedNumberOfItems: null });
  });

  it('find what no feed has told, with no clock in it', async () => {
    const never = '3600000';
    await begin({ REPORTED_NUMBERS: 'set', ORDER_POLL_MS: never, WIDE_POLL_MS: never });
    await ship(order);
    await eventually(async () => (await stage.told(OrderShipped)).length === 1);
  });

  it('are set to what came of a purchase order, again after each receipt', async () => {
    await begin({ REPORTED_NUMBERS: 'set' });
    const ref = { number: 'P1-ERP', channel: 'ERP', shopNumber: 'P1', shopOrderId: 'gid-P1', revision: 1 };
    const wanted = { row: '10', article: 'TEE', quantity: '9' };
    await stage.publish(PurchaseOrderPlaced.of({ ...ref, lines: [wanted] }));
    await eventually(async () => (await stage.told(PurchaseOrderAccepted)).length === 1);
    const reported = async () =>
      (await read('purchaseOrders?purchaseOrderNumbers=P1-ERP&'))[0]?.purchaseOrderLines?.[0]
        ?.reportedNumberOfItems;
    for (const [quantity, sum] of [
      [4, 4],
      [5, 9],
    ] as const) {
      await stage.simulator.control.receiveAgainst({
        purchaseOrder: 'P1-ERP',
        lines: [{ row: '10', quantity }],
      });
      await eventually(async () => (await reported()) === sum);
    }
    expect(await stage.told(PurchaseOrderReceived)).toHaveLength(2);
  });
});
