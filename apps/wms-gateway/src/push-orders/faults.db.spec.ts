import { afterEach, describe, expect, it } from '@jest/globals';
import { LineAccepted, OrderAccepted, type Order } from '@samlast/contracts';
import { eventually } from '@samlast/test-stack';
import { anOrder, cancelForwarded, reserved, setStage, type Stage } from '../testing/stage.ts';

let stage: Stage;
afterEach(() => stage.close());

/** Number by number: what was given against what Ongoing holds. Answers what does not fit. */
async function audit(orders: Order[]): Promise<string[]> {
  const held = await stage.simulator.control.orders();
  const faults = orders.flatMap((order) => {
    const found = held.filter(({ number }) => number === order.number);
    const [only] = found;
    if (found.length !== 1 || !only) return [`${order.number} is there ${found.length} times`];
    const lines = only.lines.map(({ row, article, ordered }) => [row, article, String(ordered)]);
    const wanted = order.lines.map(({ row, article, quantity }) => [row, article, quantity]);
    return JSON.stringify(lines) === JSON.stringify(wanted) ? [] : [`${order.number} has other lines`];
  });
  return held.length === orders.length ? faults : [...faults, `${held.length} orders for ${orders.length}`];
}

async function allAccepted(count: number): Promise<void> {
  await eventually(async () => (await stage.told(OrderAccepted)).length >= count);
}

const many = (count: number): Order[] =>
  Array.from({ length: count }, (_, i) =>
    anOrder(String(1000 + i), i % 3 === 0 ? 'EU' : 'SE', {
      lines: [{ row: '1', article: i % 2 ? 'TEE' : 'CAP', quantity: String((i % 4) + 1), picked: true }],
    }),
  );

async function begin(knobs: Parameters<typeof setStage>[0] = {}): Promise<void> {
  stage = await setStage();
  await stage.simulator.control.seed({
    articles: [
      { number: 'TEE', stock: 1000 },
      { number: 'CAP', stock: 1000 },
    ],
  });
  await stage.simulator.control.knobs(knobs);
}

describe('orders while Ongoing fails', () => {
  it('wait as long as Ongoing asks for, and nothing else is asked meanwhile', async () => {
    await begin({ retryAfterS: 2 });
    const { control } = stage.simulator;
    await stage.gateway();
    const orders = many(2);
    await stage.publish(...orders.slice(0, 1).map(reserved));
    await allAccepted(1);
    await control.arm({ on: 'PUT /orders', kind: 'too-many' });
    await stage.publish(...orders.slice(1).map(reserved));
    await eventually(async () => (await control.counts()).answers['PUT /orders 429'] === 1, { everyMs: 5 });
    const askedAt = performance.now();
    const asked = async () =>
      Object.values((await control.counts()).requests).reduce((sum, count) => sum + count, 0);
    const before = await asked();
    await eventually(async () => (await asked()) > before + 3, { everyMs: 20 });
    // What was under way with it came at once.
    expect(performance.now() - askedAt).toBeGreaterThan(1_800);
    await allAccepted(2);
    expect(await audit(orders)).toEqual([]);
  });

  it('end there exactly once each, with lost answers, faults, pages and null ids', async () => {
    await begin({
      dropResponseAfterCommit: 0.1,
      faultRate: 0.1,
      nullIdRate: 0.1,
      answerLatencyMs: 2,
      seed: 7,
    });
    await stage.gateway();
    const orders = many(150);
    await stage.publish(...orders.map(reserved));
    await allAccepted(orders.length);
    await stage.simulator.control.knobs({ dropResponseAfterCommit: 0, faultRate: 0, nullIdRate: 0 });
    expect(await audit(orders)).toEqual([]);
    const told = await stage.told(OrderAccepted);
    expect(new Set(told.map(({ number }) => number)).size).toBe(told.length);
    const lines = await stage.told(LineAccepted);
    expect(lines).toHaveLength(orders.length);
    // An order of which an answer was lost is read back, never sent again when it is found.
    const puts = (await stage.simulator.control.orders()).map(({ puts }) => puts.done);
    expect(Math.max(...puts)).toBe(1);
  });

  it('are cancelled although Ongoing takes longer to show an order than an intent lasts', async () => {
    await begin();
    await stage.gateway();
    const [order] = many(1) as [Order];
    await stage.publish(reserved(order));
    await allAccepted(1);
    await stage.simulator.control.knobs({ readLatencyMs: 1_300 });
    await stage.publish(cancelForwarded(order));
    await eventually(
      async () => (await stage.simulator.control.orders({ numbers: [order.number] }))[0]?.status === 1000,
      { withinMs: 30_000 },
    );
  });

  it('wait while it lets nobody in, and all go when it does, the newest channel not last', async () => {
    await begin({ apiAccess: false });
    const gateway = await stage.gateway({ UNREACHABLE_MS: '1000' });
    const orders = many(30);
    await stage.publish(...orders.map(reserved));
    const shown = await eventually(async () => {
      const queue = (await (await fetch(`${gateway.url}/ops/queue`)).json()) as {
        ongoing: { fault: string; long: boolean };
        lanes: { lane: string; waiting: number }[];
      };
      const waiting = queue.lanes.reduce((sum, lane) => sum + lane.waiting, 0);
      return queue.ongoing.long && waiting === orders.length && queue;
    });
    expect(shown.ongoing.fault).toContain('403');
    expect(shown.lanes.map(({ waiting }) => waiting)).toEqual([10, 20]);
    expect((await fetch(`${gateway.url}/health/ready`)).status).toBe(200);
    expect(await stage.told(OrderAccepted)).toEqual([]);
    await stage.simulator.control.knobs({ apiAccess: true });
    await allAccepted(orders.length);
    expect(await audit(orders)).toEqual([]);
    const order = (await stage.simulator.control.orders()).map(({ number }) => number.slice(-2));
    expect(order.slice(0, 20).filter((channel) => channel === 'EU')).toHaveLength(10);
  });

  it('and their cancels keep their order, whatever is lost on the way', async () => {
    await begin({ dropResponseAfterCommit: 0.3, faultRate: 0.1, seed: 3 });
    await stage.gateway();
    const orders = many(20);
    await stage.publish(...orders.flatMap((order) => [reserved(order), cancelForwarded(order)]));
    const settled = await eventually(
      async () => {
        const rows = await stage.database.query<{ state: string }>('SELECT state FROM wms_gateway.orders');
        return rows.length === orders.length && rows.every(({ state }) => state === 'cancelled') && rows;
      },
      { withinMs: 30_000 },
    );
    expect(settled).toHaveLength(20);
    await stage.simulator.control.knobs({ dropResponseAfterCommit: 0, faultRate: 0 });
    const held = await stage.simulator.control.orders();
    expect(held.filter(({ status }) => status !== 1000)).toEqual([]);
  });
});
