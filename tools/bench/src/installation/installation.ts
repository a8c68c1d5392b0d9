import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connectControl, type Control } from '@samlast/ongoing-simulator';
import { repositoryRoot, startProcess, type StartedProcess } from '@samlast/test-stack';
import { ShopClient } from './shop-client.ts';

const READY_WITHIN_MS = 180_000;
const STOP_WITHIN_MS = 60_000;
/** tools/local counts its ports from a first one. */
const PORTS = 41;
const SIMULATOR = 0;
const SHOP_SE = 31;
const SHOP_EU = 32;
/** Two shops and an ERP, as tools/local has them: each has a dead-letter topic. */
const CODES = ['SE', 'EU', 'ERP'];

export type BusKind = 'embedded' | 'kafka';

/** A whole Samlast as `npm start` gives it, seen from outside. */
export interface Installation {
  readonly process: StartedProcess;
  readonly folder: string;
  readonly warehouse: Control;
  readonly simulatorUrl: string;
  readonly se: ShopClient;
  readonly eu: ShopClient;
}

const running = new Set<StartedProcess>();
let ownKafka = false;
const run = promisify(execFile);
const kafkaLocal = (...args: string[]) =>
  run(join(repositoryRoot, 'tools/kafka-local/kafka-local'), [...args, '--name', 'bench-path']);

/** Starts it without waiting for anything but the process itself. */
export async function spawnInstallation(folder: string, brokers?: string[]): Promise<Installation> {
  const first = await freePorts();
  const url = (offset: number) => `http://127.0.0.1:${first + offset}`;
  const child = await startProcess({
    args: [
      '--import',
      './tools/typescript.mjs',
      'tools/local/src/main.ts',
      '--data',
      folder,
      '--port',
      String(first),
      ...(brokers ? ['--kafka'] : []),
    ],
    env: { KAFKA_BROKERS: brokers?.join(',') },
  });
  running.add(child);
  return {
    process: child,
    folder,
    warehouse: connectControl(url(SIMULATOR)),
    simulatorUrl: url(SIMULATOR),
    se: new ShopClient('SE', url(SHOP_SE), join(folder, 'shop-se.json')),
    eu: new ShopClient('EU', url(SHOP_EU), join(folder, 'shop-eu.json')),
  };
}

/**
 * Resolves once it prints that it is ready. Throws with its output when it ends before, or takes too long.
 */
export async function ready({ process: child }: Installation): Promise<void> {
  let ended = false;
  void child.exited.then(() => (ended = true));
  const deadline = performance.now() + READY_WITHIN_MS;
  while (!child.output.includes('Samlast is ready')) {
    if (ended || performance.now() > deadline) throw new Error(`Samlast did not start:\n${child.output}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** In order, as Ctrl-C does: killed before its time it would leave its services behind. */
export async function stopInstallation({ process: child }: Pick<Installation, 'process'>): Promise<void> {
  await child.stop(STOP_WITHIN_MS);
  running.delete(child);
}

/** For who is interrupted: all that still runs. */
export async function stopInstallations(): Promise<void> {
  await Promise.all([...running].map((child) => stopInstallation({ process: child })));
  if (ownKafka) await kafkaLocal('stop', '--wipe');
}

/** Runs a Kafka of its own with empty topics for one installation. */
export async function withKafka<Result>(
  folder: string,
  work: (brokers: string[]) => Promise<Result>,
): Promise<Result> {
  ownKafka = true;
  const { stdout } = await kafkaLocal('start', '--fresh');
  try {
    const brokers = /KAFKA_BROKERS=(\S+)/.exec(stdout)?.[1] ?? '';
    const channels = join(folder, 'channels-for-topics.json');
    await writeFile(channels, JSON.stringify({ channels: CODES.map(channel) }));
    await run(process.execPath, ['--import', './tools/typescript.mjs', 'libs/messaging/src/topics.main.ts'], {
      cwd: repositoryRoot,
      env: { KAFKA_BROKERS: brokers, CHANNELS_FILE: channels },
    });
    return await work(brokers.split(','));
  } finally {
    await kafkaLocal('stop', '--wipe');
    ownKafka = false;
  }
}

const channel = (code: string) => ({
  code,
  kind: 'http',
  orderType: { code: 'B2C' },
  startAt: '2020-01-01T00:00:00Z',
});

async function freePorts(): Promise<number> {
  for (let first = 18_400; first < 32_000; first += 100) {
    const all = await Promise.all(Array.from({ length: PORTS }, (_, offset) => isFree(first + offset)));
    if (all.every(Boolean)) return first;
  }
  throw new Error('No 41 free ports in a row were found from 18400 to 32000.');
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
