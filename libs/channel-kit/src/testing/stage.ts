import { createServer, type Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import {
  type Channel,
  OrderAmended,
  OrderPlaced,
  OrderReserved,
  ShelfMethod,
  StockLevelChanged,
} from '@samlast/contracts';
import { type RunningService, startService } from '@samlast/service';
import { eventually, testDatabase, type TestDatabase } from '@samlast/test-stack';
import type { ChannelConfig, ChannelDefinition } from '../channel.ts';
import { channelService } from '../channel-service.ts';
import { OrderFeed } from '../import-orders/order-feed.ts';
import { z } from 'zod';
import type { FarWebhook } from './far-side.ts';
import { Peer } from './peer.ts';
import { TamperedShop, Tampering } from './tampered-shop.ts';

export const CODE = 'TT';
/** Between two looks at what this process knows itself. */
export const SOON_MS = 10;
const Claim = z.strictObject({
  kind: z.string().min(1),
  shopIdentity: z.string().min(1),
  instanceId: z.uuid(),
  method: ShelfMethod.optional(),
});
const LONG_AGO = '2020-01-01T00:00:00Z';
const WEB_SHOP = { code: 'B2C', name: 'Web shop' };

export interface StageOptions {
  /** The channel's startAt; long ago unless told. */
  startAt?: string;
  /** How it sells; shared unless told. */
  mode?: Channel['mode'];
  /** What its orders are by their line in channels.json; those of a web shop unless told. */
  orderType?: Channel['orderType'];
  /** Over the channel's settings. */
  env?: Record<string, string>;
  /** How long things may take, in milliseconds; 30,000 unless told. */
  patienceMs?: number;
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

interface Shelf {
  readonly uncounted: readonly { readonly order: string; readonly countedFrom: number | null }[];
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
    private readonly patienceMs: number,
  ) {}

  /** Waits for what may take as long as things take in a shop like this one. */
  readonly until: typeof eventually = (check, options) =>
    eventually(check, { withinMs: this.patienceMs, ...options });

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
    const { mode = 'shared', startAt = LONG_AGO, orderType = WEB_SHOP } = options;
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
      const { patienceMs = 30_000 } = options;
      return new Stage(tampering, running, channelEnv, peer, database, authority, folder, patienceMs);
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

  /**
   * The authority has promised the order; from this version on its pieces are in no level of this article. Waits until
   * the channel knows, for a change that it reads before makes it pass over what was decided of an older revision.
   */
  async reserve(number: string, article: string, version: number, revision = 1): Promise<void> {
    const order = revision === 1 ? await this.placed(number) : await this.amended(number, revision);
    const counted = [{ article, version }];
    await this.peer.say(OrderReserved.of({ number, channel: CODE, revision, order, counted }));
    const knows = async () => {
      const { uncounted } = await this.ops<Shelf>(`shelves/${encodeURIComponent(article)}`);
      const line = uncounted.find((one) => one.order === number);
      return !line || (line.countedFrom ?? 0) >= version;
    };
    await this.until(knows, { message: `the promise to ${number}`, everyMs: SOON_MS });
  }

  /** The channel's order.amended of this number and revision, once it has come. */
  amended(number: string, revision: number) {
    const heard = () => this.peer.heard(OrderAmended, number).find((one) => one.revision === revision);
    const message = `order.amended ${number} as revision ${revision}`;
    this.readNow();
    return this.until(heard, { message, everyMs: SOON_MS });
  }

  /** The channel's order.placed of this number, once it has come. */
  placed(number: string) {
    this.readNow();
    const heard = () => this.peer.heard(OrderPlaced, number)[0];
    return this.until(heard, { message: `order.placed ${number}`, everyMs: SOON_MS });
  }

  /** The channel reads the shop's feed now, and not with its next poll: as when a webhook came that names nothing. */
  readNow(): void {
    this.channel.app.get(OrderFeed).wake();
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
