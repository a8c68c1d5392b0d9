import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { nothingAside } from './testing/audit.ts';
import { type Code, codes, World } from './testing/world.ts';

let world: World;

beforeAll(async () => {
  world = await World.start({ pieces: { TEE: 30, CAP: 9 } });
});

afterAll(() => world?.close());

/** Log lines of all services that a person would look at. */
const complaints = () =>
  world.system.output.split('\n').filter((line) => /"level":("warn"|"error"|40|50)/.test(line));

async function follows(what: string, article: string, number: number): Promise<void> {
  const startedAt = performance.now();
  await world.allShow(article, number, 15_000);
  console.error(`${what} reached all shops within ${Math.round(performance.now() - startedAt)} ms`);
}

describe('an order that people typed in by hand at the warehouse', () => {
  it('lowers what all shops show, in silence, and is listed at the gateway', async () => {
    const before = complaints();
    await world.control.typeIn({ number: 'PHONE-1', lines: [{ article: 'TEE', quantity: 4 }] });
    await follows('an order typed in by hand', 'TEE', 26);
    const listed = await eventually(async () => {
      const orders = await world.system.ask<{ number: string }[]>('wms-gateway', '/ops/foreign-orders');
      return orders.length > 0 && orders;
    });
    expect(listed).toMatchObject([{ number: 'PHONE-1' }]);
    expect(await world.system.ask<string>('wms-gateway', '/metrics')).toMatch(
      /foreign_orders_total(\{.*\})? 1\n/,
    );
    await world.control.release({ order: 'PHONE-1' });
    await world.control.pick({ order: 'PHONE-1' });
    await world.control.ship({ order: 'PHONE-1', carrier: 'PostNord', waybill: 'WB-PHONE-1' });
    await eventually(async () => {
      const [order] = await world.system.ask<{ status_number: number }[]>(
        'wms-gateway',
        '/ops/foreign-orders',
      );
      return order?.status_number === 450;
    });
    // No shop heard of it, nothing complained, and nothing of it was set aside.
    expect(codes.flatMap((code) => world.orders(code))).toEqual([]);
    expect(complaints()).toEqual(before);
    await world.allShow('TEE', 26);
    await nothingAside(world);
  });

  it.each([
    ['with the very number', 'SE', (number: string) => number],
    ['with the number in other letters', 'EU', (number: string) => number.toLowerCase()],
  ] as [string, Code, (number: string) => string][])(
    'is never overwritten by an order of ours %s, which is refused and told to its shop',
    async (_how, code, typed) => {
      const number = `5178-${code}`;
      await world.control.typeIn({
        number: typed(number),
        name: 'By phone',
        lines: [{ article: 'CAP', quantity: 1 }],
      });
      await world.settled();
      const order = world.buy(code, 'TEE', 2);
      expect(`${order.number}-${code}`).toBe(number);
      await eventually(() => order.notes.some(({ text }) => text.includes('refused the order: foreign')), {
        withinMs: 30_000,
      });
      const there = (await world.control.orders()).filter((one) => one.number.toUpperCase() === number);
      expect(there).toMatchObject([
        {
          number: typed(number),
          lines: [{ article: 'CAP', ordered: 1 }],
          puts: { done: 0 },
          goodsOwnerOrderId: null,
        },
      ]);
      const refused = await world.system.ask<{ number: string; reason: string; text: string }[]>(
        'wms-gateway',
        '/ops/refused-orders',
      );
      expect(refused.find((one) => one.number === number)).toMatchObject({
        reason: 'foreign',
        text: expect.stringContaining('never overwritten'),
      });
      // Its pieces stay promised until somebody decides, and its shop does.
      await eventually(() => codes.every((each) => world.shops[each].model.stockOf('TEE') === 24));
      world.shops[code].model.cancel(order.id, 'placed anew');
      await world.allShow('TEE', 26);
    },
  );

  it('gives the number free when the warehouse renames it: the refused order goes out on a retry', async () => {
    const number = '5179-SE';
    await world.control.typeIn({ number, lines: [{ article: 'CAP', quantity: 1 }] });
    const order = world.buy('SE', 'TEE');
    await eventually(() => order.notes.length > 0);
    const { simulator } = world.system;
    const typed = await world.inWarehouse(number);
    const credentials = Buffer.from(`${simulator.user}:${simulator.password}`).toString('base64');
    await fetch(`${simulator.apiUrl}orders/${typed?.orderId}/orderNumber`, {
      method: 'PATCH',
      headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
      body: JSON.stringify({ orderNumber: 'PHONE-2' }),
    });
    await world.system.ask('wms-gateway', `/ops/orders/${number}/retry`, {
      method: 'POST',
      body: { author: 'flow', reason: 'renamed at the warehouse' },
    });
    const there = await world.arrived(number);
    expect(there).toMatchObject({ lines: [{ article: 'TEE', ordered: 1 }], puts: { done: 1 } });
    expect(await world.inWarehouse('PHONE-2')).toMatchObject({ lines: [{ article: 'CAP' }] });
    await world.settled();
  });
});

describe('an order that the warehouse splits', () => {
  it('frees no piece, and its shop gets both parcels under its own order', async () => {
    await world.settled();
    const order = world.buy('SE', 'TEE', 3);
    const number = `${order.number}-SE`;
    await world.arrived(number);
    await world.settled();
    const sellable = await world.sellable('TEE');
    const row = order.lines[0]?.id ?? '';
    const { number: other } = await world.control.split({ order: number, lines: [{ row, quantity: 2 }] });
    const said = (text: string) => order.notes.some((note) => note.text.includes(text));
    await eventually(
      () => said('now has 1 TEE instead of 3 TEE') && said(`delivers 2 TEE of this order as`),
      {
        withinMs: 30_000,
      },
    );
    await world.allShow('TEE', sellable);
    for (const [one, waybill] of [
      [other, 'WB-SPLIT-2'],
      [number, 'WB-SPLIT-1'],
    ] as const) {
      await world.control.pick({ order: one });
      await world.control.ship({ order: one, carrier: 'PostNord', parcels: [{ number: waybill, waybill }] });
    }
    await eventually(() => order.fulfilments.length === 2);
    const parcels = order.fulfilments.map(({ trackingNumber, lines }) => [
      trackingNumber,
      lines[0]?.quantity,
    ]);
    expect(parcels.toSorted()).toEqual([
      ['WB-SPLIT-1', 1],
      ['WB-SPLIT-2', 2],
    ]);
    await world.settled();
    await nothingAside(world);
  });
});

describe('stock that changes at the warehouse', () => {
  it.each([
    ['a loss', 'adjust', -2],
    ['a find', 'adjust', 3],
    ['a receipt', 'receive', 10],
    ['a lock', 'lock', 4],
    ['an unlock', 'unlock', 4],
  ] as const)('by %s is in all shops within seconds', async (what, command, quantity) => {
    await world.settled();
    const before = await world.sellable('CAP');
    const change = command === 'lock' ? -quantity : quantity;
    await world.control[command]({ article: 'CAP', quantity });
    await follows(what, 'CAP', before + change);
  });
});
