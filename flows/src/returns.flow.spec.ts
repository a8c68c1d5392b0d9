import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { nothingAside } from './testing/audit.ts';
import { type Code, codes, World } from './testing/world.ts';

let world: World;
beforeAll(async () => {
  world = await World.start({ pieces: { TEE: 10, CAP: 9 }, gatewayEnv: { INBOUND_POLL_MS: '500' } });
  await world.control.returnCauses({ causes: [{ code: 'BROKEN', remove: true }] });
});
afterAll(() => world?.close());

/** An order that has been shipped. */
async function shipped(code: Code, article: string, quantity: number) {
  await world.settled();
  const order = world.buy(code, article, quantity);
  const number = `${order.number}-${code}`;
  await world.arrived(number);
  await world.control.pick({ order: number });
  await world.control.ship({ order: number, carrier: 'PostNord', waybill: `WB-${number}` });
  await eventually(() => order.fulfilments.length > 0);
  return { order, number };
}

const announced = (number: string) =>
  eventually(async () => (await world.control.returnOrders()).find((one) => one.number === number), {
    withinMs: 30_000,
    message: `${number} is expected by the warehouse`,
  });

describe('a return that a shop announces', () => {
  it('comes back in parts: sold again where it is fit, scrapped where it is not, told to its shop alone', async () => {
    const { order, number } = await shipped('SE', 'TEE', 4);
    const { returns } = world.shops.SE.model;
    const fit = returns.announce(order, { line: order.lines[0]?.id ?? '', quantity: 2 });
    const broken = returns.announce(order, { line: order.lines[0]?.id ?? '', quantity: 1, cause: 'BROKEN' });
    const [first, second] = [`${fit.number}-SE`, `${broken.number}-SE`];
    expect(await announced(first)).toMatchObject({ order: number, lines: [{ toBeReturned: 2 }] });
    await announced(second);
    const before = await world.sellable('TEE');
    await world.control.receiveReturn({ returnOrder: first, lines: [{ row: '1', quantity: 1 }] });
    await world.allShow('TEE', before + 1);
    await eventually(() => (order.returned ?? []).length === 1);
    await world.control.receiveReturn({ returnOrder: second });
    await world.control.receiveReturn({ returnOrder: first });
    await eventually(() => (order.returned ?? []).length === 3);
    await world.allShow('TEE', before + 2);
    const told = (order.returned ?? []).map(({ return: of, lines }) => [
      of,
      lines[0]?.quantity,
      lines[0]?.restocked,
    ]);
    expect(told.toSorted()).toEqual(
      [
        [first, '1', true],
        [first, '1', true],
        [second, '1', false],
      ].toSorted(),
    );
    const others = codes.filter((code) => code !== 'SE').flatMap((code) => world.orders(code));
    expect(others.flatMap((one) => one.returned ?? [])).toEqual([]);
  });

  it('is withdrawn while nothing has come', async () => {
    const { order } = await shipped('EU', 'CAP', 1);
    const { returns } = world.shops.EU.model;
    const goods = returns.announce(order, { line: order.lines[0]?.id ?? '', quantity: 1 });
    await announced(`${goods.number}-EU`);
    returns.withdraw(goods.id);
    const status = async () => (await announced(`${goods.number}-EU`)).status;
    await eventually(async () => (await status()) === 900);
  });
});

describe('goods that are found at the dock', () => {
  it('are told to the shop of their order; one that knows no returns reads it in a note', async () => {
    for (const code of ['EU', 'ERP'] as const) {
      const { order, number } = await shipped(code, 'CAP', 2);
      await world.control.takeBack({
        order: number,
        lines: [{ row: order.lines[0]?.id ?? '', quantity: 1 }],
      });
      const told = () =>
        code === 'EU'
          ? (order.returned ?? []).some(({ return: of }) => of === undefined)
          : order.notes.some(({ text }) => text.includes('announced by nobody: 1 CAP, for sale again'));
      await eventually(told);
      await world.settled();
    }
    await nothingAside(world);
  });
});
