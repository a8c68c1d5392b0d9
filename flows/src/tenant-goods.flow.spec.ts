import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DemoOrder } from '@samlast/local/demo-shop';
import { eventually } from '@samlast/test-stack';
import { nothingAside } from './testing/audit.ts';
import { orderLinesInApi } from './testing/ongoing-api.ts';
import { type Code, codes, World } from './testing/world.ts';

const [CUPS, POTS] = [9, 5];
let world: World;

beforeAll(async () => {
  world = await World.start({
    pieces: { CUP: CUPS, POT: POTS, TEE: 0, CAP: 30 },
    lines: { ERP: { shortPolicy: 'backorder', backorderMost: '5' } },
    channelEnv: { ARTICLES_POLL_MS: '1000' },
    // So quick that an order would be marked before the next one is bought.
    gatewayEnv: { INBOUND_POLL_MS: '500', REPORTED_POLL_MS: '500' },
    authorityEnv: { ARRIVALS_SETTLE_MS: '500' },
  });
});
afterAll(() => world?.close());

const PATIENCE = { withinMs: 30_000 };
const says = (order: DemoOrder, text: string) =>
  eventually(() => order.notes.some((note) => note.text.includes(text)), {
    ...PATIENCE,
    message: `${order.number} says '${text}', not only ${order.notes.map((note) => note.text).join(' | ')}`,
  });
/** An order that the warehouse has, and has picked. */
async function picked(code: Code, article: string, quantity: number) {
  await world.settled();
  const order = world.buy(code, article, quantity);
  const number = `${order.number}-${code}`;
  await world.arrived(number);
  await world.control.pick({ order: number });
  return { order, number };
}
const fulfilled = (order: DemoOrder) => eventually(() => order.fulfilments.length > 0, PATIENCE);

describe('an order', () => {
  it.each([
    ['sent', 450],
    ['collected', 500],
  ] as const)('that ends at %s is told to its shop once, without any parcel too', async (_name, status) => {
    const { order, number } = await picked('SE', 'CAP', 2);
    await world.control.setStatus({ order: number, status });
    await fulfilled(order);
    await world.control.setStatus({ order: number, status: 500 });
    const kept = () => world.system.ask<{ statusNumber: number }>('wms-gateway', `/ops/orders/${number}`);
    await eventually(async () => (await kept()).statusNumber === 500, PATIENCE);
    expect(order.fulfilments).toMatchObject([{ lines: [{ id: '1', quantity: 2 }] }]);
  });
});

describe('a kit', () => {
  it('is made in the ERP, sold as one in every shop, picked as its parts, and told as one', async () => {
    const kit = { number: 'SET', name: 'Tea for two', price: '49' };
    for (const code of codes) world.shops[code].model.putArticle(kit);
    const parts = [
      { article: 'CUP', quantity: '2' },
      { article: 'POT', quantity: '1' },
    ];
    world.shops.ERP.model.putArticle({ ...kit, more: { parts } });
    const known = async () =>
      (await world.control.articles()).some(({ number, isKit }) => number === 'SET' && isKit);
    await eventually(known, { ...PATIENCE, message: 'the warehouse knows the kit' });
    await world.allShow('SET', 4);

    const { order, number } = await picked('SE', 'SET', 2);
    expect(await world.inWarehouse(number)).toMatchObject({
      lines: [{ article: 'SET', ordered: 2, picked: 2 }],
    });
    const onShelf = async (article: string) =>
      (await world.control.articles({ numbers: [article] }))[0]?.inWarehouse;
    expect([await onShelf('CUP'), await onShelf('POT')]).toEqual([CUPS - 4, POTS - 2]);
    await world.allShow('CUP', CUPS - 4);
    await world.allShow('POT', POTS - 2);
    await world.allShow('SET', 2);
    await world.control.ship({ order: number, waybill: 'WB-SET' });
    await fulfilled(order);
    expect(order.fulfilments).toMatchObject([
      { trackingNumber: 'WB-SET', lines: [{ id: '1', quantity: 2 }] },
    ]);
  });

  it('is sold out in every shop when one of its parts is', async () => {
    const order = world.buy('EU', 'CUP', 4);
    await world.arrived(`${order.number}-EU`);
    await world.allShow('SET', 0);
    await world.allShow('POT', POTS - 2);
    await nothingAside(world);
  });
});

const expectedOn = new Date(Date.now() + 5 * 86_400_000).toISOString().slice(0, 10);
const sell = (quantity: number) => world.shops.ERP.model.buy({ lines: [{ article: 'TEE', quantity }] });

describe('goods that are on their way', () => {
  it('are promised up to the cap and no farther, and a person may raise it', async () => {
    const { purchases } = world.shops.ERP.model;
    const purchase = purchases.place({ lines: [{ article: 'TEE', quantity: 10 }], expectedOn });
    const first = sell(3);
    await says(first, `Back-ordered: 3 of 3 TEE missing, expected on ${expectedOn}`);
    const second = sell(2);
    await says(second, `Back-ordered: 2 of 2 TEE missing, expected on ${expectedOn}`);
    // Ten are announced, and five may be waited for.
    const third = sell(1);
    await says(third, 'Held: 1 of 1 TEE missing');
    await world.system.ask('stock-authority', '/ops/articles/TEE/rules', {
      method: 'PUT',
      body: { backorderMost: '6', author: 'flow', reason: 'the supplier is a good one' },
    });
    await says(third, `Back-ordered: 1 of 1 TEE missing, expected on ${expectedOn}`);
    await world.control.receiveAgainst({ purchaseOrder: `${purchase.number}-ERP` });
    for (const order of [first, second, third]) await world.arrived(`${order.number}-ERP`);
    await world.allShow('TEE', 4);
  });

  it('come in without a word to the shops that did not order them', async () => {
    const others = ['SE', 'EU'] as const;
    const heard = async () =>
      Promise.all(
        others.map(async (code) => {
          const service = `channel-${code.toLowerCase()}`;
          const calls = await world.system.ask<object[]>(service, '/ops/jobs');
          const notes = world.orders(code).flatMap((order) => order.notes);
          return { code, calls, notes: notes.length, complaints: complaintsOf(service) };
        }),
      );
    await world.settled();
    const before = await heard();
    const { purchases } = world.shops.ERP.model;
    const purchase = purchases.place({ lines: [{ article: 'CAP', quantity: 10 }], expectedOn });
    const purchaseOrder = `${purchase.number}-ERP`;
    const there = async () => (await world.control.purchaseOrders({ numbers: [purchaseOrder] })).length > 0;
    await eventually(there, PATIENCE);
    const pieces = await world.sellable('CAP');
    for (const [quantity, sum] of [
      [4, 4],
      [6, 10],
    ] as const) {
      await world.control.receiveAgainst({ purchaseOrder, lines: [{ row: '10', quantity }] });
      await world.allShow('CAP', pieces + sum);
    }
    await eventually(() => purchase.closed?.deviation === false, PATIENCE);
    expect(purchase.receipts.map(({ lines }) => lines)).toEqual([
      [{ id: '10', quantity: '4' }],
      [{ id: '10', quantity: '6' }],
    ]);
    expect(await heard()).toEqual(before);
    await nothingAside(world);
  });
});

describe('the bookmark of what was reported', () => {
  it('is left to whoever else uses it where setting it is not configured', async () => {
    const shipped = world.orders('SE').filter(({ fulfilments }) => fulfilments.length > 0);
    expect(shipped.length).toBeGreaterThan(0);
    for (const { number } of shipped) {
      const [line] = await orderLinesInApi(world, `${number}-SE`);
      expect(line).toMatchObject({ reportedNumberOfItems: null, reportedReturnedNumberOfItems: null });
      expect(line?.pickedNumberOfItems).toBeGreaterThan(0);
    }
    const { requests } = await world.control.counts();
    expect(Object.keys(requests).filter((endpoint) => /reported/i.test(endpoint))).toEqual([]);
  });
});

/** Log lines of a service that a person would look at. */
function complaintsOf(service: string): string[] {
  const lines = world.system.process(service).output.split('\n');
  return lines.filter((line) => /"level":("warn"|"error"|40|50)/.test(line));
}
