import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, startSimulator } from '@samlast/ongoing-simulator';
import {
  bundleOf,
  freePort,
  kafkaForTests,
  startProcess,
  type StartedProcess,
  type TcpProxy,
  tcpProxy,
  testDatabase,
  type TestDatabase,
  testPrefix,
} from '@samlast/test-stack';

const TOKEN = 'a-token-that-all-flows-use-inside';
/** As a service ends whose settings are wrong (sysexits' EX_CONFIG): starting it again would not help. */
export const WRONG_CONFIGURATION = 78;
export const CONSOLE_PASSWORD = 'a-password-of-the-flows';
export const WEBHOOK_TOKEN = 'what-ongoing-sends-with-a-webhook';

export interface ChannelSetup {
  code: string;
  /** The app is channel-<kind>. */
  kind: string;
  /** Its line in channels.json, over the defaults. */
  line?: Record<string, unknown>;
  /** Where the channel listens, for a shop that must know it before; a free one when left out. */
  port?: number;
  /** The shop's address and keys. */
  env: Record<string, string>;
}

export interface SystemOptions {
  bus: 'kafka' | 'embedded';
  channels: ChannelSetup[];
  /** Two of one service are 'wms-gateway' and 'wms-gateway-2'. */
  gateways?: number;
  gatewayEnv?: Record<string, string>;
  authorityEnv?: Record<string, string>;
  /** How often a service is started again that ends before it is ready, as a supervisor would; once when left out. */
  startTries?: number;
  /** Starts the console too. */
  console?: boolean;
  consoleEnv?: Record<string, string>;
}

interface Part {
  name: string;
  app: string;
  env: Record<string, string>;
  port: number;
}

/** Samlast as it is deployed: every service a process of its own, a real Postgres, the simulator as the warehouse. */
export class System {
  readonly token = TOKEN;
  readonly topicPrefix: string;
  private readonly processes = new Map<string, StartedProcess>();
  private readonly ended: string[] = [];

  private constructor(
    readonly bus: SystemOptions['bus'],
    readonly simulator: Simulator,
    readonly database: TestDatabase,
    /** What stands between the services and what they need. */
    readonly between: { database: TcpProxy; warehouse: TcpProxy },
    private readonly parts: Map<string, Part>,
    private readonly startTries: number,
  ) {
    this.topicPrefix = [...parts.values()][0]?.env.TOPIC_PREFIX ?? '';
  }

  static async start(options: SystemOptions): Promise<System> {
    const database = await testDatabase();
    const simulator = await startSimulator();
    const between = {
      database: await tcpProxy(database.url),
      warehouse: await tcpProxy(simulator.apiUrl),
    };
    const parts = await planParts(options, simulator, {
      database: between.database.url,
      warehouse: between.warehouse.url,
    });
    const system = new System(options.bus, simulator, database, between, parts, options.startTries ?? 1);
    if (options.bus === 'kafka') await makeTopics([...parts.values()][0]?.env ?? {});
    const gateway = system.url('wms-gateway');
    await simulator.control.webhooks({
      hooks: [{ url: `${gateway}/webhooks/ongoing`, auth: { kind: 'token', token: WEBHOOK_TOKEN } }],
    });
    try {
      await Promise.all([...parts.keys()].map((name) => system.startPart(name)));
    } catch (error) {
      await system.close();
      throw error;
    }
    return system;
  }

  get names(): string[] {
    return [...this.parts.keys()];
  }

  /** Those that have been started, whether or not they were killed since. */
  get started(): string[] {
    return [...this.processes.keys()];
  }

  url(name: string): string {
    return `http://127.0.0.1:${this.part(name).port}`;
  }

  async startPart(name: string): Promise<void> {
    const { app, env } = this.part(name);
    const ready = `${this.url(name)}/health/ready`;
    const args = bundleOf(app);
    const before = this.processes.get(name);
    if (before) this.ended.push(before.output);
    for (let left = this.startTries; ;) {
      try {
        this.processes.set(name, await startProcess({ args, env, ready, readyWithinMs: 60_000 }));
        return;
      } catch (error) {
        if (--left === 0) throw error;
      }
    }
  }

  /** Ends one service as a power cut would, and waits until it is gone. */
  async kill(name: string): Promise<void> {
    const process = this.process(name);
    process.kill('SIGKILL');
    await process.exited;
  }

  async killAndRestart(name: string): Promise<void> {
    await this.kill(name);
    await this.startPart(name);
  }

  /**
   * Another process like one that runs, under a name and on a port of its own; it is not started yet.
   * @param env over what that one has
   */
  async plan(name: string, like: string, env: Record<string, string> = {}): Promise<void> {
    const port = await freePort();
    const part = this.part(like);
    this.parts.set(name, { ...part, name, port, env: { ...part.env, SERVICE_PORT: String(port), ...env } });
  }

  /** Starts a process that is to end by itself, and tells how it did. */
  async refused(name: string): Promise<{ code: number | null; output: string }> {
    const { app, env } = this.part(name);
    const process = await startProcess({ args: bundleOf(app), env });
    const { code } = await process.exited;
    this.ended.push(process.output);
    return { code, output: process.output };
  }

  process(name: string): StartedProcess {
    const process = this.processes.get(name);
    if (!process) throw new Error(`${name} was not started; there are ${this.names.join(', ')}`);
    return process;
  }

  /** Everything that all services ever printed. */
  get output(): string {
    return [...this.ended, ...[...this.processes.values()].map((process) => process.output)].join('\n');
  }

  /** Asks a service over HTTP as another service would. */
  async ask<Answer>(
    name: string,
    path: string,
    init: { method?: string; body?: unknown } = {},
  ): Promise<Answer> {
    const response = await fetch(this.url(name) + path, {
      method: init.method ?? 'GET',
      headers: {
        authorization: `Bearer ${TOKEN}`,
        ...(init.body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(init.body !== undefined && { body: JSON.stringify(init.body) }),
    });
    if (!response.ok)
      throw new Error(`${name} answered ${response.status} to ${path}: ${await response.text()}`);
    const type = response.headers.get('content-type') ?? '';
    return (type.includes('json') ? await response.json() : await response.text()) as Answer;
  }

  async close(): Promise<void> {
    this.between.database.resume();
    this.between.warehouse.resume();
    await Promise.all([...this.processes.values()].map((process) => process.stop(5_000)));
    await this.between.database.close();
    await this.between.warehouse.close();
    await this.simulator.close();
    await this.database.drop();
  }

  private part(name: string): Part {
    const part = this.parts.get(name);
    if (!part) throw new Error(`there is no ${name}, only ${this.names.join(', ')}`);
    return part;
  }
}

async function planParts(
  options: SystemOptions,
  simulator: Simulator,
  urls: { database: string; warehouse: string },
): Promise<Map<string, Part>> {
  const base = {
    SERVICE_TOKENS: `flows:${TOKEN}`,
    DATABASE_URL: urls.database,
    CHANNELS_FILE: writeChannels(options.channels),
    NODE_ENV: 'production',
    BUS: options.bus,
    ...(options.bus === 'kafka' && {
      KAFKA_BROKERS: kafkaForTests().brokers.join(','),
      TOPIC_PREFIX: testPrefix(),
    }),
  };
  const parts = new Map<string, Part>();
  const add = async (name: string, app: string, env: Record<string, string>, wished?: number) => {
    const port = wished ?? (await freePort());
    parts.set(name, { name, app, port, env: { ...base, SERVICE_PORT: String(port), ...env } });
    return port;
  };
  const authority = await add('stock-authority', 'stock-authority', options.authorityEnv ?? {});
  for (let index = 1; index <= (options.gateways ?? 1); index++) {
    await add(index === 1 ? 'wms-gateway' : `wms-gateway-${index}`, 'wms-gateway', {
      ONGOING_URL: urls.warehouse,
      ONGOING_USER: simulator.user,
      ONGOING_PASSWORD: simulator.password,
      ONGOING_GOODS_OWNER_ID: String(simulator.goodsOwnerId),
      INSTALLATION: 'flows',
      WEBHOOK_TOKEN,
      ...options.gatewayEnv,
    });
  }
  for (const { code, kind, env, port } of options.channels) {
    const settings = {
      CHANNEL_CODE: code,
      AUTHORITY_URL: `http://127.0.0.1:${authority}`,
      AUTHORITY_TOKEN: TOKEN,
      POLL_MS: '1000',
      // Every five seconds the feed is read again from farther back, instead of every minute.
      OVERLAP_MS: '25000',
      ...env,
    };
    await add(`channel-${code.toLowerCase()}`, `channel-${kind}`, settings, port);
  }
  if (options.console) {
    await add('console', 'console', {
      CONSOLE_PASSWORD,
      SERVICES_TOKEN: TOKEN,
      SERVICES: [...parts.values()].map(({ name, port }) => `${name}=http://127.0.0.1:${port}`).join(','),
      ...options.consoleEnv,
    });
  }
  return parts;
}

function writeChannels(channels: ChannelSetup[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'samlast-flow-')), 'channels.json');
  const lines = channels.map(({ code, kind, line }) => ({
    code,
    kind,
    orderType: { code: 'B2C', name: 'Web shop' },
    startAt: '2020-01-01T00:00:00Z',
    ...line,
  }));
  writeFileSync(file, JSON.stringify({ channels: lines }));
  return file;
}

async function makeTopics(env: Record<string, string>): Promise<void> {
  const topics = await startProcess({
    args: ['--import', './tools/typescript.mjs', 'libs/messaging/src/topics.main.ts'],
    env,
  });
  const { code } = await topics.exited;
  if (code !== 0) throw new Error(`npm run topics ended with ${code}:\n${topics.output}`);
}
