import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@samlast/test-stack';
import { differences, nothingAside } from './testing/audit.ts';
import { poison } from './testing/poison.ts';
import { type Code, codes, World } from './testing/world.ts';

interface Letter {
  id: string;
  state: string;
  key: string;
  code: string;
  reason: string;
}

let world: World;
let left = 60;

beforeAll(async () => {
  world = await World.start({ pieces: { TEE: left } });
});

afterAll(() => world?.close());

async function isReady(name: string): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(3_000);
    return (await fetch(`${world.system.url(name)}/health/ready`, { signal })).ok;
  } catch {
    return false;
  }
}

async function allReady(wanted: boolean): Promise<void> {
  await eventually(
    async () => {
      const states = await Promise.all(world.system.started.map(isReady));
      return states.every((state) => state === wanted);
    },
    { withinMs: 45_000, everyMs: 200, message: `all services are ${wanted ? '' : 'not '}ready` },
  );
}

/** One piece in each shop in turn; answers the orders' numbers. */
function sell(count: number): string[] {
  left -= count;
  return Array.from({ length: count }, (_, index) => {
    const code = codes[index % codes.length] as Code;
    return `${world.buy(code, 'TEE').number}-${code}`;
  });
}

async function everythingArrived(): Promise<void> {
  await eventually(
    async () => {
      expect(await differences(world)).toEqual([]);
      return true;
    },
    { withinMs: 60_000, everyMs: 200 },
  );
  await world.allShow('TEE', left);
}

describe('while Postgres is away for some seconds', () => {
  it.each(['cut', 'pause'] as const)(
    'nothing is lost or parked, and all services are ready again (%s)',
    async (how) => {
      sell(3);
      world.system.between.database[how]();
      sell(6);
      await allReady(false);
      sell(3);
      world.system.between.database.resume();
      await allReady(true);
      await everythingArrived();
      expect(await world.deadLetters()).toEqual([]);
      // No service had to be started again for it.
      for (const name of world.system.started) {
        expect(world.system.process(name).output.match(/"ready"/g)).toHaveLength(1);
      }
    },
    150_000,
  );
});

const letters = () => world.system.ask<Letter[]>('stock-authority', '/ops/dead-letters');
const nextNumber = (code: Code) =>
  `${Math.max(...world.orders(code).map((order) => Number(order.number))) + 1}-${code}`;
const parked = (key: string) =>
  eventually(async () => (await letters()).find((letter) => letter.key === key), {
    withinMs: 30_000,
    message: `the message of ${key} is parked`,
  });
const settle = (id: string, command: 'retry' | 'discard') =>
  world.system.ask<{ handled: number; parked?: { code: string } }>(
    'stock-authority',
    `/ops/dead-letters/${id}/${command}`,
    { method: 'POST', body: { author: 'flow', reason: 'the sender was corrected' } },
  );

describe('a message that nobody can work with', () => {
  it('is parked with its reason, its key waits behind it, and other keys go on', async () => {
    const number = nextNumber('SE');
    await poison(world.system, { type: 'order.placed', key: number, value: '{"number": "never ends' });
    expect(await parked(number)).toMatchObject({
      state: 'parked',
      code: 'message.not-json',
      reason: expect.stringMatching(/order\.placed is not JSON.*samlast\/stranger.*discard/s),
    });
    const sold = sell(3);
    const [queued] = await eventually(async () => {
      const behind = (await letters()).filter((letter) => letter.state === 'queued');
      return behind.length > 0 && behind;
    });
    expect(queued?.key).toBe(number);
    for (const other of sold.filter((one) => one !== number)) await world.arrived(other);
    expect(await world.inWarehouse(number)).toBeUndefined();
  });

  it('stays parked when it is tried again as it was, and is discarded with a reason: its key goes on', async () => {
    const [bad, behind] = await letters();
    expect(await settle(String(bad?.id), 'retry')).toMatchObject({
      handled: 0,
      parked: { code: 'message.not-json' },
    });
    await expect(settle(String(behind?.id), 'retry')).rejects.toThrow(/409.*waits behind/);
    expect(await settle(String(bad?.id), 'discard')).toEqual({ handled: 1 });
    await everythingArrived();
  });

  it('of a type that no contract knows is parked too, and discarded', async () => {
    await poison(world.system, { type: 'order.teleported', key: '1-SE', value: '{}' });
    const letter = await parked('1-SE');
    expect(letter).toMatchObject({
      code: 'message.unknown-type',
      reason: expect.stringContaining('order.teleported'),
    });
    expect(await settle(letter.id, 'discard')).toEqual({ handled: 0 });
    await nothingAside(world);
  });
});
