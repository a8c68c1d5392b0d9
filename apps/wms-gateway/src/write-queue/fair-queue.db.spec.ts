import { afterEach, describe, expect, it } from '@jest/globals';
import { OrderAccepted } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { anOrder, reserved, setStage, type Stage } from '../testing/stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const lines = [{ row: '1', article: 'TEE', quantity: '1', picked: true }];

describe('the queue to Ongoing', () => {
  it('lets a lone order of one channel pass the many of another', async () => {
    stage = await setStage({ writeLatencyMs: 80 });
    await stage.simulator.control.seed({ articles: [{ number: 'TEE', stock: 1000 }] });
    await stage.gateway();
    const many = Array.from({ length: 200 }, (_, i) => anOrder(String(i), 'SE', { lines }));
    await stage.publish(...many.map(reserved));
    await eventually(async () => (await stage.told(OrderAccepted)).length > 2);
    await stage.publish(reserved(anOrder('1', 'EU', { lines })));
    await eventually(
      async () =>
        (await stage.database.query(`SELECT 1 FROM wms_gateway.writes WHERE lane = 'EU'`)).length === 1,
      { everyMs: 5 },
    );
    const before = (await stage.simulator.control.orders()).length;
    await eventually(async () => (await stage.told(OrderAccepted)).some(({ channel }) => channel === 'EU'));
    const numbers = (await stage.simulator.control.orders()).map(({ number }) => number);
    // Two writes, and what was sent while the queue was looked at and the number looked up.
    expect(numbers.indexOf('1-EU') - before).toBeLessThanOrEqual(4);
  });

  it('costs one PUT per order and a look at many numbers at once, nothing more', async () => {
    stage = await setStage();
    await stage.simulator.control.seed({ articles: [{ number: 'TEE', stock: 1000 }] });
    await stage.gateway({ ORDER_POLL_MS: '3600000' });
    const many = Array.from({ length: 80 }, (_, i) => anOrder(String(i), i % 2 ? 'SE' : 'EU', { lines }));
    await stage.publish(...many.map(reserved));
    await eventually(async () => (await stage.told(OrderAccepted)).length === many.length, {
      withinMs: 18_000,
    });
    const { requests } = await stage.simulator.control.counts();
    expect(requests['PUT /orders']).toBe(many.length);
    expect(requests['GET /orders']).toBeLessThan(20);
    const left = await stage.database.query('SELECT 1 FROM wms_gateway.writes');
    expect(left).toEqual([]);
  });
});
