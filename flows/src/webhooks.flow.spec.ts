import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DemoOrder } from '@samlast/local/demo-shop';
import { eventually } from '@samlast/test-stack';
import { nothingAside } from './testing/audit.ts';
import { WEBHOOK_TOKEN } from './testing/system.ts';
import { World } from './testing/world.ts';

/** So rarely that what follows within a second, time after time, was not found by asking. */
const POLL_MS = 10_000;
/** A second is promised; the machines that play this are busy with other things. */
const SOON_MS = 3_000;
let world: World;
let typed = 0;

beforeAll(async () => {
  world = await World.start({
    pieces: { TEE: 60, CAP: 60 },
    gatewayEnv: { STOCK_POLL_MS: String(POLL_MS), ORDER_POLL_MS: String(POLL_MS) },
  });
});
afterAll(() => world?.close());

type Auth =
  { kind: 'none' } | { kind: 'token'; token: string } | { kind: 'basic'; user: string; password: string };

/** What a person sets up in Ongoing; one that is refused is not sent again. */
async function hooks(...auths: Auth[]): Promise<void> {
  const url = `${world.system.url('wms-gateway')}/webhooks/ongoing`;
  await world.control.webhooks({ hooks: auths.map((auth) => ({ url, auth, retry: 'none' as const })) });
}

/** An order that people type in at the warehouse; its number. */
async function typeIn(): Promise<string> {
  const number = `PHONE-${++typed}`;
  await world.control.typeIn({ number, lines: [{ article: 'TEE', quantity: 1 }] });
  return number;
}

/** How long all shops took to show what changed at the warehouse. */
async function measured(change: () => Promise<unknown>, pieces: number): Promise<number> {
  const startedAt = performance.now();
  await change();
  await world.allShow('TEE', pieces, SOON_MS);
  return Math.round(performance.now() - startedAt);
}

describe('a change at the warehouse', () => {
  it.each([
    ['a token', { kind: 'token', token: WEBHOOK_TOKEN }],
    ['HTTP Basic', { kind: 'basic', user: 'ongoing', password: WEBHOOK_TOKEN }],
  ] as [string, Auth][])(
    'that a webhook with %s tells of reaches all shops in about a second',
    async (name, auth) => {
      await hooks(auth);
      const earlier = (await world.control.deliveries()).length;
      const took: number[] = [];
      for (let round = 0; round < 3; round++) {
        const before = await world.sellable('TEE');
        let number = '';
        const create = async () => (number = await typeIn());
        took.push(await measured(create, before - 1));
        took.push(await measured(() => world.control.cancelAtWarehouse({ order: number }), before));
      }
      console.error(`a stock change reached all shops by a webhook with ${name} after ${took.join(', ')} ms`);
      const results = (await world.control.deliveries()).slice(earlier).map(({ result }) => result);
      expect(new Set(results)).toEqual(new Set([204]));
    },
    60_000,
  );

  it('that only webhooks without the right token tell of is found by asking, as if there were none', async () => {
    const password = 'what-somebody-else-sends';
    await hooks(
      { kind: 'none' },
      { kind: 'token', token: password },
      { kind: 'basic', user: 'ongoing', password },
    );
    const before = await world.sellable('TEE');
    const number = await typeIn();
    await eventually(async () => {
      const told = (await world.control.deliveries()).filter(({ order }) => order === number);
      return told.length === 3 && told.every(({ result }) => result === 401);
    });
    await world.allShow('TEE', before - 1, 3 * POLL_MS);
  });
});

/** Buys, and lets the warehouse ship it. */
async function shipped(article: string): Promise<DemoOrder> {
  const order = world.buy('SE', article);
  const number = `${order.number}-SE`;
  await world.arrived(number);
  await world.control.pick({ order: number });
  await world.control.ship({ order: number, waybill: `WB-${number}` });
  return order;
}

describe('webhooks about orders', () => {
  it('that come twice, late and in any order tell each parcel once', async () => {
    await hooks({ kind: 'token', token: WEBHOOK_TOKEN });
    await world.control.knobs({ webhookDuplicateRate: 1, webhookDelayMs: 1_500 });
    const orders = [await shipped('CAP'), await shipped('CAP'), await shipped('CAP')];
    const told = () => orders.every(({ fulfilments }) => fulfilments.length > 0);
    await eventually(told, { withinMs: 2 * POLL_MS });
    const number = `${orders[2]?.number}-SE`;
    await eventually(
      async () => {
        const arrivals = (await world.control.deliveries()).filter(({ order }) => order === number);
        const events = new Set(arrivals.map(({ eventId }) => eventId));
        return events.size >= 4 && arrivals.length === 2 * events.size;
      },
      { message: 'each event of the last order has come twice' },
    );
    await world.control.knobs({ webhookDuplicateRate: 0, webhookDelayMs: 0 });
    await world.settled();
    expect(orders.map(({ fulfilments }) => fulfilments.length)).toEqual([1, 1, 1]);
  });

  it('that are all lost are made good by asking', async () => {
    await world.control.knobs({ webhookLossRate: 1 });
    const order = await shipped('CAP');
    await eventually(() => order.fulfilments.length === 1, { withinMs: 3 * POLL_MS });
    await world.control.knobs({ webhookLossRate: 0 });
    await world.settled();
    await nothingAside(world);
  });
});
