import { createServer, type Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { type Channel, OrderPlaced, OrderReserved, ShelfMethod, StockLevelChanged } from '@samlast/contracts';
import { type RunningService, startService } from '@samlast/service';
import { eventually, testDatabase, type TestDatabase } from '@samlast/test-stack';
import type { ChannelConfig, ChannelDefinition } from '../channel.ts';
import { channelService } from '../channel-service.ts';
import { z } from 'zod';
import type { FarWebhook } from './far-side.ts';
import { Peer } from './peer.ts';
import { TamperedShop, Tampering } from './tampered-shop.ts';

export const CODE = 'TT';
const Claim = z.strictObject({
  kind: z.string().min(1),
  shopIdentity: z.string().min(1),
  instanceId: z.uuid(),
  method: ShelfMethod.optional(),
});
const LONG_AGO = '2020-01-01T00:00:00Z';

export interface StageOptions {
  /** The channel's startAt; long ago unless told. */
  startAt?: string;
  /** How it sells; shared unless told. */
  mode?: Channel['mode'];
  /** Over the channel's settings. */
  env?: Record<string, string>;
  /** What the stock authority answers to the registration: welcome, unless told. */
  authority?: { status: number; role: string };
  /** What it answers to requests about claims; it has none unless told. */
  claims?: (asked: AskedOfAuthority) => { status: number; body: object } | undefined;
}

export interface AskedOfAuthority {
  readonly method: string;
  readonly path: string;
  readonly key?: string;
  readonly body?: unknown;
}

/** A channel in a process of its own kind: real database, real bus, a stand-in for the authority's registration. */
export class Stage {
  private versions = 0;
  private stopped = false;
  private channelStopped = false;

  private constructor(
    readonly tampering: Tampering,
    readonly channel: RunningService,
    /** What it was started with. */
    readonly channelEnv: Record<string, string>,
    readonly peer: Peer,
    readonly database: TestDatabase,
    private readonly authority: Server,
    private readonly folder: string,
  ) {}

  static async start<Config extends ChannelConfig>(
    definition: ChannelDefinition<Config>,
    shopEnv: Record<string, string>,
    options: StageOptions = {},
  ): Promise<Stage> {
    const database = await testDatabase();
    const authority = await startAuthority(
      options.authority ?? { status: 200, role: 'active' },
      options.claims,
    );
    const folder = await mkdtemp(join(tmpdir(), 'samlast-channel-'));
    const channelsFile = join(folder, 'channels.json');
    const orderType = { code: 'B2C', name: 'Web shop' };
    const { mode = 'shared', startAt = LONG_AGO } = options;
    const channel = { code: CODE, kind: definition.kind, orderType, startAt, mode };
    await writeFile(channelsFile, JSON.stringify({ channels: [channel] }));
    const env = {
      DATABASE_URL: database.url,
      BUS: 'embedded',
      CHANNELS_FILE: channelsFile,
      LOG_LEVEL: 'error',
    };
    const tampering = new Tampering();
    const tampered: ChannelDefinition<Config> = {
      ...definition,
      shop: (config, tools) => new TamperedShop(definition.shop(config, tools), tampering),
    };
    let peer: Peer | undefined;
    try {
      peer = await Peer.start(env);
      const channelEnv = {
        ...env,
        CHANNEL_CODE: CODE,
        AUTHORITY_URL: `http://127.0.0.1:${(authority.address() as AddressInfo).port}`,
        POLL_MS: '100',
        OVERLAP_MS: '5000',
        ARTICLES_POLL_MS: '500',
        ...shopEnv,
        ...options.env,
      };
      const running = await startService(channelService(tampered), channelEnv);
      return new Stage(tampering, running, channelEnv, peer, database, authority, folder);
    } catch (error) {
      await peer?.stop();
      await closeAll(authority, database, folder);
      throw error;
    }
  }

  async stop(): Promise<void> {
    if (this.stopped) return;
    this.stopped = true;
    await this.stopChannel();
    await this.peer.stop();
    await closeAll(this.authority, this.database, this.folder);
  }

  /** Ends the channel alone. */
  async stopChannel(): Promise<void> {
    if (this.channelStopped) return;
    this.channelStopped = true;
    await this.channel.close();
  }

  /** The authority says what this channel may show of an article. Versions rise by themselves unless one is given. */
  async level(article: string, pieces: number, version = ++this.versions): Promise<number> {
    this.versions = Math.max(this.versions, version);
    const quantity = String(pieces);
    const event = StockLevelChanged.of({
      article,
      version,
      at: new Date().toISOString(),
      free: quantity,
      sellable: quantity,
      reserved: '0',
      channels: { [CODE]: { level: quantity, mode: 'shared' } },
    });
    await this.peer.say(event);
    return version;
  }

  /** The authority has promised the order; from this version on its pieces are in no level of this article. */
  async reserve(number: string, article: string, version: number): Promise<void> {
    const order = await this.placed(number);
    const counted = [{ article, version }];
    await this.peer.say(OrderReserved.of({ number, channel: CODE, revision: 1, order, counted }));
  }

  /** The channel's order.placed of this number, once it has come. */
  placed(number: string) {
    return eventually(() => this.peer.heard(OrderPlaced, number)[0], { message: `order.placed ${number}` });
  }

  /** The shop sends a webhook. */
  deliver({ name, headers, body }: FarWebhook): Promise<Response> {
    const to = `${this.channel.url}/webhooks/${name}`;
    return fetch(to, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
  }

  async ops<Answer>(path: string, init?: { method: string; body: object }): Promise<Answer> {
    const response = await fetch(`${this.channel.url}/ops/${path}`, {
      method: init?.method ?? 'GET',
      ...(init && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(init.body) }),
    });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    return (await response.json()) as Answer;
  }
}

/** Takes a registration of the right shape, as the stock authority does. */
async function startAuthority(
  answer: { status: number; role: string },
  claims: StageOptions['claims'],
): Promise<Server> {
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '' } = request;
    const body: unknown = method === 'PUT' || method === 'POST' ? await json(request) : undefined;
    const key = request.headers['idempotency-key']?.toString();
    const told = path.startsWith('/claims') ? claims?.({ method, path, key, body }) : undefined;
    const fits = Claim.safeParse(body).success && method === 'PUT' && path === `/channels/${CODE}`;
    const registered = { role: answer.role, message: 'The code is held by another shop.' };
    response
      .writeHead(told?.status ?? (fits ? answer.status : 422), { 'content-type': 'application/json' })
      .end(JSON.stringify(told?.body ?? registered));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function closeAll(authority: Server, database: TestDatabase, folder: string): Promise<void> {
  authority.closeAllConnections();
  authority.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
}
