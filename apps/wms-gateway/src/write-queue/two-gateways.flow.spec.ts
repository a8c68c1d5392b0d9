import { afterEach, describe, expect, it } from '@jest/globals';
import { OrderAccepted, type Order } from '@samlast/contracts';
import { bundleOf, eventually, startProcess, type StartedProcess } from '@samlast/test-stack';
import { anOrder, reserved, setStage, type Stage } from '../testing/stage.ts';

let stage: Stage;
let processes: StartedProcess[] = [];
afterEach(async () => {
  await Promise.all(processes.map((process) => process.stop()));
  processes = [];
  await stage.close();
});

interface Gateway {
  process: StartedProcess;
  url: string;
}

/** With nothing but its own variables, so that what the machine happens to have set plays no part. */
async function start(more: Record<string, string> = {}): Promise<Gateway> {
  const variables = Object.entries({ ...stage.env, ...more, LOG_LEVEL: 'debug' }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const gateway = await startProcess({
    command: 'env',
    args: ['-i', ...variables, process.execPath, ...bundleOf('wms-gateway')],
    ready: /"url":"(http:[^"]+)"/,
  });
  processes.push(gateway);
  return { process: gateway, url: gateway.readyMatch?.[1] ?? '' };
}

const isWriter = async ({ url }: Gateway) => {
  const queue = (await (await fetch(`${url}/ops/queue`)).json()) as { writer: { mine: boolean } | null };
  return queue.writer?.mine === true;
};

/** Two gateways, the one that writes first; and orders on their way. */
async function begin(
  count: number,
  env: Record<string, string> = {},
): Promise<{ pair: [Gateway, Gateway]; orders: Order[] }> {
  stage = await setStage({ writeLatencyMs: 15 });
  await stage.simulator.control.seed({ articles: [{ number: 'TEE', stock: 10_000 }] });
  const both = await Promise.all([start(env), start(env)]);
  const first = await eventually(async () =>
    (await isWriter(both[0])) ? 0 : (await isWriter(both[1])) ? 1 : undefined,
  );
  const orders = Array.from({ length: count }, (_, i) =>
    anOrder(String(i + 1), i % 2 ? 'SE' : 'EU', {
      lines: [{ row: '1', article: 'TEE', quantity: '1', picked: true }],
    }),
  );
  await stage.publish(...orders.map(reserved));
  return { pair: first === 0 ? both : [both[1], both[0]], orders };
}

const inOngoing = async () => (await stage.simulator.control.orders()).length;

async function expectEachOnce(orders: Order[]): Promise<void> {
  const told = await eventually(
    async () => {
      const accepted = await stage.told(OrderAccepted);
      return accepted.length >= orders.length && accepted;
    },
    { withinMs: 60_000 },
  );
  expect(told.map(({ number }) => number).toSorted()).toEqual(orders.map(({ number }) => number).toSorted());
  const held = await stage.simulator.control.orders();
  expect(held.map(({ number }) => number).toSorted()).toEqual(orders.map(({ number }) => number).toSorted());
  expect(held.filter(({ puts }) => puts.done !== 1)).toEqual([]);
  // Nobody's name or address is in a log.
  for (const { output } of processes) expect(output).not.toMatch(/Karin|Storgatan/);
}

describe('two gateways', () => {
  it('go on within five seconds when the one that writes is killed, and nothing is lost or sent twice', async () => {
    const { pair, orders } = await begin(150);
    await eventually(async () => (await inOngoing()) > 30, { everyMs: 5 });
    pair[0].process.kill('SIGKILL');
    const killedAt = performance.now();
    const before = await inOngoing();
    expect(before).toBeLessThan(orders.length);
    await eventually(async () => (await inOngoing()) > before + 2, { everyMs: 10 });
    expect(performance.now() - killedAt).toBeLessThan(5_000);
    await expectEachOnce(orders);
  });

  it('fence off the one that stood still past its lease: it writes nothing more', async () => {
    const { pair, orders } = await begin(200, { LEASE_MS: '2000', ORDER_TIMEOUT_MS: '1000' });
    await eventually(async () => (await inOngoing()) > 30, { everyMs: 5 });
    pair[0].process.kill('SIGSTOP');
    await eventually(() => isWriter(pair[1]));
    pair[0].process.kill('SIGCONT');
    await eventually(async () => pair[0].process.output.includes('no longer writes to Ongoing'), {
      withinMs: 30_000,
    });
    await expectEachOnce(orders);
    // On a busy machine the lease may have changed hands once more; what nobody has is the frozen one's.
    const [lease] = await stage.database.query<{ epoch: string }>(
      'SELECT epoch FROM wms_gateway.writer_lease',
    );
    expect(Number(lease?.epoch)).toBeGreaterThanOrEqual(2);
  });
});
