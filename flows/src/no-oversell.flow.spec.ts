import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DemoOrder, DemoRefusal } from '@samlast/local/demo-shop';
import { eventually } from '@samlast/test-stack';
import { differences, nothingAside } from './testing/audit.ts';
import { Chance } from './testing/chance.ts';
import { killEach, oversoldNow, troubleAShop } from './testing/hard-times.ts';
import { type Code, codes, World } from './testing/world.ts';

/** Few of most, so that buyers want the same pieces. */
const pieces = { CAP: 9, TEE: 6, MUG: 12, BELT: 3, SOCK: 2, VASE: 1, BULK: 30 };
const articles = Object.keys(pieces);
const strict: readonly Code[] = ['SE', 'EU'];
const STEPS = 14;
/** Orders of each strict shop that show something. Nobody can buy in one that claims while its channel is away. */
const MANY = 10;
const chance = new Chance();

let world: World;
/** Orders that the floor has worked on, which no buyer of this play cancels. */
const shipped = new Set<string>();
const oversold: string[] = [];
const checkouts: Promise<unknown>[] = [];
let abandoned = 0;

beforeAll(async () => {
  world = await World.start({
    pieces,
    lines: {
      // All are divided from the start. Above its threshold a shop on lease shows all there is, and what others take
      // beyond the threshold in one moment would be pieces that it may have sold already.
      SE: { mode: 'lease', scarceBelow: '1000' },
      EU: { mode: 'claim' },
      // It takes orders without looking at stock. What is not there for it is rejected, and the warehouse never has it.
      ERP: { shortPolicy: 'reject' },
    },
  });
  await world.control.knobs({
    seed: chance.seed,
    faultRate: 0.04,
    faultKind: 'both',
    dropResponseAfterCommit: 0.1,
    nullIdRate: 0.03,
    webhookDuplicateRate: 0.2,
    webhookLossRate: 0.2,
    webhookDelayMs: 1_500,
  });
});

afterAll(() => world?.close());

const isRefusal = (error: unknown) => {
  if (!(error instanceof DemoRefusal)) throw error;
};

function buySomething(): void {
  const code = chance.of(['SE', 'SE', 'SE', 'EU', 'EU', 'EU', 'ERP'] as const);
  const lines = Array.from({ length: 1 + chance.below(2) }, () => ({
    article: chance.of(articles),
    quantity: 1 + chance.below(2),
  }));
  checkouts.push(world.shops[code].checkout({ lines }).catch(isRefusal));
}

/** Several buyers in both shops at the same moment, for one article. */
function rush(): void {
  const article = chance.of(articles);
  for (const code of [...strict, ...strict, ...strict])
    checkouts.push(world.shops[code].checkout({ lines: [{ article, quantity: 1 }] }).catch(isRefusal));
}

/** The buyer is gone after the claim, or even after it was confirmed: no order of it ever comes. */
function abandonSomething(): void {
  const key = `gone-${++abandoned}`;
  const lines = [{ article: chance.of(articles), quantity: '1' }];
  const confirms = chance.next() < 0.5;
  const play = async () => {
    const status = await world.claim('EU', key, 'POST', { lines, expiresInS: 5 });
    if (status === 201 && confirms)
      await world.claim('EU', key, 'PUT', { state: 'confirmed', checkoutEndsInS: 2 });
  };
  // Nobody answers while the channel is down.
  checkouts.push(play().catch(() => undefined));
}

const isOpen = (order: DemoOrder) => order.state === 'placed' && !shipped.has(order.id);

function cancelSomething(): void {
  const code = chance.of(codes);
  const open = world.orders(code).filter(isOpen);
  if (open.length > 0) world.shops[code].model.cancel(chance.of(open).id, 'changed their mind');
}

async function shipSomething(): Promise<void> {
  const there = new Map((await world.control.orders()).map((order) => [order.number, order]));
  const ready = codes.flatMap((code) =>
    world
      .orders(code)
      .map((order) => ({ order, number: `${order.number}-${code}` }))
      .filter(({ order, number }) => isOpen(order) && there.get(number)?.status === 300),
  );
  if (ready.length === 0) return;
  const { order, number } = chance.of(ready);
  shipped.add(order.id);
  await world.control.pick({ order: number });
  await world.control.ship({ order: number, carrier: 'PostNord', waybill: `WB-${number}` });
}

/** Whatever buyers, shops and the warehouse may do at any moment, and what may go wrong with it. */
async function live(steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    const draw = chance.next();
    if (draw < 0.45) buySomething();
    else if (draw < 0.55) rush();
    else if (draw < 0.62) abandonSomething();
    else if (draw < 0.74) cancelSomething();
    else if (draw < 0.84) await world.control.receive({ article: chance.of(articles), quantity: 1 });
    else await shipSomething();
    troubleAShop(world, chance);
    for (const which of await oversoldNow(world)) oversold.push(`${which} after step ${step}`);
  }
}

const listed = async (state: string) =>
  (await world.system.ask<{ orders: { number: string }[] }>('stock-authority', `/ops/orders?state=${state}`))
    .orders;

describe('a shop on lease, a shop that claims and an ERP, with every service killed on the way', () => {
  it('goes on after each kill', async () => {
    await killEach(world, chance, () => live(STEPS));
    do {
      await live(STEPS);
      await Promise.all(checkouts);
    } while (strict.some((code) => world.orders(code).length <= MANY));
  });

  it('has sold no piece twice: the warehouse has every order that its shop did not cancel', async () => {
    await world.control.knobs({ faultRate: 0, dropResponseAfterCommit: 0, nullIdRate: 0 });
    await eventually(
      async () => {
        expect(await differences(world)).toEqual([]);
        return true;
      },
      { withinMs: 60_000, everyMs: 250 },
    );
    expect(oversold).toEqual([]);
    expect(await listed('held')).toEqual([]);
    expect(await listed('waiting')).toEqual([]);
    const cancelled = strict.flatMap((code) =>
      world.orders(code).flatMap(({ state, cancelReason }) => (state === 'cancelled' ? [cancelReason] : [])),
    );
    expect(cancelled.filter((reason) => reason !== 'changed their mind')).toEqual([]);
  });

  /**
   * A shop puts the pieces of a cancelled order back at once, and may sell them before the warehouse has answered the
   * cancel. Such an order is held until then; no other may ever be, and none of a shop that claims.
   */
  it('has told no buyer of these shops that something is missing, but what they put back themselves', () => {
    const isResold = (code: Code, order: DemoOrder) =>
      code === 'SE' &&
      world
        .orders(code)
        .filter(({ state, placedAt }) => state === 'cancelled' && placedAt < order.placedAt)
        .some(({ lines }) =>
          lines.some(({ article }) => order.lines.some((line) => line.article === article)),
        );
    const told = strict.flatMap((code) =>
      world
        .orders(code)
        .filter((order) => order.notes.some(({ text }) => text.includes(' missing')))
        .map((order) => ({ order: `${order.number}-${code}`, isResold: isResold(code, order) })),
    );
    const count = (code: Code) => `${world.orders(code).length} orders of ${code}`;
    const rejected = world
      .orders('ERP')
      .filter(({ cancelReason }) => cancelReason?.includes('policy')).length;
    console.error(
      `${codes.map(count).join(', ')} (${rejected} rejected), ${told.length} held for a while; ` +
        `${shipped.size} shipped; ${abandoned} claims abandoned`,
    );
    expect(told.filter((one) => !one.isResold)).toEqual([]);
    for (const code of strict) expect(world.orders(code).length).toBeGreaterThan(MANY);
  });

  it('shows every piece that the warehouse can sell once, and holds none for buyers that are gone', async () => {
    await world.settled({ withinMs: 90_000 });
    const held = 'SELECT key, state FROM stock_authority.claims WHERE state IN ($1, $2)';
    await eventually(
      async () => {
        expect(await world.system.database.query(held, ['open', 'confirmed'])).toEqual([]);
        return true;
      },
      { withinMs: 30_000, everyMs: 250 },
    );
    expect(abandoned).toBeGreaterThan(0);
  });

  it('has set nothing aside, and its books explain every figure', () => nothingAside(world));
});
