import { afterEach, describe, expect, it } from '@jest/globals';
import { OrderAccepted, OrderRefused, OrderShipped } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { anOrder, reserved, setStage, type Stage } from './testing/stage.ts';

const ORDERS = 120;
let stage: Stage;
afterEach(() => stage.close());

const lines = (quantity: string) => [{ row: '1', article: 'TEE', quantity, picked: true }];
const metric = async (url: string, name: string) => {
  const text = await (await fetch(`${url}/metrics`)).text();
  return [...text.matchAll(new RegExp(`^${name}\\{.*?\\} (\\d+)`, 'gm'))].reduce(
    (sum, [, n]) => sum + Number(n),
    0,
  );
};

describe('answers of Ongoing that are malformed in every way', () => {
  it('crash nothing and lose no order: each is there once, with its own lines', async () => {
    const seed = Math.floor(Math.random() * 1_000_000);
    console.log(`odd-answers.db.spec: seed ${seed}`);
    stage = await setStage({ seed });
    const { control } = stage.simulator;
    await control.seed({ articles: [{ number: 'TEE', stock: 1_000 }] });
    await control.knobs({ oddRate: 0.25 });
    const { url } = await stage.gateway();
    const orders = Array.from({ length: ORDERS }, (_, i) =>
      anOrder(String(i), i % 2 ? 'SE' : 'EU', { lines: lines(String((i % 3) + 1)) }),
    );
    await stage.publish(...orders.map(reserved));
    const settled = async () => {
      const refused = new Set((await stage.told(OrderRefused)).map(({ number }) => number));
      const accepted = new Set((await stage.told(OrderAccepted)).map(({ number }) => number));
      return [...refused].filter((number) => !accepted.has(number)).length + accepted.size === ORDERS;
    };
    await eventually(settled, { withinMs: 60_000, message: 'each order has an answer' });
    for (const { number } of orders.slice(0, 10)) {
      await control.pick({ order: number });
      await control.ship({ order: number, parcels: [{ number: `P-${number}` }] });
    }
    const named = async () => (await metric(url, 'ongoing_odd_answers_total')) > 0;
    await eventually(named, { withinMs: 60_000, message: 'an entry of a feed could not be read' });
    await control.knobs({ oddRate: 0 });
    // Whatever could not be told from a stranger's order stands in the list, and goes out on a person's word.
    const listed = (await (await fetch(`${url}/ops/refused-orders`)).json()) as { number: string }[];
    for (const { number } of listed) {
      await fetch(`${url}/ops/orders/${number}/retry`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ author: 'spec', reason: 'answers are right again' }),
      });
    }
    const all = async () =>
      new Set((await stage.told(OrderAccepted)).map(({ number }) => number)).size === ORDERS;
    await eventually(all, { withinMs: 30_000, message: 'each order is accepted' });
    const there = await control.orders();
    expect(there.map(({ number, lines: [line] }) => [number, line?.ordered]).toSorted()).toEqual(
      orders.map(({ number, lines: [line] }) => [number, Number(line?.quantity)]).toSorted(),
    );
    const parcels = async () =>
      new Set((await stage.told(OrderShipped)).map(({ parcel }) => parcel)).size >= 10;
    await eventually(parcels, { withinMs: 30_000, message: 'each parcel is told' });
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
  }, 180_000);

  it('of one order alone hide no other: it is named once, and counted', async () => {
    stage = await setStage();
    const { control } = stage.simulator;
    await control.seed({ articles: [{ number: 'TEE', stock: 10 }] });
    const { url } = await stage.gateway();
    await control.typeIn({ number: 'ODD', lines: [{ article: 'TEE', quantity: 1 }] });
    const odd = stage.simulator.simulation.warehouse.orders.find('ODD');
    // What no schema expects: a number that is no text.
    Object.assign(odd ?? {}, { number: {} });
    const order = anOrder('1', 'SE', { lines: lines('1') });
    await stage.publish(reserved(order));
    await eventually(async () => (await stage.told(OrderAccepted)).length === 1);
    await control.pick({ order: order.number });
    await control.ship({ order: order.number, parcels: [{ number: 'P1' }] });
    await eventually(async () => (await stage.told(OrderShipped)).length === 1, { withinMs: 10_000 });
    await eventually(async () => (await metric(url, 'ongoing_odd_answers_total')) > 0);
  });
});
