import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DemoOrder } from '@samlast/local/demo-shop';
import { eventually } from '@samlast/test-stack';
import { nothingAside } from './testing/audit.ts';
import { Chance } from './testing/chance.ts';
import { killEach } from './testing/hard-times.ts';
import { type Code, codes, World } from './testing/world.ts';

const CANCELLED = 1000;
const pieces = {
  BEFORE: 20,
  DURING: 20,
  LATE: 20,
  PICKED: 20,
  CROSSED: 20,
  HOLD: 3,
  REJECT: 3,
  PARTIAL: 3,
  LEASED: 6,
  A: 200,
  B: 200,
  C: 200,
};
const policies = { SE: 'hold', EU: 'reject', ERP: 'partial' } as const;
let world: World;

beforeAll(async () => {
  const lines = Object.fromEntries(codes.map((code) => [code, { shortPolicy: policies[code] }]));
  // Scarce articles are divided, so that of LEASED each shop on lease has its own pieces.
  world = await World.start({ pieces, lines: { ...lines, SE: { shortPolicy: 'hold', mode: 'lease' } } });
});

afterAll(() => world?.close());

const numberOf = (code: Code, order: DemoOrder) => `${order.number}-${code}`;
const linesThere = async (number: string) =>
  (await world.inWarehouse(number))?.lines.map(({ article, ordered }) => `${ordered} ${article}`).toSorted();
const linesOf = (order: DemoOrder) =>
  order.lines.map(({ article, quantity }) => `${quantity} ${article}`).toSorted();
const edit = (code: Code, order: DemoOrder, quantity: number) =>
  world.shops[code].model.edit(order.id, { lines: [{ id: order.lines[0]?.id ?? '', quantity }] });

/** What the shop was told of the change that it made last. */
const answered = (order: DemoOrder, withinMs = 30_000) => {
  const { changedAt } = order;
  return eventually(
    () => order.notes.find(({ change }) => change && Date.parse(change.changedAt) >= Date.parse(changedAt)),
    { withinMs, message: `the shop is told what became of the change of ${order.number}` },
  );
};
const arrivedAs = (code: Code, order: DemoOrder, withinMs = 60_000) =>
  eventually(
    async () => {
      const there = await linesThere(numberOf(code, order));
      if (there?.join() !== linesOf(order).join()) throw new Error(`${there} instead of ${linesOf(order)}`);
      return true;
    },
    { withinMs, message: `${numberOf(code, order)} is in the warehouse as its shop has it` },
  );

describe('an order that is changed in its shop', () => {
  it('before the gateway has written it is written once, as it is by then', async () => {
    const gateway = world.system.process('wms-gateway');
    gateway.kill('SIGSTOP');
    const order = world.buy('EU', 'BEFORE');
    // Each version has been read and promised before the next one is made.
    const promised = (left: number) => eventually(() => world.shops.ERP.model.stockOf('BEFORE') === left);
    await promised(19);
    edit('EU', order, 2);
    await promised(18);
    edit('EU', order, 4);
    await promised(16);
    gateway.kill('SIGCONT');
    expect(await answered(order)).toMatchObject({ change: { outcome: 'done' } });
    await arrivedAs('EU', order);
    expect(await world.inWarehouse(numberOf('EU', order))).toMatchObject({ puts: { received: 1, done: 1 } });
  });

  it('while its PUT is under way is changed there, address and all', async () => {
    await world.control.knobs({ writeLatencyMs: 500 });
    const order = world.buy('EU', 'DURING', 2);
    const number = numberOf('EU', order);
    await eventually(async () => number in (await world.control.counts()).puts, {
      everyMs: 5,
      withinMs: 30_000,
    });
    world.shops.EU.model.edit(order.id, {
      lines: [
        { id: '1', quantity: 1 },
        { article: 'LATE', quantity: 2 },
      ],
      buyer: { address1: 'Nygatan 1' },
    });
    expect(await answered(order)).toMatchObject({ change: { outcome: 'done' } });
    await world.control.knobs({ writeLatencyMs: 0 });
    expect(await linesThere(number)).toEqual(['1 DURING', '2 LATE']);
  });

  it('after picking began is changed as far as it can be, and its shop is told what stays', async () => {
    const order = world.buy('EU', 'LATE', 2);
    const number = numberOf('EU', order);
    await world.arrived(number);
    await world.control.allocate({ order: number });
    world.shops.EU.model.edit(order.id, { note: 'Ring twice', buyer: { address1: 'Nygatan 1' } });
    const { text, change } = await answered(order);
    expect(change?.outcome).toBe('in-part');
    expect(text).toContain('these stay as they were: the address');
    expect(text).toContain('Changed all the same: the note');
  });

  it('to less than what was picked is told to be too late, and may be changed back', async () => {
    const order = world.buy('EU', 'PICKED', 2);
    const number = numberOf('EU', order);
    await world.arrived(number);
    await world.control.pick({ order: number });
    edit('EU', order, 1);
    expect(await answered(order)).toMatchObject({ change: { outcome: 'too-late' } });
    expect(await linesThere(number)).toEqual(['2 PICKED']);
    edit('EU', order, 2);
    expect(await answered(order)).toMatchObject({ change: { outcome: 'done' } });
    await world.allShow('PICKED', 18);
  });

  it('and cancelled in the same moment is cancelled, and nothing of it is kept', async () => {
    const order = world.buy('EU', 'CROSSED', 2);
    const number = numberOf('EU', order);
    await world.arrived(number);
    edit('EU', order, 5);
    world.shops.EU.model.cancel(order.id, 'changed their mind');
    await eventually(async () => (await world.inWarehouse(number))?.status === CANCELLED, {
      withinMs: 30_000,
    });
    await world.allShow('CROSSED', 20);
  });

  it.each([
    ['SE', 'HOLD'],
    ['EU', 'REJECT'],
    ['ERP', 'PARTIAL'],
  ] as const)(
    'to more than there is stays as it was, whatever the policy (%s, %s)',
    async (code, article) => {
      const order = world.buy(code, article);
      const number = numberOf(code, order);
      await world.arrived(number);
      // Staff of the shop adds pieces that it does not show, past its own stock.
      const { model } = world.shops[code];
      model.setStock(article, 9);
      edit(code, order, 8);
      const { text, change } = await answered(order);
      expect(change?.outcome).toBe('short');
      expect(text).toContain(`of 7 ${article} missing`);
      expect(await linesThere(number)).toEqual([`1 ${article}`]);
      edit(code, order, 1);
      await answered(order);
      await world.settled();
      expect(await linesThere(number)).toEqual([`1 ${article}`]);
    },
  );

  it('of a shop on lease takes what it wants more of its own pieces, and gives them back', async () => {
    await world.settled();
    const order = world.buy('SE', 'LEASED');
    await world.arrived(numberOf('SE', order));
    await world.settled();
    const left = world.shops.SE.model.stockOf('LEASED');
    edit('SE', order, 1 + left);
    expect(await answered(order)).toMatchObject({ change: { outcome: 'done' } });
    await arrivedAs('SE', order);
    await world.settled();
    edit('SE', order, 1);
    expect(await answered(order)).toMatchObject({ change: { outcome: 'done' } });
    await world.settled();
    expect(await world.sellable('LEASED')).toBe(5);
  });
});

describe('orders that are changed again and again', () => {
  it('are in the warehouse as their shops have them, whichever service was killed meanwhile', async () => {
    const chance = new Chance();
    await world.control.knobs({ faultRate: 0.04, dropResponseAfterCommit: 0.1, nullIdRate: 0.03 });
    const articles = ['A', 'B', 'C'];
    const orders: { code: Code; order: DemoOrder }[] = [];
    const live = async () => {
      for (let step = 0; step < 4; step++) {
        const code = chance.of(codes);
        orders.push({ code, order: world.buy(code, chance.of(articles), 1 + chance.below(3)) });
        const { code: shop, order } = chance.of(orders);
        const lines = [{ id: order.lines[0]?.id ?? '', quantity: 1 + chance.below(4) }];
        const added = chance.below(2) === 0 ? [{ article: chance.of(articles), quantity: 1 }] : [];
        world.shops[shop].model.edit(order.id, {
          lines: [...lines, ...added],
          note: `change ${chance.below(100)}`,
        });
      }
    };
    await killEach(world, chance, live);
    await live();
    await world.control.knobs({ faultRate: 0, dropResponseAfterCommit: 0, nullIdRate: 0 });
    for (const { code, order } of orders) await arrivedAs(code, order, 90_000);
    await world.settled({ withinMs: 90_000 });
  });
});

it('leaves nothing set aside', () => nothingAside(world));
