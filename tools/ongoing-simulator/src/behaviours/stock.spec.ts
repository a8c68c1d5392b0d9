import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { demandOf } from '../warehouse/demand.ts';
import { noDemand } from '../warehouse/model.ts';
import { Refusal } from '../warehouse/refusal.ts';
import { Chance } from '../knobs.ts';
import { startSimulator, type Simulator } from '../start.ts';
import { ask, line, putOrder, stockOf, type Body } from '../testing/ask.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.seed({ articles: [{ number: 'TEE', stock: 10 }] });
});

async function balances(article = 'TEE') {
  const info = await stockOf(simulator, article);
  const { numberOfItems, numberOfBookedItems, allocatedNumberOfItems, lockedForSaleNumberOfItems } = info;
  return [
    numberOfItems,
    numberOfBookedItems,
    allocatedNumberOfItems,
    lockedForSaleNumberOfItems,
    info.sellableNumberOfItems,
  ];
}

const changedSince = async (time: string) =>
  (await ask(simulator, 'GET', `articles?goodsOwnerId=41&stockInfoChangedFrom=${time}`)).body.map(
    (one: { articleNumber: string }) => one.articleNumber,
  );

async function later(): Promise<string> {
  const { now } = await simulator.control.clock({ advanceMs: 60_000 });
  await simulator.control.clock({ advanceMs: 1000 });
  return now;
}

async function randomStep(chance: Chance): Promise<unknown> {
  const { control } = simulator;
  const upTo = (limit: number) => Math.floor(chance.next() * limit);
  const order = `${upTo(40)}-SE`;
  const article = ['A', 'B', 'KIT'][upTo(3)] ?? 'A';
  const quantity = 1 + upTo(4);
  const put = () => putOrder(simulator, order, [line('1', article, quantity), line('2', 'A', 1 + upTo(2))]);
  const steps = [
    put,
    put,
    () => ask(simulator, 'DELETE', `orders?goodsOwnerId=41&orderNumber=${order}`),
    () => control.allocate({ order }),
    () => control.pick({ order, short: chance.hits(0.5) }),
    () => control.pick({ order, lines: [{ row: '1', quantity: 1 }] }),
    () => control.pick({ order, short: true, backOrder: true }),
    () => control.ship({ order, parcels: [{ number: `P${upTo(9)}` }] }),
    () => control.collect({ order }),
    () => control.takeBack({ order, lines: [{ row: '1', quantity: 1 }], restock: chance.hits(0.5) }),
    () =>
      control.editByHand({ order, lines: [{ row: '2', quantity }], remove: chance.hits(0.3) ? ['1'] : [] }),
    () => control.cancelAtWarehouse({ order }),
    () => control.adjust({ article, quantity: upTo(5) - 2 }),
    () => control.lock({ article, quantity }),
    () => control.unlock({ article, quantity }),
    () => control.receive({ article, quantity, location: 'B-2' }),
  ];
  return steps[upTo(steps.length)]?.();
}

function compare(): void {
  const { articles, orders } = simulator.simulation.warehouse;
  const expected = new Map([...articles.byId.keys()].map((id) => [id, noDemand()]));
  for (const order of orders.byId.values()) {
    for (const [id, demand] of demandOf(order)) {
      const sum = expected.get(id) ?? noDemand();
      for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += demand[name];
    }
  }
  for (const article of articles.all()) {
    expect([article.number, article.demand]).toEqual([article.number, expected.get(article.id)]);
    for (const item of article.items) {
      expect(item.quantity).toBeGreaterThanOrEqual(item.locked + item.lockedForSale);
    }
  }
}

describe('row 10: the balances follow the table of section 3.3', () => {
  it('in the warehouse, booked, allocated, locked for sale, sellable: order, allocation, picking', async () => {
    const { control } = simulator;
    expect(await balances()).toEqual([10, 0, 0, 0, 10]);
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 3)]);
    expect(await balances()).toEqual([10, 3, 0, 0, 7]);
    await control.allocate({ order: '1-SE' });
    expect(await balances()).toEqual([10, 3, 3, 3, 7]);
    await control.pick({ order: '1-SE' });
    expect(await balances()).toEqual([7, 0, 0, 0, 7]);
    expect((await stockOf(simulator, 'TEE')).pickedToBeCollectedNumberOfItems).toBe(3);
    await control.ship({ order: '1-SE' });
    await control.collect({ order: '1-SE' });
    expect((await stockOf(simulator, 'TEE')).pickedToBeCollectedNumberOfItems).toBe(0);
  });

  it('picked directly, lowered by PUT, cancelled, and left unpicked at 400', async () => {
    const { control } = simulator;
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 2)]);
    await control.pick({ order: '1-SE' });
    expect(await balances()).toEqual([8, 0, 0, 0, 8]);
    await putOrder(simulator, '2-SE', [line('1', 'TEE', 5)]);
    await putOrder(simulator, '2-SE', [line('1', 'TEE', 4)]);
    expect(await balances()).toEqual([8, 4, 0, 0, 4]);
    await control.pick({ order: '2-SE', lines: [{ row: '1', quantity: 1 }], finish: true });
    expect(await balances()).toEqual([7, 0, 0, 0, 7]);
    await putOrder(simulator, '3-SE', [line('1', 'TEE', 9)]);
    expect(await balances()).toEqual([7, 9, 0, 0, -2]);
    await ask(simulator, 'DELETE', 'orders?goodsOwnerId=41&orderNumber=3-SE');
    expect(await balances()).toEqual([7, 0, 0, 0, 7]);
  });

  it('counts no stock for lines that are not picked and for articles that are no goods', async () => {
    await simulator.control.seed({ articles: [{ number: 'FREIGHT', isStockArticle: false }] });
    await putOrder(simulator, '1-SE', [
      line('1', 'TEE', 3, { shouldBePicked: false }),
      line('2', 'FREIGHT', 1),
    ]);
    expect(await balances()).toEqual([10, 0, 0, 0, 10]);
    expect(await balances('FREIGHT')).toEqual([0, 0, 0, 0, 0]);
    await simulator.control.pick({ order: '1-SE' });
  });

  it('shows a kit as the minimum of its parts, and takes the parts', async () => {
    const { control } = simulator;
    await control.seed({
      articles: [
        { number: 'CUP', stock: 7 },
        {
          number: 'SET',
          parts: [
            { article: 'TEE', quantity: 1 },
            { article: 'CUP', quantity: 2 },
          ],
        },
      ],
    });
    expect((await balances('SET')).slice(0, 1)).toEqual([3]);
    await putOrder(simulator, '1-SE', [line('1', 'SET', 2)]);
    expect(await balances('CUP')).toEqual([7, 4, 0, 0, 3]);
    expect((await stockOf(simulator, 'SET')).sellableNumberOfItems).toBe(1);
    const [order] = (await ask(simulator, 'GET', 'orders?goodsOwnerId=41')).body;
    expect(
      order.orderLines[0].subOrderLines.map((one: Body) => [
        one.article.articleNumber,
        one.orderedNumberOfItems,
      ]),
    ).toEqual([
      ['TEE', 2],
      ['CUP', 4],
    ]);
    await control.pick({ order: '1-SE' });
    expect(await balances('CUP')).toEqual([3, 0, 0, 0, 3]);
    expect(await balances()).toEqual([8, 0, 0, 0, 8]);
    await expect(control.receive({ article: 'SET', quantity: 1 })).rejects.toThrow(/receive its parts/);
  });

  it('changes a kit for new orders only', async () => {
    await simulator.control.seed({
      articles: [
        { number: 'CUP', stock: 9 },
        { number: 'SET', parts: [{ article: 'TEE', quantity: 1 }] },
      ],
    });
    await putOrder(simulator, '1-SE', [line('1', 'SET', 1)]);
    await simulator.control.seed({ articles: [{ number: 'SET', parts: [{ article: 'CUP', quantity: 1 }] }] });
    await putOrder(simulator, '1-SE', [line('1', 'SET', 3)]);
    await putOrder(simulator, '2-SE', [line('1', 'SET', 1)]);
    expect((await balances()).at(-1)).toBe(7);
    expect((await balances('CUP')).at(-1)).toBe(8);
  });
});

describe('row 18: the stock feed', () => {
  it('shows an article when an order books it, and when it falls to nothing', async () => {
    await simulator.control.seed({ articles: [{ number: 'CAP', stock: 1 }] });
    let time = await later();
    expect(await changedSince(time)).toEqual([]);
    await putOrder(simulator, '1-SE', [line('1', 'CAP', 1)]);
    expect(await changedSince(time)).toEqual(['CAP']);
    time = await later();
    await simulator.control.pick({ order: '1-SE' });
    expect(await changedSince(time)).toEqual(['CAP']);
    expect((await stockOf(simulator, 'CAP')).numberOfItems).toBe(0);
  });

  it('does not show bookings alone with deltaOnBooking off', async () => {
    await simulator.control.knobs({ deltaOnBooking: false });
    const time = await later();
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 1)]);
    expect(await changedSince(time)).toEqual([]);
    await simulator.control.allocate({ order: '1-SE' });
    expect(await changedSince(time)).toEqual(['TEE']);
  });

  it('and that of statuses shows a new order, or not before its first step with statusFeedHasNew off', async () => {
    const madeSince = async (time: string) => {
      const path = `orders?goodsOwnerId=41&orderStatusChangedTimeFrom=${time}`;
      const { body } = await ask(simulator, 'GET', path);
      return body.map((order: { orderInfo: { orderNumber: string } }) => order.orderInfo.orderNumber);
    };
    const time = await later();
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 1)]);
    await simulator.control.knobs({ statusFeedHasNew: false });
    await putOrder(simulator, '2-SE', [line('1', 'TEE', 1)]);
    expect(await madeSince(time)).toEqual(['1-SE']);
    await simulator.control.allocate({ order: '2-SE' });
    expect(await madeSince(time)).toEqual(['1-SE', '2-SE']);
  });

  it('shows a kit when a part of it changes', async () => {
    await simulator.control.seed({ articles: [{ number: 'SET', parts: [{ article: 'TEE', quantity: 1 }] }] });
    const time = await later();
    await simulator.control.receive({ article: 'TEE', quantity: 1 });
    expect(await changedSince(time)).toEqual(['TEE', 'SET']);
  });

  it('shows balances as they were, with stockLagMs', async () => {
    await simulator.control.knobs({ stockLagMs: 30_000 });
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 1)]);
    expect((await balances()).at(-1)).toBe(10);
    await simulator.control.clock({ advanceMs: 30_000 });
    expect((await balances()).at(-1)).toBe(9);
  });
});

describe('row 33: adjustments, locks and receipts at any time', () => {
  it('move the balances at once', async () => {
    const { control } = simulator;
    await control.receive({ article: 'TEE', quantity: 5, location: 'B-7' });
    await control.adjust({ article: 'TEE', quantity: -2, location: 'A-1' });
    await control.lock({ article: 'TEE', quantity: 9 });
    expect(await balances()).toEqual([13, 0, 0, 9, 4]);
    await control.unlock({ article: 'TEE', quantity: 4 });
    await control.lock({ article: 'TEE', quantity: 1, forSale: false });
    expect(await balances()).toEqual([13, 0, 0, 5, 8]);
    expect((await stockOf(simulator, 'TEE')).numberOfLockedItems).toBe(6);
    await expect(control.lock({ article: 'TEE', quantity: 99 })).rejects.toThrow(/Only/);
    await expect(control.adjust({ article: 'TEE', quantity: -99 })).rejects.toThrow(/Only/);
    const { body } = await ask(simulator, 'GET', 'inventoryAdjustments?goodsOwnerId=41');
    expect(body.map((one: Body) => one.inventoryAdjustments[0].numberOfItems)).toEqual([-2]);
  });
});

describe('the sums that are kept', () => {
  it.each([1, 2])('equal the formula over all orders after 500 random steps (seed %i)', async (seed) => {
    const { control } = simulator;
    await control.seed({
      articles: [
        { number: 'A', stock: 40 },
        { number: 'B', stock: 40 },
        {
          number: 'KIT',
          parts: [
            { article: 'A', quantity: 2 },
            { article: 'B', quantity: 0.5 },
          ],
        },
      ],
    });
    await control.knobs({ lockFromStatus: 400, lockOnWork: false });
    const chance = new Chance(seed);
    const carriedOut = { steps: 0 };
    for (let step = 0; step < 500; step++) {
      await randomStep(chance).then(
        () => carriedOut.steps++,
        (error: unknown) => {
          if (!(error instanceof Refusal)) throw error;
        },
      );
      if (step % 20 === 0) compare();
    }
    compare();
    expect(carriedOut.steps).toBeGreaterThan(180);
  });
});
