import { afterEach, describe, expect, it } from '@jest/globals';
import { OrderAccepted } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { anOrder, reserved, setStage, type Stage } from '../testing/stage.ts';

let stage: Stage;
afterEach(() => stage.close());

const lines = [{ row: '1', article: 'TEE', quantity: '1', picked: true }];

describe('the queue to Ongoing', () => {
  it('lets a lone order of one channel wait for the write that is under way, and for no other of the many of another', async () => {
    stage = await setStage({ writeLatencyMs: 1_000 });
    const { control } = stage.simulator;
    await control.seed({ articles: [{ number: 'TEE', stock: 1000 }] });
    await stage.gateway();
    const many = Array.from({ length: 40 }, (_, i) => anOrder(String(i), 'SE', { lines }));
    await stage.publish(...many.map(reserved));
    const puts = async () => (await control.counts()).requests['PUT /orders'] ?? 0;
    await eventually(async () => (await puts()) >= 2);
    // One has just begun, and the intent of the one behind it is or will soon be written.
    const begun = await puts();
    await eventually(async () => (await puts()) > begun, { everyMs: 5 });
    const before = (await control.orders()).length;
    await stage.publish(reserved(anOrder('1', 'EU', { lines })));
    await eventually(async () => (await stage.told(OrderAccepted)).some(({ channel }) => channel === 'EU'), {
      withinMs: 30_000,
    });
    const numbers = (await control.orders()).map(({ number }) => number);
    expect(numbers.indexOf('1-EU') - before).toBe(1);
  });

  it('costs one PUT per order and a look at many numbers at once, nothing more', async () => {
    stage = await setStage();
    await stage.simulator.control.seed({ articles: [{ number: 'TEE', stock: 1000 }] });
    await stage.gateway({ ORDER_POLL_MS: '3600000' });
    const many = Array.from({ length: 80 }, (_, i) => anOrder(String(i), i % 2 ? 'SE' : 'EU', { lines }));
    await stage.publish(...many.map(reserved));
    await eventually(async () => (await stage.told(OrderAccepted)).length === many.length, {
      withinMs: 50_000,
    });
    const { requests } = await stage.simulator.control.counts();
    expect(requests['PUT /orders']).toBe(many.length);
    expect(requests['GET /orders']).toBeLessThan(many.length / 2);
    const left = await stage.database.query('SELECT 1 FROM wms_gateway.writes');
    expect(left).toEqual([]);
  });
});
