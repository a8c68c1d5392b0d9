import { chmodSync, existsSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { connectControl } from '@samlast/ongoing-simulator';
import { eventually, startProcess, type StartedProcess } from '@samlast/test-stack';
import { portOfPart } from './installation.ts';
import { findFreePorts } from './ports.ts';
import { ShopClient } from './story/shop-client.ts';

const main = ['--import', './tools/typescript.mjs', 'tools/local/src/main.ts'];
const isReady = /Samlast is ready after ([\d.]+) s/;

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'samlast-start-'));
  // Postgres runs as a user of its own when root starts it.
  chmodSync(folder, 0o755);
  return join(folder, 'data');
}

async function refused(args: string[]): Promise<string> {
  const process = await startProcess({ args: [...main, ...args] });
  const { code } = await process.exited;
  expect(code).toBe(1);
  return process.output;
}

describe('npm start', () => {
  const data = newFolder();
  let firstPort: number;
  let running: StartedProcess;
  const start = async () => {
    const args = [...main, '--data', data, '--port', String(firstPort)];
    running = await startProcess({ args, ready: isReady, readyWithinMs: 90_000 });
  };
  const url = (part: Parameters<typeof portOfPart>[1]) => `http://127.0.0.1:${portOfPart(firstPort, part)}`;
  const se = () => new ShopClient('SE', url('shop-se'));
  const warehouseNumbers = async () =>
    (await connectControl(url('simulator')).orders()).map((order) => order.number);
  const arrives = (number: string) =>
    eventually(async () => (await warehouseNumbers()).includes(number), {
      withinMs: 30_000,
      message: `${number} is in the warehouse`,
    });

  beforeAll(async () => {
    firstPort = await findFreePorts();
    await start();
  });

  afterAll(async () => {
    await running?.stop(20_000);
  });

  it('is usable: an order reaches the warehouse, and the other shop follows', async () => {
    await eventually(async () => (await se().shows('CANDLE')) > 0);
    const before = await se().shows('CANDLE');
    expect(await se().buy('CANDLE')).toEqual({ sold: true, number: '5178' });
    await arrives('5178-SE');
    const eu = new ShopClient('EU', url('shop-eu'));
    await eventually(async () => (await eu.shows('CANDLE')) === before - 1);
  });

  it('keeps its secrets in files that only their owner may read', () => {
    for (const name of ['database-password', 'console-password', 'service-token']) {
      const file = join(data, 'secrets', name);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      expect(readFileSync(file, 'utf8').length).toBeGreaterThanOrEqual(32);
    }
  });

  it('starts a service again that was killed', async () => {
    const before = channelPid(running.pid);
    process.kill(before, 'SIGKILL');
    await eventually(() => ![0, before].includes(channelPid(running.pid)));
    await se().buy('NOTEBOOK');
    await arrives('5179-SE');
  });

  it('says so when it runs already on that folder', async () => {
    const output = await refused(['--data', data, '--port', String(firstPort + 100)]);
    expect(output).toMatch(/runs already on .*process \d+.*Stop it with Ctrl-C/s);
  });

  it('stops on Ctrl-C with nothing left behind, and goes on with its data', async () => {
    running.kill('SIGINT');
    expect(await running.exited).toEqual({ code: 0, signal: null });
    expect(running.output).toContain('Its data is kept');
    await expect(fetch(url('console'))).rejects.toThrow('fetch failed');
    await start();
    expect(await warehouseNumbers()).toEqual(expect.arrayContaining(['5178-SE', '5179-SE']));
    expect(await se().buy('CANDLE')).toEqual({ sold: true, number: '5180' });
    await arrives('5180-SE');
  });

  it('takes its services with it when it is killed, and starts again after', async () => {
    running.kill('SIGKILL');
    await running.exited;
    await eventually(
      async () => {
        await expect(fetch(url('stock-authority'))).rejects.toThrow('fetch failed');
        await expect(fetch(url('shop-se'))).rejects.toThrow('fetch failed');
        return true;
      },
      { withinMs: 30_000 },
    );
    await start();
    expect(await se().buy('CANDLE')).toEqual({ sold: true, number: '5181' });
    await arrives('5181-SE');
  });

  it('stops when it is interrupted while it starts', async () => {
    const args = [...main, '--data', newFolder(), '--port', String(firstPort + 200)];
    const early = await startProcess({ args, ready: /Samlast starts/ });
    early.kill('SIGINT');
    await early.exited;
    expect(early.output).toContain('Stopped while it was starting.');
    await expect(fetch(`http://127.0.0.1:${portOfPart(firstPort + 200, 'simulator')}`)).rejects.toThrow();
  });

  it('seeds its warehouse although the first start was killed before it had', async () => {
    const folder = newFolder();
    const startOn = (port: number) => [...main, '--data', folder, '--port', String(port)];
    const early = await startProcess({ args: startOn(firstPort + 200) });
    // The warehouse stands, and is empty still.
    await eventually(() => existsSync(join(folder, 'warehouse.json')), { everyMs: 5 });
    early.kill('SIGKILL');
    await early.exited;
    const port = firstPort + 300;
    const next = await startProcess({ args: startOn(port), ready: isReady, readyWithinMs: 90_000 });
    const simulator = `http://127.0.0.1:${portOfPart(port, 'simulator')}`;
    const stored = await connectControl(simulator).articles();
    await next.stop(20_000);
    expect(stored.filter(({ inWarehouse }) => inWarehouse > 0)).toHaveLength(6);
  });
});

describe('npm start refuses', () => {
  it('taken ports, all at once, and says how to take others', async () => {
    const firstPort = await findFreePorts();
    const servers = (['simulator', 'console'] as const).map((part) =>
      createServer().listen(portOfPart(firstPort, part), '127.0.0.1'),
    );
    const output = await refused(['--data', newFolder(), '--port', String(firstPort)]);
    for (const server of servers) server.close();
    expect(output).toContain(`${portOfPart(firstPort, 'simulator')} (for simulator)`);
    expect(output).toContain(`${portOfPart(firstPort, 'console')} (for console)`);
    expect(output).toContain('npm start -- --port');
  });

  it('data of another version', async () => {
    const made = mkdtempSync(join(tmpdir(), 'samlast-old-'));
    writeFileSync(join(made, 'layout.json'), '{"layout": 0}');
    expect(await refused(['--data', made])).toMatch(/data of another version of Samlast.*--data/s);
  });

  it('an option that it does not know, and Kafka without brokers', async () => {
    expect(await refused(['--stroy'])).toMatch(/Unknown option '--stroy'.*usage: npm start/s);
    const process = await startProcess({ args: [...main, '--kafka'], env: { KAFKA_BROKERS: undefined } });
    expect(await process.exited).toMatchObject({ code: 1 });
    expect(process.output).toContain('KAFKA_BROKERS is not set');
  });
});

/** The process of the SE channel: the child of npm start with that code in its environment. */
function channelPid(parent: number): number {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ');
  const isChannel = (pid: string) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes('CHANNEL_CODE=SE\0');
    } catch {
      return false;
    }
  };
  return Number(children.find(isChannel) ?? 0);
}
