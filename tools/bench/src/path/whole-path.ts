import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { chmod } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import {
  type BusKind,
  type Installation,
  ready,
  spawnInstallation,
  stopInstallation,
  withKafka,
} from '../installation/installation.ts';
import { type ProcessFacts, processesOf } from '../installation/processes.ts';
import type { ShopClient } from '../installation/shop-client.ts';
import { articles, stockUp } from '../installation/stock-up.ts';

/** Buyers at each shop's till at one time. */
const BUYERS = 4;
const LOOK_EVERY_MS = 100;
const WITHIN_MS = 15 * 60_000;

export interface PathRound {
  readonly orders: number;
  /** From the first order in a shop until the last one is in the warehouse. */
  readonly perSecond: number;
  /** Until the shops had taken them all: much less than the whole, or the shops are what was measured. */
  readonly placedPerSecond: number;
  /** Processor seconds of each process over that time, per 1,000 orders. */
  readonly cpuPer1000: Record<string, number>;
  readonly audit: { orders: number; se: number; eu: number; written: number };
}

/** A new installation, so many orders through both of its shops, counted in the simulated warehouse. */
export async function wholePath(
  bus: BusKind,
  orders: number,
  writeLatencyMs: number,
  folder: string,
): Promise<PathRound> {
  const data = await mkdtemp(join(folder, `path-${bus}-`));
  await chmod(data, 0o755);
  const run = async (brokers?: string[]) => {
    const installation = await spawnInstallation(data, brokers);
    try {
      await ready(installation);
      return await oneRun(installation, orders, writeLatencyMs);
    } finally {
      await stopInstallation(installation);
    }
  };
  return bus === 'kafka' ? withKafka(data, run) : run();
}

async function oneRun(
  installation: Installation,
  orders: number,
  writeLatencyMs: number,
): Promise<PathRound> {
  const { warehouse, se, eu } = installation;
  await stockUp(installation, orders);
  await warehouse.knobs({ writeLatencyMs });
  const before = processesOf(installation.process.pid);
  const beganAt = performance.now();
  const placed = Promise.all([sell(se, orders / 2), sell(eu, orders / 2)]).then(() => performance.now());
  await Promise.all([placed, booked(installation, orders)]);
  const endedAt = performance.now();
  const after = processesOf(installation.process.pid);
  return {
    orders,
    perSecond: (orders * 1_000) / (endedAt - beganAt),
    placedPerSecond: (orders * 1_000) / ((await placed) - beganAt),
    cpuPer1000: cpuBetween(before, after, orders / 1_000),
    audit: await audited(installation, orders),
  };
}

async function sell(shop: ShopClient, orders: number): Promise<void> {
  let next = 0;
  const buyer = async () => {
    while (next < orders) {
      const article = articles[next++ % articles.length] ?? '';
      if ((await shop.buy(article)) === false) throw new Error(`${shop.code} has sold out of ${article}.`);
    }
  };
  await Promise.all(Array.from({ length: BUYERS }, buyer));
}

/**
 * Every order is for one piece, so the pieces booked are the orders taken: a question that costs the
 * warehouse little.
 */
async function booked({ warehouse, process: child }: Installation, orders: number): Promise<void> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    const pieces = (await warehouse.articles()).reduce((sum, one) => sum + Number(one.booked), 0);
    if (pieces >= orders) return;
    if (performance.now() > deadline) {
      throw new Error(`${pieces} of ${orders} orders came through.\n${child.output.slice(-3_000)}`);
    }
    await wait(LOOK_EVERY_MS);
  }
}

/** Throws unless exactly the orders of both shops are in the warehouse, each written once. */
async function audited({ warehouse, se, eu }: Installation, orders: number): Promise<PathRound['audit']> {
  const inWarehouse = await warehouse.orders();
  const numbers = inWarehouse.map(({ number }) => number);
  const inShops = [...(await se.orderNumbers()), ...(await eu.orderNumbers())];
  if (numbers.length !== orders || numbers.toSorted().join() !== inShops.toSorted().join()) {
    throw new Error(
      `The shops have ${inShops.length} orders, the warehouse ${numbers.length}: not the same.`,
    );
  }
  const from = (code: string) => numbers.filter((number) => number.endsWith(code)).length;
  const written = inWarehouse.reduce((sum, { puts }) => sum + puts.done, 0);
  return { orders: numbers.length, se: from('-SE'), eu: from('-EU'), written };
}

function cpuBetween(
  before: readonly ProcessFacts[],
  after: readonly ProcessFacts[],
  thousands: number,
): Record<string, number> {
  const earlier = new Map(before.map(({ name, cpuSeconds }) => [name, cpuSeconds]));
  return Object.fromEntries(
    after.map(({ name, cpuSeconds }) => {
      const seconds = (cpuSeconds - (earlier.get(name) ?? 0)) / thousands;
      return [name, Math.round(seconds * 100) / 100];
    }),
  );
}
