import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ask, getOrder, line, putOrder, stockOf } from '../testing/ask.ts';
import { startSimulator, type Simulator } from '../start.ts';

let dir: string;
let running: Simulator[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'samlast-simulator-'));
  running = [];
});
afterEach(async () => {
  await Promise.all(running.map((simulator) => simulator.close()));
  rmSync(dir, { recursive: true, force: true });
});

async function start(stateFile?: string): Promise<Simulator> {
  const simulator = await startSimulator({ stateFile });
  running.push(simulator);
  return simulator;
}

async function stop(simulator: Simulator): Promise<void> {
  running = running.filter((other) => other !== simulator);
  await simulator.close();
}

async function work(simulator: Simulator): Promise<void> {
  await simulator.control.seed({ articles: [{ number: 'TEE', stock: 9 }] });
  await simulator.control.knobs({ initialStatus: 200, forceStatus200: true });
  await putOrder(simulator, '1-SE', [line('1', 'TEE', 2)], { orderType: { code: 'B2C' } });
  await simulator.control.release({ order: '1-SE' });
  await simulator.control.pick({ order: '1-SE', lines: [{ row: '1', quantity: 1 }] });
}

describe('the state file', () => {
  it('is read at the next start: orders, stock, knobs, counts, feeds, and ids that go on', async () => {
    const path = join(dir, 'state.json');
    const first = await start(path);
    await work(first);
    const [before, stock] = [await getOrder(first, '1-SE'), await stockOf(first, 'TEE')];
    await stop(first);

    const second = await start(path);
    expect(await getOrder(second, '1-SE')).toEqual(before);
    expect(await stockOf(second, 'TEE')).toEqual(stock);
    expect((await second.control.counts()).puts['1-SE']).toEqual({ received: 1, done: 1 });
    const changed = `orders?goodsOwnerId=41&orderStatusChangedTimeFrom=${new Date(Date.now() - 60_000).toISOString()}`;
    expect((await ask(second, 'GET', changed)).body).toHaveLength(1);
    const next = await putOrder(second, '2-SE', [line('1', 'TEE', 1)]);
    expect([next.status, next.body.orderId]).toEqual([200, before.orderInfo.orderId + 1]);
    expect((await stockOf(second, 'TEE')).sellableNumberOfItems).toBe(6);
  });

  it('that is not usable is named, with what to do, and left as it is', async () => {
    const path = join(dir, 'state.json');
    writeFileSync(path, '{"version":99}');
    await expect(startSimulator({ stateFile: path })).rejects.toThrow(
      /state\.json.*version must be 1.*Move the file away/,
    );
    expect(readFileSync(path, 'utf8')).toBe('{"version":99}');
  });

  it('that cannot be written is found at the start', async () => {
    await expect(startSimulator({ stateFile: join(dir, 'none', 'state.json') })).rejects.toThrow(
      /cannot be saved/,
    );
  });
});

describe('save and load by control', () => {
  it('bring a simulator back to where it was, with a clock that is scaled', async () => {
    const simulator = await start();
    await work(simulator);
    await simulator.control.clock({ factor: 0, at: '2026-03-01T10:00:00Z' });
    const state = await simulator.control.save();
    await simulator.control.cancelAtWarehouse({ order: '1-SE' });
    await simulator.control.clock({ factor: 1, advanceMs: 86_400_000 });
    await simulator.control.load(JSON.parse(JSON.stringify(state)));
    expect((await getOrder(simulator, '1-SE')).orderInfo.orderStatus.number).toBe(320);
    expect(await simulator.control.clock()).toEqual({ now: '2026-03-01T10:00:00.000Z', factor: 0 });
  });

  it('refuse a state that is none, and change nothing', async () => {
    const simulator = await start();
    await work(simulator);
    await expect(simulator.control.load({ version: 1 })).rejects.toThrow(/clock/);
    expect(await simulator.control.orders()).toHaveLength(1);
  });
});
