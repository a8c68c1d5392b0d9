import { type Simulator, startSimulator } from '@samlast/ongoing-simulator';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Part } from './installation.ts';
import { seedWorld } from './seed-world.ts';

describe('the warehouse of npm start', () => {
  let simulator: Simulator;
  let gateway: string;

  beforeEach(async () => {
    simulator = await startSimulator();
    gateway = 'http://127.0.0.1:7411';
  });

  afterEach(() => simulator.close());

  const seed = (pieces?: Record<string, number>) =>
    seedWorld(
      { url: (part: Part) => (part === 'simulator' ? simulator.url : gateway), webhookToken: 'a token' },
      pieces,
    );
  const stored = async () =>
    (await simulator.control.articles()).map(({ number, inWarehouse }) => [number, inWarehouse]);

  it('gets its pieces once, however often it is started', async () => {
    await seed({ CANDLE: 1 });
    const first = await stored();
    expect(first).toHaveLength(6);
    expect(first).toContainEqual(['CANDLE', 1]);
    await simulator.control.adjust({ article: 'CANDLE', quantity: -1 });
    await seed();
    expect(await stored()).toEqual(
      first.map(([number, pieces]) => [number, number === 'CANDLE' ? 0 : pieces]),
    );
  });

  it('gets what is missing, and nothing twice, after a start that was interrupted while it was seeded', async () => {
    // The ERP's article data may be there before the pieces are.
    await simulator.control.seed({ articles: [{ number: 'NOTEBOOK' }, { number: 'CANDLE', stock: 24 }] });
    await seed({ CANDLE: 24 });
    const pieces = new Map((await stored()) as [string, number][]);
    expect(pieces.get('CANDLE')).toBe(24);
    expect([...pieces.values()].every((count) => count > 0)).toBe(true);
    expect(pieces.size).toBe(6);
  });

  it('tells the gateway where it is now', async () => {
    await seed();
    gateway = 'http://127.0.0.1:7511';
    await seed();
    expect((await simulator.control.webhooks()).map(({ url }) => url)).toEqual([
      'http://127.0.0.1:7511/webhooks/ongoing',
    ]);
  });
});
