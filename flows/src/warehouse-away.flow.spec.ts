import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { DemoOrder } from '@samlast/local/demo-shop';
import { eventually } from '@samlast/test-stack';
import { differences, nothingAside } from './testing/audit.ts';
import { type Code, World } from './testing/world.ts';

interface Queue {
  ongoing: 'answers' | { fault: string };
  lanes: { lane: string; waiting: number }[];
}

const CANCELLED = 1000;
let world: World;
/** What the warehouse can sell when it has heard of everything. */
let left = 40;

beforeAll(async () => {
  world = await World.start({
    pieces: { TEE: left },
    // Quick to try again, so that an outage of seconds is one of several tries.
    gatewayEnv: { RETRY_MAX_MS: '1000', ORDER_TIMEOUT_MS: '1500', READ_TIMEOUT_MS: '2000' },
  });
});

afterAll(() => world?.close());

// One test that fails leaves the warehouse well for the next.
afterEach(async () => {
  world.system.between.warehouse.resume();
  await world.control.disarm();
  await world.control.knobs({ faultRate: 0, readLatencyMs: 0 });
});

const numberOf = (code: Code, order: DemoOrder) => `${order.number}-${code}`;
const queue = () => world.system.ask<Queue>('wms-gateway', '/ops/queue');

async function waiting(count: number): Promise<void> {
  await eventually(
    async () => {
      const lanes = (await queue()).lanes.filter(({ lane }) => lane !== '*articles');
      const sum = lanes.reduce((all, lane) => all + lane.waiting, 0);
      if (sum !== count) throw new Error(`${sum} writes wait`);
      return true;
    },
    { withinMs: 30_000, message: `${count} writes wait for the warehouse` },
  );
}

/** Sells one piece in each shop while the warehouse is away, and sees it decided. */
async function sellWhileAway(): Promise<string[]> {
  const orders = [world.buy('SE', 'TEE'), world.buy('EU', 'TEE')];
  left -= 2;
  await waiting(2);
  // Decided without the warehouse: both shops show what is left, each sale of the other taken off.
  await eventually(
    async () => {
      const { SE, EU } = await world.shown('TEE');
      expect([SE, EU]).toEqual([left, left]);
      return true;
    },
    { withinMs: 30_000 },
  );
  return ['SE', 'EU'].map((code, index) => numberOf(code as Code, orders[index] as DemoOrder));
}

async function allArrivedOnce(numbers: string[]): Promise<void> {
  for (const number of numbers)
    expect(await world.arrived(number, 40_000)).toMatchObject({ puts: { done: 1 } });
  await waiting(0);
  await world.allShow('TEE', left);
  // Only a read that began after the last answer contains all orders for sure; until then one may be subtracted twice.
  await eventually(async () => {
    const { reserved } = await world.system.ask<{ reserved: string }>('stock-authority', '/ops/articles/TEE');
    return reserved === '0';
  });
}

describe('while the warehouse is away, orders are taken and decided, and reach it once when it is back', () => {
  it('when it cannot be reached', async () => {
    world.system.between.warehouse.cut();
    const numbers = await sellWhileAway();
    expect(await queue()).toMatchObject({ ongoing: { fault: expect.stringContaining('no connection') } });
    expect((await fetch(`${world.system.url('wms-gateway')}/health/ready`)).status).toBe(200);
    world.system.between.warehouse.resume();
    await allArrivedOnce(numbers);
    await eventually(async () => (await queue()).ongoing === 'answers');
  });

  it('when it answers 500 and pages of HTML', async () => {
    await world.control.knobs({ faultRate: 1, faultKind: 'both' });
    const numbers = await sellWhileAway();
    await world.control.knobs({ faultRate: 0 });
    await allArrivedOnce(numbers);
  });

  it('when it hangs, and does what it was asked without ever answering', async () => {
    await world.control.arm({ on: 'PUT /orders', kind: 'hang', afterCommit: true, times: 2 });
    await world.control.arm({ on: 'GET /orders', kind: 'hang', times: 2 });
    const orders = [world.buy('SE', 'TEE'), world.buy('EU', 'TEE')];
    left -= 2;
    const numbers = [numberOf('SE', orders[0] as DemoOrder), numberOf('EU', orders[1] as DemoOrder)];
    await allArrivedOnce(numbers);
    await world.control.disarm();
  });
});

const cancel = (code: Code, order: DemoOrder) => {
  world.shops[code].model.cancel(order.id, 'changed their mind');
  left += 1;
};

describe('a cancel in the shop', () => {
  it('before the order was sent means that it never is', async () => {
    world.system.between.warehouse.cut();
    const order = world.buy('SE', 'TEE');
    left -= 1;
    await waiting(1);
    cancel('SE', order);
    await waiting(0);
    world.system.between.warehouse.resume();
    await world.allShow('TEE', left, 40_000);
    const { puts } = await world.control.counts();
    expect(puts[numberOf('SE', order)]).toBeUndefined();
  });

  it('while it is being sent cancels it there', async () => {
    await world.control.arm({ on: 'PUT /orders', kind: 'slow', delayMs: 1_000 });
    const order = world.buy('SE', 'TEE');
    left -= 1;
    const number = numberOf('SE', order);
    await eventually(async () => (await world.control.counts()).puts[number]?.received === 1);
    cancel('SE', order);
    await eventually(async () => (await world.inWarehouse(number))?.status === CANCELLED, {
      withinMs: 30_000,
    });
    await world.allShow('TEE', left);
  });

  it('after it was accepted cancels it there, once, although answers come slowly', async () => {
    const order = world.buy('EU', 'TEE');
    left -= 1;
    const number = numberOf('EU', order);
    await world.arrived(number);
    await world.control.knobs({ readLatencyMs: 1_200 });
    cancel('EU', order);
    await eventually(async () => (await world.inWarehouse(number))?.status === CANCELLED, {
      withinMs: 30_000,
    });
    await world.control.knobs({ readLatencyMs: 0 });
    expect(await world.inWarehouse(number)).toMatchObject({ deletes: { done: 1 }, puts: { done: 1 } });
    await world.allShow('TEE', left);
  });

  it('is refused when picking has begun, and the shop learns it', async () => {
    const order = world.buy('EU', 'TEE');
    left -= 1;
    const number = numberOf('EU', order);
    await world.arrived(number);
    await world.control.allocate({ order: number });
    world.shops.EU.model.cancel(order.id, 'too late');
    await eventually(() => order.notes.some(({ text }) => text.includes('it was too late to stop')), {
      withinMs: 30_000,
    });
    const listed = await world.system.ask<{ number: string; reason: string }[]>(
      'channel-eu',
      '/ops/unreadable-orders',
    );
    expect(listed).toMatchObject([{ number, reason: expect.stringContaining('the warehouse ships it') }]);
    expect((await world.inWarehouse(number))?.status).toBeLessThan(CANCELLED);
    // The shop has put the piece back by itself, but it leaves the warehouse: no shop offers it.
    await world.allShow('TEE', left);
    // The one order that shop and warehouse see differently, and a person has been told.
    expect(await differences(world)).toEqual([expect.stringContaining(`${number} is cancelled in its shop`)]);
  });
});

it('has set nothing aside, and its books explain every figure', () => nothingAside(world));
