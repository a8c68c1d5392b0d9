import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startSimulator, type Simulator } from '../start.ts';
import { connectControl, type Control } from './control.ts';

let simulator: Simulator;
let remote: Control;
beforeAll(async () => {
  simulator = await startSimulator({ knobs: { initialStatus: 200 } });
  remote = connectControl(simulator.url);
});
afterAll(() => simulator.close());

describe('control over HTTP', () => {
  it('does and answers the same as control in the process', async () => {
    await remote.seed({ articles: [{ number: 'TEE', stock: [{ location: 'B-1', quantity: 2 }] }] });
    await remote.typeIn({ number: 'C1', lines: [{ article: 'TEE', quantity: 1 }] });
    expect(await remote.orders()).toEqual(await simulator.control.orders());
    expect(await remote.articles()).toMatchObject([
      { number: 'TEE', sellable: 1, locations: [{ location: 'B-1' }] },
    ]);
  });

  it('refuses what the floor refuses, with the reason', async () => {
    await expect(remote.pick({ order: 'C1' })).rejects.toThrow(/not released/);
    await expect(remote.release({ order: 'nobody' })).rejects.toThrow(/There is no order nobody/);
  });

  it('names the faulty member of an input and the commands that there are', async () => {
    const faulty = { order: 'C1', status: 'x' } as unknown as { order: string; status: number };
    await expect(remote.setStatus(faulty)).rejects.toMatchObject({
      fields: { status: [expect.any(String)] },
    });
    const unknown = connectControl(simulator.url) as unknown as { fly: () => Promise<void> };
    await expect(unknown.fly()).rejects.toThrow(/no command fly\. There are: .*release/);
  });

  it('turns only the knobs that are given, and none where one of them is faulty', async () => {
    await remote.knobs({ writeLatencyMs: 5, steps: { sent: 460 } });
    expect(await remote.knobs()).toMatchObject({
      initialStatus: 200,
      writeLatencyMs: 5,
      steps: { sent: 460, picked: 400 },
    });
    const faulty = { initialStatus: 300, faultRate: 2 };
    await expect(remote.knobs(faulty)).rejects.toMatchObject({ fields: { faultRate: [expect.any(String)] } });
    expect((await remote.knobs()).initialStatus).toBe(200);
    const misspelt = { latency: 5 } as object;
    await expect(remote.knobs(misspelt)).rejects.toThrow(/invalid/);
  });

  it('takes JSON only, so that no foreign web page can send it a form', async () => {
    const url = new URL('/control/reset', simulator.url);
    const plain = await fetch(url, { method: 'POST', body: '{}' });
    expect(plain.status).toBe(405);
    expect(await remote.orders()).toHaveLength(1);
  });

  it('empties everything with reset, and keeps the knobs where asked', async () => {
    await remote.reset({ keepKnobs: true });
    expect(await remote.orders()).toEqual([]);
    expect((await remote.knobs()).initialStatus).toBe(200);
    await remote.reset();
    expect((await remote.knobs()).initialStatus).toBe(300);
  });
});

describe('the clock', () => {
  it('runs faster, stands still, and is set', async () => {
    await remote.clock({ factor: 0, at: '2026-03-01T00:00:00Z' });
    expect((await remote.clock()).now).toBe('2026-03-01T00:00:00.000Z');
    expect((await remote.clock({ advanceMs: 1500 })).now).toBe('2026-03-01T00:00:01.500Z');
    await remote.clock({ factor: 1_000_000 });
    const startedAt = Date.parse((await remote.clock()).now);
    // At least one real millisecond must pass; the test's own limit of time ends a clock that stands still.
    let passedMs = 0;
    while (passedMs === 0) passedMs = Date.parse((await remote.clock()).now) - startedAt;
    expect(passedMs).toBeGreaterThanOrEqual(1_000_000);
    await remote.reset();
  });
});
