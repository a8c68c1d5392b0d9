import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { nothingAside } from './testing/audit.ts';
import { World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await World.start({ pieces: { TEE: 3, CAP: 9 } });
});
afterAll(() => world?.close());

const purchases = () => world.shops.ERP.model.purchases;
const there = async (number: string) => (await world.control.purchaseOrders({ numbers: [number] }))[0];
const arrived = (number: string) => eventually(() => there(number));

describe('goods that the ERP orders', () => {
  it('are expected by the warehouse, and each receipt is booked once and in all shops within seconds', async () => {
    const order = purchases().place({
      lines: [
        { article: 'TEE', quantity: 20 },
        { article: 'CAP', quantity: 4 },
      ],
      expectedOn: '2026-12-01',
    });
    const number = `${order.number}-ERP`;
    expect(await arrived(number)).toMatchObject({
      fields: {
        inDate: '2026-12-01',
        purchaseOrderType: { code: expect.any(String) },
        referenceNumber: order.number,
      },
      lines: [
        { row: '10', article: 'TEE', advised: 20 },
        { row: '20', article: 'CAP', advised: 4 },
      ],
      puts: { done: 1 },
    });
    const receive = (row: string, quantity: number, batch?: string) =>
      world.control.receiveAgainst({
        purchaseOrder: number,
        lines: [{ row, quantity, ...(batch && { batch }) }],
      });
    await receive('10', 5, 'B7');
    await world.allShow('TEE', 8);
    await receive('10', 17, 'B8');
    await world.allShow('TEE', 25);
    await world.control.finishReceiving({ purchaseOrder: number });
    await eventually(() => order.closed !== undefined);
    expect(order.closed?.deviation).toBe(true);
    expect(order.lines.map(({ received, batches }) => [received, batches])).toEqual([
      [22, ['B7', 'B8']],
      [0, []],
    ]);
    expect(order.receipts.map(({ lines }) => lines.map(({ quantity }) => quantity))).toEqual([['5'], ['17']]);
  });

  it('may change and be cancelled until goods have come; after that the ERP is told that it was too late', async () => {
    const order = purchases().place({ lines: [{ article: 'CAP', quantity: 10 }] });
    const number = `${order.number}-ERP`;
    await arrived(number);
    purchases().amend(order.id, { expectedOn: '2027-01-15', lines: [{ id: '10', quantity: 12 }] });
    await eventually(async () => (await there(number))?.lines[0]?.advised === 12);
    expect((await there(number))?.fields).toMatchObject({ inDate: '2027-01-15' });
    await world.control.receiveAgainst({ purchaseOrder: number, lines: [{ row: '10', quantity: 2 }] });
    purchases().amend(order.id, { lines: [{ id: '10', quantity: 30 }] });
    const said = (text: string) => order.notes.some((note) => note.text.includes(text));
    await eventually(() => said('came too late'));
    purchases().cancel(order.id);
    await eventually(() => said('too late'));
    expect(await there(number)).toMatchObject({ status: 300, lines: [{ advised: 12, received: 2 }] });

    const other = purchases().place({ lines: [{ article: 'CAP', quantity: 7 }] });
    await arrived(`${other.number}-ERP`);
    purchases().cancel(other.id);
    await eventually(async () => (await there(`${other.number}-ERP`))?.status === 900);
  });

  it('that lie in the feed twice, while the warehouse drops answers, are ordered once', async () => {
    await world.control.arm({ on: 'PUT /purchaseOrders', kind: 'drop', afterCommit: true });
    await world.control.arm({ on: 'PUT /purchaseOrders', kind: 'error' });
    const orders = [1, 2, 3].map((quantity) => purchases().place({ lines: [{ article: 'CAP', quantity }] }));
    for (const { number } of orders) await arrived(`${number}-ERP`);
    const all = (await world.control.purchaseOrders()).map(({ number }) => number);
    expect(new Set(all).size).toBe(all.length);
    for (const { number } of orders) await world.control.receiveAgainst({ purchaseOrder: `${number}-ERP` });
    await eventually(() => orders.every(({ closed }) => closed?.deviation === false));
    expect(orders.map(({ lines }) => lines[0]?.received)).toEqual([1, 2, 3]);
    await world.settled();
    await nothingAside(world);
  });
});
