import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type DemoOrder, DemoRefusal } from '@samlast/local/demo-shop';
import { eventually } from '@samlast/test-stack';
import { differences, nothingAside } from './testing/audit.ts';
import { Chance } from './testing/chance.ts';
import { killEach, oversoldNow, troubleAShop } from './testing/hard-times.ts';
import { type Code, codes, World } from './testing/world.ts';

const pieces = { CAP: 90, TEE: 60, MUG: 120, BELT: 25, SOCK: 8, VASE: 2 };
const articles = Object.keys(pieces);
const STEPS = 12;
const chance = new Chance();

let world: World;
/** Orders that the floor has worked on, which no buyer of this play cancels. */
const shipped = new Map<string, { code: Code; id: string; waybill: string }>();
const oversold: string[] = [];

beforeAll(async () => {
  const lines = Object.fromEntries(codes.map((code) => [code, { shortPolicy: 'reject' }]));
  world = await World.start({ pieces, lines });
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

function buySomething(): void {
  const code = chance.of(codes);
  const lines = Array.from({ length: 1 + chance.below(3) }, () => ({
    article: chance.of(articles),
    quantity: 1 + chance.below(2),
  }));
  try {
    world.shops[code].model.buy({ lines });
  } catch (error) {
    // The shop shows that it is sold out, which is what a shop is for.
    if (!(error instanceof DemoRefusal)) throw error;
  }
}

function cancelSomething(): void {
  const code = chance.of(codes);
  const open = world.orders(code).filter((order) => order.state === 'placed' && !shipped.has(order.id));
  if (open.length > 0) world.shops[code].model.cancel(chance.of(open).id, 'changed their mind');
}

async function shipSomething(): Promise<void> {
  const isOpen = (order: DemoOrder) => order.state === 'placed' && !shipped.has(order.id);
  const there = new Map((await world.control.orders()).map((order) => [order.number, order]));
  const ready = codes.flatMap((code) =>
    world
      .orders(code)
      .filter((order) => isOpen(order) && there.get(`${order.number}-${code}`)?.status === 300)
      .map((order) => ({ code, id: order.id, number: `${order.number}-${code}` })),
  );
  if (ready.length === 0) return;
  const { code, id, number } = chance.of(ready);
  const waybill = `WB-${number}`;
  shipped.set(id, { code, id, waybill });
  await world.control.pick({ order: number });
  await world.control.ship({ order: number, carrier: 'PostNord', waybill });
}

/** Whatever a shop or the warehouse may do at any moment, and what may go wrong with it. */
async function live(steps: number): Promise<void> {
  for (let step = 0; step < steps; step++) {
    const draw = chance.next();
    if (draw < 0.7) buySomething();
    else if (draw < 0.85) cancelSomething();
    else await shipSomething();
    troubleAShop(world, chance);
    for (const which of await oversoldNow(world)) oversold.push(`${which} after step ${step}`);
  }
}

const sorted = (list: { id: string }[]) => list.toSorted((a, b) => a.id.localeCompare(b.id));

describe('two shops and an ERP on one goods owner, with every service killed on the way', () => {
  it('goes on after each kill', async () => {
    await killEach(world, chance, () => live(STEPS));
  });

  it('has every order of every shop in the warehouse once, or cancelled on both sides, and no other', async () => {
    await world.control.knobs({ faultRate: 0, dropResponseAfterCommit: 0, nullIdRate: 0 });
    const count = codes.reduce((sum, code) => sum + world.orders(code).length, 0);
    expect(count).toBeGreaterThanOrEqual(50);
    await eventually(
      async () => {
        expect(await differences(world)).toEqual([]);
        return true;
      },
      { withinMs: 60_000, everyMs: 250 },
    );
    console.error(`${count} orders, ${(await world.control.orders()).length} in the warehouse`);
  });

  it('shows in every shop what the warehouse can sell, and never sold more', async () => {
    await world.settled();
    expect(oversold).toEqual([]);
  });

  it('tells each shop of its own parcels, once', async () => {
    await eventually(
      () => {
        const told = codes.flatMap((code) =>
          world
            .orders(code)
            .flatMap(({ id, fulfilments }) =>
              fulfilments.map(({ trackingNumber }) => ({ code, id, waybill: trackingNumber })),
            ),
        );
        expect(sorted(told)).toEqual(sorted([...shipped.values()]));
        return true;
      },
      { withinMs: 30_000 },
    );
    expect(shipped.size).toBeGreaterThan(0);
  });

  it('has set nothing aside, and its books explain every figure', () => nothingAside(world));
});
