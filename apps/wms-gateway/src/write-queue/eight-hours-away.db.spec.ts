import { afterEach, describe, expect, it } from '@jest/globals';
import { OrderAccepted, OrderShipped } from '@samlast/contracts';
import { eventually, jumpClock, tcpProxy, type TcpProxy } from '@samlast/test-stack';
import { anOrder, reserved, setStage, type Stage } from '../testing/stage.ts';

const HOURS_8_MS = 8 * 3_600_000;
const SE = 40;
const EU = 20;

let stage: Stage;
let proxy: TcpProxy;
let back = () => {};
afterEach(async () => {
  back();
  back = () => {};
  await stage.close();
  await proxy.close();
});

interface Queue {
  ongoing: { forMs: number };
}

const ask = async <T>(address: string) => (await (await fetch(address)).json()) as T;
const lines = [{ row: '1', article: 'TEE', quantity: '1', picked: true }];
const waiting = () =>
  stage.database.query<{ subject: string; lane: string }>(
    `SELECT subject, lane FROM wms_gateway.writes WHERE kind = 'order' ORDER BY position`,
  );

describe('Ongoing, back after it was away for eight hours', () => {
  it('gets every order that came meanwhile, once, one at a time, the oldest of each channel first, the channels in turns', async () => {
    stage = await setStage();
    const { control } = stage.simulator;
    await control.seed({ articles: [{ number: 'TEE', stock: 1_000 }] });
    proxy = await tcpProxy(stage.simulator.apiUrl);
    const { url } = await stage.gateway({ ONGOING_URL: proxy.url });
    await stage.publish(reserved(anOrder('before', 'SE', { lines })));
    await eventually(async () => (await stage.told(OrderAccepted)).length === 1);

    proxy.cut();
    const many = [
      ...Array.from({ length: SE }, (_, i) => anOrder(String(i), 'SE', { lines })),
      ...Array.from({ length: EU }, (_, i) => anOrder(String(i), 'EU', { lines })),
    ];
    await stage.publish(...many.map(reserved));
    const queued = await eventually(async () => {
      const rows = await waiting();
      return rows.length === many.length && rows;
    });
    // What was next was tried in vain for hours, until it was put off for as long as a write can be.
    await stage.database.query(
      `UPDATE wms_gateway.writes SET tries = 500, last_fault = 'connection: ECONNREFUSED',
         not_before = now() + interval '10 minutes'
       WHERE subject = ANY($1)`,
      [queued.slice(0, 12).map(({ subject }) => subject)],
    );
    await eventually(async () => (await ask<Queue>(`${url}/ops/queue`)).ongoing.forMs > 1_000);
    await control.pick({ order: 'before-SE' });
    await control.ship({ order: 'before-SE', parcels: [{ number: 'P-1' }] });
    await control.clock({ advanceMs: HOURS_8_MS });
    back = jumpClock(HOURS_8_MS);

    proxy.resume();
    const beganAt = performance.now();
    await eventually(async () => (await control.orders()).length > 1);
    // At most one longest pause, and the answer that ends it.
    expect(performance.now() - beganAt).toBeLessThan(5_000);
    await eventually(async () => (await stage.told(OrderAccepted)).length === many.length + 1, {
      withinMs: 60_000,
    });
    // What the warehouse did meanwhile is told as well.
    await eventually(async () => (await stage.told(OrderShipped)).length === 1);

    const orders = (await control.orders()).slice(1);
    const numbers = orders.map(({ number }) => number);
    for (const lane of ['SE', 'EU']) {
      const came = queued.filter((write) => write.lane === lane).map(({ subject }) => subject);
      const went = numbers
        .filter((number) => number.endsWith(`-${lane}`))
        .map((number) => came.indexOf(number));
      // Some are sent before it is clear that it is back; after them it goes by age.
      const setBack = went.filter((place, at) => at > 0 && place < (went[at - 1] ?? 0)).length;
      expect(setBack).toBeLessThanOrEqual(2);
    }
    // All of the smaller channel within twice as many.
    expect(numbers.findLastIndex((number) => number.endsWith('-EU'))).toBeLessThanOrEqual(2 * EU + 8);
    expect(orders.filter(({ puts }) => puts.done !== 1)).toEqual([]);
    expect((await control.counts()).writesAtOnce).toBe(1);
  });
});
