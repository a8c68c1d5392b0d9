import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { buildApps, startPostgres } from '@samlast/test-stack';
import { openDataFolder, type DataFolder } from './data-folder.ts';
import {
  type Bus,
  type Cast,
  channelOf,
  DEMO,
  type Installation,
  type Mode,
  type Part,
  planInstallation,
  portOfPart,
  shopOf,
} from './installation.ts';
import { requireFreePorts } from './ports.ts';
import { type Pieces, seedWorld } from './seed-world.ts';
import { StartRefused, StoppedEarly } from './start-refused.ts';
import { type Program, Supervisor } from './supervisor.ts';

const READY_WITHIN_MS = 180_000;

export interface Running {
  readonly installation: Installation;
  readonly data: DataFolder;
  readonly supervisor: Supervisor;
  readonly readyAfterMs: number;
  /** From then on its web shops sell in this way. Only what reads the mode is started anew. */
  changeMode(mode: Mode): Promise<void>;
  stop(): Promise<void>;
}

/** Starts the whole installation and resolves once all of it can work. */
export async function startInstallation(settings: {
  dataFolder: string;
  firstPort: number;
  bus: Bus;
  say: (line: string) => void;
  cast?: Cast;
  /** What the warehouse has at the first start, over what it has by itself. */
  pieces?: Pieces;
  /** Aborted while starting: what runs already is stopped again. */
  signal?: AbortSignal;
}): Promise<Running> {
  const startedAt = Date.now();
  const data = openDataFolder(resolve(settings.dataFolder));
  const supervisor = new Supervisor((name) => join(data.path, 'logs', `${name}.log`), settings.say);
  let postgres: Awaited<ReturnType<typeof startPostgres>> | undefined;
  let plan: Installation | undefined;
  const stop = async () => {
    // Samlast before the world it talks to, everything before the database.
    await supervisor.stop(plan?.services.map((program) => program.name) ?? []);
    await supervisor.stop(plan?.world.map((program) => program.name) ?? []);
    await postgres?.stop();
    supervisor.closeLogs();
    data.release();
  };
  const ready = (program: Program) => supervisor.ready(program, READY_WITHIN_MS, settings.signal);
  try {
    const password = data.secret('database-password');
    const portOf = (part: Part) => portOfPart(settings.firstPort, part);
    await requireFreePorts(portOf);
    const databaseUrl = `postgres://samlast:${password}@127.0.0.1:${portOf('postgres')}/samlast`;
    const { firstPort, bus, cast = DEMO } = settings;
    const planIn = (mode: Mode) => planInstallation(data, { firstPort, databaseUrl, bus, cast, mode });
    const installation = planIn('shared');
    plan = installation;
    for (const program of installation.world) supervisor.start(program);
    const built = buildApps(settings.signal);
    // What fails before it is awaited must not end the process.
    built.catch(() => {});
    postgres = await startPostgres({
      dir: data.file('postgres'),
      port: portOf('postgres'),
      durable: true,
      user: 'samlast',
      password,
      databases: ['samlast'],
    });
    if (settings.bus.kind === 'kafka') await makeTopics(installation);
    await built.catch((error: unknown) => {
      if (settings.signal?.aborted) throw new StoppedEarly();
      throw error;
    });
    for (const program of installation.services) supervisor.start(program);
    await Promise.all(installation.world.map((program) => ready(program)));
    await seedWorld(installation, settings.pieces);
    await Promise.all(installation.services.map((program) => ready(program)));
    const readyAfterMs = Date.now() - startedAt;
    const changeMode = async (mode: Mode) => {
      const { world, services } = planIn(mode);
      const channels = cast.shops.map(channelOf);
      const others: Part[] = ['stock-authority', ...cast.shops.map(shopOf)];
      // Channels first: each tells the authority that it leaves, or the next one would stand by at first.
      await supervisor.end(channels);
      await supervisor.end(others);
      const named = new Set<string>([...channels, ...others]);
      const anew = [...world, ...services].filter(({ name }) => named.has(name));
      for (const program of anew) supervisor.start(program);
      await Promise.all(anew.map((program) => ready(program)));
    };
    return { installation, data, supervisor, readyAfterMs, changeMode, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What `npm run topics` does: a service refuses to start on topics that are missing or differ. */
async function makeTopics({ topicsEnvironment }: Installation): Promise<void> {
  const args = ['--import', './tools/typescript.mjs', 'libs/messaging/src/topics.main.ts'];
  const env = { ...process.env, ...topicsEnvironment };
  try {
    await promisify(execFile)(process.execPath, args, { env, timeout: READY_WITHIN_MS });
  } catch (error) {
    const { stdout = '', stderr = '', message } = error as Error & { stdout?: string; stderr?: string };
    throw new StartRefused(
      `Kafka's topics could not be made: ${(stderr || stdout || message).trim()}`,
      'Check KAFKA_BROKERS, and what the lines above say of the topics.',
    );
  }
}

/** Which bus the options and the environment ask for. */
export function busOf(kafka: boolean, brokers: string | undefined): Bus {
  if (!kafka) return { kind: 'embedded' };
  if (!brokers) {
    throw new StartRefused(
      '--kafka was given, but KAFKA_BROKERS is not set.',
      'Set it, such as KAFKA_BROKERS=127.0.0.1:9092; tools/kafka-local/kafka-local start gives you a broker.',
    );
  }
  return { kind: 'kafka', brokers };
}
