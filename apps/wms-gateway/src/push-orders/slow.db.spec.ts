import { afterEach, describe, expect, it } from '@jest/globals';
import { OrderAccepted, OrderCancelled } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { anOrder, cancelForwarded, reserved, setStage, type Stage } from '../testing/stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const lines = [{ row: '1', article: 'TEE', quantity: '1', picked: true }];
const orders = Array.from({ length: 6 }, (_, i) => anOrder(String(i), i % 2 ? 'SE' : 'EU', { lines }));

async function begin(knobs: Parameters<typeof setStage>[0]): Promise<void> {
  stage = await setStage();
  await stage.simulator.control.seed({ articles: [{ number: 'TEE', stock: 100 }] });
  // Less time for an answer than the warehouse takes.
  await stage.gateway({ ORDER_TIMEOUT_MS: '600', LEASE_MS: '2000', RETRY_MIN_MS: '200' });
  await stage.simulator.control.knobs(knobs);
}

describe('a warehouse that takes longer for a write than we wait for its answer', () => {
  it('is not sent it twice, nor the next one while the first may still be done', async () => {
    await begin({ writeLatencyMs: 1_200 });
    await stage.publish(...orders.map(reserved));
    await eventually(async () => (await stage.told(OrderAccepted)).length === orders.length, {
      withinMs: 40_000,
    });
    const there = await stage.simulator.control.orders();
    expect(there.map(({ puts }) => puts)).toEqual(orders.map(() => ({ received: 1, done: 1 })));
    expect((await stage.simulator.control.counts()).writesAtOnce).toBe(1);
  });

  it('is not asked twice for a cancel either', async () => {
    await begin({});
    const order = anOrder('1', 'SE', { lines });
    await stage.publish(reserved(order));
    await eventually(async () => (await stage.told(OrderAccepted)).length === 1);
    await stage.simulator.control.knobs({ writeLatencyMs: 1_200 });
    await stage.publish(cancelForwarded(order));
    await eventually(async () => (await stage.told(OrderCancelled)).length === 1);
    const [there] = await stage.simulator.control.orders();
    expect(there).toMatchObject({ status: 1000, deletes: { received: 1, done: 1 } });
  });

  it('that never did it is sent it again after a while, and others are not kept waiting by one that hangs', async () => {
    await begin({});
    const [first, ...others] = orders;
    if (!first) return;
    await stage.simulator.control.arm({ on: 'PUT /orders', number: first.number, kind: 'hang' });
    await stage.publish(...orders.map(reserved));
    await eventually(async () => (await stage.told(OrderAccepted)).length === others.length, {
      withinMs: 30_000,
    });
    await eventually(async () => (await stage.told(OrderAccepted)).length === orders.length, {
      withinMs: 30_000,
    });
    const [there] = await stage.simulator.control.orders({ numbers: [first.number] });
    expect(there?.puts).toEqual({ received: 2, done: 1 });
  });
});
