import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DemoOrder } from '@samlast/local/demo-shop';
import { eventually } from '@samlast/test-stack';
import { differences, nothingAside } from './testing/audit.ts';
import { type Code, World } from './testing/world.ts';

interface Held {
  number: string;
  missing: string;
}

const CANCELLED = 1000;
let world: World;

beforeAll(async () => {
  world = await World.start({
    pieces: { RELEASED: 1, REJECTED: 1, REFUNDED: 1, OTHER: 5 },
    lines: { SE: { shortPolicy: 'hold' }, EU: { shortPolicy: 'reject' } },
  });
});

afterAll(() => world?.close());

/** The last piece is sold in both shops: the late one's channel stands still, so its shop still shows the piece. */
async function sellTwice(
  article: string,
  first: Code,
  late: Code,
): Promise<{ sold: DemoOrder; short: DemoOrder }> {
  const channel = world.system.process(`channel-${late.toLowerCase()}`);
  channel.kill('SIGSTOP');
  try {
    const sold = world.buy(first, article);
    await world.arrived(`${sold.number}-${first}`);
    expect(world.shops[late].model.stockOf(article)).toBe(1);
    return { sold, short: world.buy(late, article) };
  } finally {
    channel.kill('SIGCONT');
  }
}

const held = (number: string) =>
  eventually(
    async () => {
      const { orders } = await world.system.ask<{ orders: Held[] }>(
        'stock-authority',
        '/ops/orders?state=held',
      );
      return orders.find((order) => order.number === number);
    },
    { withinMs: 30_000, message: `${number} is held` },
  );

const decide = (number: string, command: 'release' | 'reject') =>
  world.system.ask('stock-authority', `/ops/orders/${number}/${command}`, {
    method: 'POST',
    body: { author: 'flow', reason: 'looked at the shelf' },
  });

describe('an order that a shop sold past the last piece', () => {
  it('is held with what is missing, told to its shop, and goes out when a person releases it', async () => {
    const { short } = await sellTwice('RELEASED', 'EU', 'SE');
    const number = `${short.number}-SE`;
    expect((await held(number)).missing).toContain('1 of 1 of RELEASED missing');
    await eventually(() => short.notes.some(({ text }) => text.includes('1 of 1 RELEASED missing')));
    expect(await world.inWarehouse(number)).toBeUndefined();
    await decide(number, 'release');
    expect((await world.arrived(number)).lines).toMatchObject([{ article: 'RELEASED', ordered: 1 }]);
    expect(short.state).toBe('placed');
    // A person has looked at the shelf: the figures go below zero, and no shop shows a piece of it.
    await eventually(async () => (await world.sellable('RELEASED')) === -1);
    await eventually(async () => (await world.shown('RELEASED')).SE === 0);
  });

  it('is cancelled in its shop when a person rejects it', async () => {
    const { short } = await sellTwice('REJECTED', 'EU', 'SE');
    const number = `${short.number}-SE`;
    await held(number);
    await decide(number, 'reject');
    await eventually(() => short.state === 'cancelled');
    expect(short.cancelReason).toContain('looked at the shelf');
    await world.allShow('REJECTED', 0);
    expect(await world.inWarehouse(number)).toBeUndefined();
    await expect(decide(number, 'release')).rejects.toThrow(
      /409.*only an order that is held, back-ordered or waiting/,
    );
  });

  it('is cancelled in its shop by itself where that is the policy', async () => {
    const { sold, short } = await sellTwice('REFUNDED', 'SE', 'EU');
    await eventually(() => short.state === 'cancelled');
    await world.allShow('REFUNDED', 0);
    expect(await world.inWarehouse(`${short.number}-EU`)).toBeUndefined();
    expect(await world.arrived(`${sold.number}-SE`)).toMatchObject({ puts: { done: 1 } });
    expect(sold.state).toBe('placed');
  });
});

const sellUnknown = (code: Code, article: string) => {
  const { model } = world.shops[code];
  model.putArticle({ number: article, name: 'Only here', price: '10' });
  model.setStock(article, 3);
  return world.buy(code, article);
};

describe('an order of an article that the warehouse does not know', () => {
  it('is held, whatever the policy, and goes out by itself when the article master publishes it', async () => {
    const order = sellUnknown('EU', 'NEW-IN-ERP');
    const number = `${order.number}-EU`;
    expect((await held(number)).missing).toContain('NEW-IN-ERP');
    // That shop is not the article master: what it says of the article never reaches the warehouse.
    expect((await world.control.articles()).map((article) => article.number)).not.toContain('NEW-IN-ERP');
    world.shops.ERP.model.putArticle({ number: 'NEW-IN-ERP', name: 'From the ERP', price: '10' });
    await eventually(
      async () => (await world.control.articles()).some(({ name }) => name === 'From the ERP'),
      { withinMs: 30_000 },
    );
    await world.control.receive({ article: 'NEW-IN-ERP', quantity: 3 });
    await world.arrived(number);
    await eventually(() => world.shops.EU.model.stockOf('NEW-IN-ERP') === 2);
  });

  it('goes out by itself when people type the article in at the warehouse', async () => {
    const order = sellUnknown('SE', 'TYPED-IN');
    await held(`${order.number}-SE`);
    await world.control.seed({ articles: [{ number: 'TYPED-IN', stock: 2 }] });
    await world.arrived(`${order.number}-SE`);
    await eventually(() => world.shops.SE.model.stockOf('TYPED-IN') === 1);
  });
});

it('leaves no order in another state than its shop shows, and nothing set aside', async () => {
  expect(await differences(world)).toEqual([]);
  expect((await world.control.orders()).some((order) => order.status === CANCELLED)).toBe(false);
  const { orders } = await world.system.ask<{ orders: Held[] }>('stock-authority', '/ops/orders?state=held');
  expect(orders).toEqual([]);
  await nothingAside(world);
});
