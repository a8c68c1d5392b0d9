import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { startSimulator, type Simulator } from '../start.ts';
import { line, putOrder, type Body } from '../testing/ask.ts';
import { NO_ANSWER, type Receiver, startReceiver } from '../testing/receiver.ts';

let simulator: Simulator;
let receiver: Receiver;

beforeAll(async () => {
  simulator = await startSimulator();
  receiver = await startReceiver();
});
afterAll(async () => {
  await simulator.close();
  await receiver.close();
});
beforeEach(async () => {
  await simulator.control.reset();
  await simulator.control.seed({ articles: [{ number: 'TEE', stock: 10 }] });
  await simulator.control.clock({ factor: 0 });
  receiver.received = [];
  receiver.answers = [];
});

async function arrived(count: number): Promise<Body[]> {
  await eventually(() => receiver.received.length >= count, {
    everyMs: 5,
    message: `${count} webhooks have arrived`,
  });
  return receiver.received.map(({ body }) => body);
}

/** When the sender has noted the answers too. */
async function delivered(count: number) {
  const noted = async () => {
    const log = await simulator.control.deliveries();
    return log.length >= count && log;
  };
  return eventually(noted, { everyMs: 5, message: `${count} tries are noted` });
}

const clockNow = () => simulator.simulation.warehouse.ground.clock.now();

describe('row 27: webhooks of orders', () => {
  it('tell created, status changed and picked, thinly, with a fixed token', async () => {
    const { control } = simulator;
    await control.webhooks({ hooks: [{ url: receiver.url, auth: { kind: 'token', token: 'secret-1' } }] });
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 1)], { orderType: { code: 'B2C' } });
    await arrived(1);
    await control.pick({ order: '1-SE' });
    const bodies = await arrived(3);
    expect(bodies.map((body) => [body.webhookTemplate, body.orderStatus.number]).toSorted()).toEqual([
      ['OrderCreated', 300],
      ['OrderPicked', 400],
      ['OrderStatusChanged', 400],
    ]);
    const { orderId } = (await control.orders())[0] ?? {};
    expect(bodies[0]).toMatchObject({
      orderId,
      orderNumber: '1-SE',
      goodsOwnerId: 41,
      path: `/api/v1/orders/${orderId}`,
    });
    expect(Object.keys(bodies[0])).not.toEqual(expect.arrayContaining(['orderType']));
    expect(bodies[0].timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}$/);
    expect(receiver.received[0]?.headers['x-auth-token']).toBe('secret-1');
    expect(new Set(bodies.map((body) => body.webhookEventId)).size).toBe(3);
  });

  it('use Basic where that is set up, and only tell the statuses that were chosen', async () => {
    const { control } = simulator;
    const auth = { kind: 'basic' as const, user: 'u', password: 'p' };
    await control.webhooks({
      hooks: [{ url: receiver.url, auth, events: ['status-changed'], statuses: [450] }],
    });
    await putOrder(simulator, '1-SE', [line('1', 'TEE', 1)]);
    await control.pick({ order: '1-SE' });
    await control.ship({ order: '1-SE', parcels: [{ number: 'P1', trackingUrl: 'https://t.test/1' }] });
    const [body] = await arrived(1);
    expect(body).toMatchObject({ orderStatus: { number: 450 }, parcels: [{ parcelNumber: 'P1' }] });
    expect(receiver.received[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('u:p').toString('base64')}`,
    );
    expect(await delivered(1)).toHaveLength(1);
  });
});

describe('row 28: retries', () => {
  it('come after 1, 5, 15, 30 minutes, then every 2 hours until a day has passed, with the same id and time', async () => {
    const { control } = simulator;
    await control.webhooks({ hooks: [{ url: receiver.url, events: ['created'] }] });
    receiver.answers = Array.from({ length: 30 }, () => 503);
    await putOrder(simulator, '1-SE', []);
    await delivered(1);
    const waits = [1, 5, 15, 30, ...Array.from({ length: 11 }, () => 120)];
    for (const [index, minutes] of waits.entries()) {
      await control.clock({ advanceMs: minutes * 60_000 - 1 });
      expect(receiver.received).toHaveLength(index + 1);
      await control.clock({ advanceMs: 1 });
      await delivered(index + 2);
    }
    await control.clock({ advanceMs: 48 * 3_600_000 });
    const bodies = await arrived(1);
    expect(bodies).toHaveLength(16);
    expect(new Set(bodies.map((body) => `${body.webhookEventId} ${body.timestamp}`)).size).toBe(1);
  });

  it('end with the first success', async () => {
    const { control } = simulator;
    await control.webhooks({ hooks: [{ url: receiver.url, events: ['created'] }] });
    receiver.answers = [500];
    await putOrder(simulator, '1-SE', []);
    await delivered(1);
    await control.clock({ advanceMs: 60_000 });
    expect((await delivered(2)).map(({ result }) => result)).toEqual([500, 200]);
    await control.clock({ advanceMs: 86_400_000 });
    expect(await delivered(2)).toHaveLength(2);
  });

  it('come too where no answer comes in time', async () => {
    const { control } = simulator;
    await control.knobs({ webhookTimeoutMs: 30 });
    await control.webhooks({ hooks: [{ url: receiver.url, events: ['created'] }] });
    receiver.answers = [NO_ANSWER];
    await putOrder(simulator, '1-SE', []);
    expect(await delivered(1)).toMatchObject([{ result: 'failed' }]);
    await control.knobs({ webhookTimeoutMs: 10_000 });
    await control.clock({ advanceMs: 60_000 });
    expect((await delivered(2))[1]).toMatchObject({ result: 200 });
  });

  it('do not come with retry policy none', async () => {
    const { control } = simulator;
    await control.webhooks({ hooks: [{ url: receiver.url, events: ['created'], retry: 'none' }] });
    receiver.answers = [500];
    await putOrder(simulator, '1-SE', []);
    await delivered(1);
    await control.clock({ advanceMs: 86_400_000 });
    expect(receiver.received).toHaveLength(1);
  });
});

describe('row 29: webhooks may be', () => {
  it('duplicated, under the same id', async () => {
    await simulator.control.webhooks({ hooks: [{ url: receiver.url, events: ['created'] }] });
    await simulator.control.knobs({ webhookDuplicateRate: 1 });
    await putOrder(simulator, '1-SE', []);
    const bodies = await arrived(2);
    expect(bodies[1].webhookEventId).toBe(bodies[0].webhookEventId);
  });

  it('lost', async () => {
    await simulator.control.webhooks({ hooks: [{ url: receiver.url, events: ['created'] }] });
    await simulator.control.knobs({ webhookLossRate: 1 });
    await putOrder(simulator, '1-SE', []);
    expect((await delivered(1)).map(({ result }) => result)).toEqual(['lost']);
    expect(receiver.received).toEqual([]);
  });

  it('late and out of order', async () => {
    const { control } = simulator;
    await control.webhooks({ hooks: [{ url: receiver.url, events: ['created'] }] });
    await control.knobs({ webhookDelayMs: 600_000, seed: 7 });
    const numbers = Array.from({ length: 8 }, (_, index) => `${index}-SE`);
    for (const number of numbers) await putOrder(simulator, number, []);
    expect(receiver.received).toEqual([]);
    // One after another: each arrives before the clock goes on.
    for (let second = 0; second < 600; second++) {
      await control.clock({ advanceMs: 1000 });
      const { pending } = (await control.save()).webhooks;
      await arrived(8 - pending.filter(({ dueAt }) => dueAt > clockNow()).length);
    }
    const seen = (await arrived(8)).map((body) => body.orderNumber);
    expect(seen.toSorted()).toEqual(numbers);
    expect(seen).not.toEqual(numbers);
  });
});

describe('row 30: webhooks fire for the orders of every channel', () => {
  it('and for those typed in by hand', async () => {
    await simulator.control.webhooks({ hooks: [{ url: receiver.url, events: ['created'] }] });
    await putOrder(simulator, '1-SE', []);
    await putOrder(simulator, '1-EU', []);
    await simulator.control.typeIn({ number: 'COUNTER', lines: [{ article: 'TEE', quantity: 1 }] });
    const seen = (await arrived(3)).map((body) => body.orderNumber);
    expect(seen.toSorted()).toEqual(['1-EU', '1-SE', 'COUNTER']);
  });
});
