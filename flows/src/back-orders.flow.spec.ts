import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DemoOrder } from '@samlast/local/demo-shop';
import { eventually } from '@samlast/test-stack';
import { nothingAside } from './testing/audit.ts';
import { World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await World.start({
    pieces: { TEE: 1 },
    lines: { ERP: { shortPolicy: 'backorder', backorderMost: '20' } },
    authorityEnv: { ARRIVALS_SETTLE_MS: '500' },
  });
});
afterAll(() => world?.close());

const DAY_MS = 86_400_000;
const day = (from: number) => new Date(Date.now() + from * DAY_MS).toISOString().slice(0, 10);

const says = (order: DemoOrder, text: string) =>
  eventually(() => order.notes.some((note) => note.text.includes(text)), {
    withinMs: 30_000,
    message: `${order.number} says '${text}', not only ${order.notes.map((note) => note.text).join(' | ')}`,
  });
const sell = (quantity: number) => world.shops.ERP.model.buy({ lines: [{ article: 'TEE', quantity }] });

describe('orders of goods that have yet to come', () => {
  it('wait for what the ERP has ordered in, hear the day and each other one, and go out first in line', async () => {
    const first = sell(3);
    await says(first, 'Held: 2 of 3 TEE missing');
    const { purchases } = world.shops.ERP.model;
    const purchase = purchases.place({ lines: [{ article: 'TEE', quantity: 6 }], expectedOn: day(5) });
    const number = `${purchase.number}-ERP`;
    await says(first, `Back-ordered: 2 of 3 TEE missing, expected on ${day(5)}`);
    const second = sell(3);
    await says(second, `Back-ordered: 3 of 3 TEE missing, expected on ${day(5)}`);
    // Of six two are the first order's and three the second one's.
    const third = sell(2);
    await says(third, 'Held: 2 of 2 TEE missing');

    purchases.amend(purchase.id, { expectedOn: day(9), lines: [{ id: '10', quantity: 6 }] });
    for (const order of [first, second])
      await says(order, `is expected on ${day(9)}, no longer on ${day(5)}`);
    purchases.amend(purchase.id, { expectedOn: day(9), lines: [{ id: '10', quantity: 4 }] });
    await says(second, `was expected on ${day(9)}`);
    expect(first.notes.filter(({ text }) => text.includes(`was expected on ${day(9)}`))).toEqual([]);
    purchases.amend(purchase.id, { expectedOn: day(9), lines: [{ id: '10', quantity: 6 }] });
    await eventually(() => second.notes.length === 4);

    const receive = (quantity: number) =>
      world.control.receiveAgainst({ purchaseOrder: number, lines: [{ row: '10', quantity }] });
    await receive(1);
    expect(await world.inWarehouse(`${first.number}-ERP`)).toBeUndefined();
    await receive(1);
    await world.arrived(`${first.number}-ERP`);
    expect(await world.inWarehouse(`${second.number}-ERP`)).toBeUndefined();
    await receive(4);
    await world.arrived(`${second.number}-ERP`);
    for (const order of [first, second]) {
      await world.control.pick({ order: `${order.number}-ERP` });
      await world.control.ship({ order: `${order.number}-ERP` });
      await eventually(() => order.fulfilments.length === 1);
    }
    // What has come and was told to be late meanwhile was nobody's mistake: nothing was said after the last day.
    expect([first.notes.length, second.notes.length]).toEqual([3, 4]);

    await world.system.ask('stock-authority', `/ops/orders/${third.number}-ERP/reject`, {
      method: 'POST',
      body: { author: 'flow', reason: 'the buyer does not wait' },
    });
    await world.allShow('TEE', 1);
    await nothingAside(world);
  });
});
