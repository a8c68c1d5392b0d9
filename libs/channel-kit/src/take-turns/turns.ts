import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import type { Channel } from '@samlast/contracts';
import { ConfigurationError, Health, Log } from '@samlast/service';
import { DataSource, type QueryRunner } from 'typeorm';
import { gradeOf } from '../safety.ts';
import type { Shop } from '../shop.ts';
import { CHANNEL, DEFINITION, SETTINGS, SHOP } from '../tokens.ts';
import type { ChannelConfig, ChannelDefinition } from '../channel.ts';
import { type Failing, Loop } from './loop.ts';
import { modeMisfit } from './mode-misfit.ts';

const HEARTBEAT_MS = 5_000;
const REGISTER_WITHIN_MS = 3_000;
const TURN_LOCK = 7_310_002;

type Registration = 'active' | 'standby' | 'another-shop';

/**
 * Whether this process may poll and write its shop. Two guards: the authority knows which shop, and which database,
 * works under a channel's code, and of the processes that share a database only the one that holds a lock in it
 * works. So a process that was killed is followed at once, without waiting until the authority misses it.
 */
@Injectable()
export class Turns implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly loop: Loop;
  private readonly workers: Loop[] = [];
  private registration: Registration | undefined;
  private lock: QueryRunner | undefined;
  private shopIdentity = '';
  private instanceId = '';
  private refusal = '';
  /** The status with which the authority answered last. */
  private answered: number | undefined;
  /** Since when it has not answered as it should, where it did before. */
  private awaySince: Date | undefined;

  constructor(
    @Inject(CHANNEL) private readonly channel: Channel,
    @Inject(DEFINITION) private readonly definition: ChannelDefinition,
    @Inject(SETTINGS) private readonly config: ChannelConfig,
    @Inject(SHOP) private readonly shop: Shop,
    private readonly database: DataSource,
    private readonly log: Log,
    health: Health,
  ) {
    this.loop = new Loop({ name: 'register', pauseMs: HEARTBEAT_MS, log, turn: () => this.heartbeat() });
    health.add('registration', () => this.fault());
    health.addNote('shop', () => this.troubles());
    health.addNote('start', () => notBegun(channel));
    health.addNote('authority', () => this.awayText());
    health.addNote('mode', () => modeMisfit(channel, shop, config.CLAIMS_TOKEN));
    health.addFact('safety', gradeOf(shop.features.safety));
  }

  /** True while this process is the one that works for the shop. */
  get active(): boolean {
    return this.lock !== undefined;
  }

  /** Runs a loop while, and only while, this process is the active one. */
  add(loop: Loop): void {
    this.workers.push(loop);
  }

  /** What fails again and again just now. */
  failing(): Failing[] {
    return this.workers.flatMap((worker) => worker.failing ?? []);
  }

  async onApplicationBootstrap(): Promise<void> {
    this.shopIdentity = await this.definition.identity(this.config);
    const rows = (await this.database.query('SELECT id FROM installation')) as { id: string }[];
    this.instanceId = rows[0]?.id ?? '';
    try {
      await this.heartbeat();
    } catch (error) {
      this.log.warn(
        'the stock authority has not let this channel in: nothing is polled or written until it does',
        {
          channel: this.channel.code,
          error,
        },
      );
    }
    if (this.registration === 'another-shop') throw this.refused();
    const early = notBegun(this.channel);
    if (early) this.log.warn(early, { channel: this.channel.code });
    const misfit = modeMisfit(this.channel, this.shop, this.config.CLAIMS_TOKEN);
    if (misfit) this.log.warn(misfit, { channel: this.channel.code });
    this.loop.start();
    for (const worker of this.workers) worker.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    await Promise.all([this.loop.stop(), ...this.workers.map((worker) => worker.stop())]);
    await this.letGo();
  }

  private async heartbeat(): Promise<boolean> {
    try {
      this.registration = await this.register();
      this.awaySince = undefined;
    } catch (error) {
      // Known once, a channel goes on working while the authority is away: its orders wait on the bus.
      if (!this.registration) throw error;
      if (!this.awaySince) {
        this.awaySince = new Date();
        const { code } = this.channel;
        this.log.warn('the stock authority takes no sign of life of this channel, it is tried again', {
          channel: code,
          error,
        });
      }
    }
    if (this.registration === 'active') await this.holdLock();
    else await this.letGo();
    return false;
  }

  private async register(): Promise<Registration> {
    const url = new URL(`channels/${this.channel.code}`, this.config.AUTHORITY_URL.replace(/\/*$/, '/'));
    this.answered = undefined;
    const response = await fetch(url, {
      method: 'PUT',
      redirect: 'error',
      signal: AbortSignal.timeout(REGISTER_WITHIN_MS),
      headers: {
        'content-type': 'application/json',
        ...(this.config.AUTHORITY_TOKEN && { authorization: `Bearer ${this.config.AUTHORITY_TOKEN}` }),
      },
      body: JSON.stringify({
        kind: this.definition.kind,
        shopIdentity: this.shopIdentity,
        instanceId: this.instanceId,
        ...(this.shop.shelf && { method: this.shop.shelf.method }),
      }),
    });
    const answer = (await response.json().catch(() => undefined)) as
      { role?: unknown; message?: unknown } | undefined;
    if (response.status === 409) {
      this.refusal =
        typeof answer?.message === 'string' ? answer.message : 'The code is held by another shop.';
      return 'another-shop';
    }
    this.answered = response.status;
    if (!response.ok)
      throw new Error(`the stock authority answered ${response.status} to PUT ${url.pathname}`);
    return answer?.role === 'standby' ? 'standby' : 'active';
  }

  private async holdLock(): Promise<void> {
    if (this.lock) {
      try {
        await this.lock.query('SELECT 1');
        return;
      } catch {
        // The connection is gone, and with it the lock.
        await this.letGo();
      }
    }
    const runner = this.database.createQueryRunner();
    try {
      const [row] = (await runner.query(
        'SELECT pg_try_advisory_lock($1, hashtext(current_schema())) AS held',
        [TURN_LOCK],
      )) as { held: boolean }[];
      if (!row?.held) {
        await runner.release();
        return;
      }
    } catch (error) {
      await runner.release();
      throw error;
    }
    this.lock = runner;
    this.log.info('works for its shop', { channel: this.channel.code, instance: this.instanceId });
    for (const worker of this.workers) worker.wake();
  }

  private async letGo(): Promise<void> {
    const runner = this.lock;
    this.lock = undefined;
    if (!runner) return;
    await runner
      .query('SELECT pg_advisory_unlock($1, hashtext(current_schema()))', [TURN_LOCK])
      .catch(() => undefined);
    await runner.release().catch(() => undefined);
  }

  private fault(): string | undefined {
    if (this.registration === 'another-shop') return this.refused().message;
    if (!this.registration) return notLetIn(this.answered);
    return undefined;
  }

  private awayText(): string | undefined {
    if (!this.awaySince) return undefined;
    const since = this.awaySince.toISOString();
    return `${notLetIn(this.answered, 'orders wait and claims are refused')} It is so since ${since}.`;
  }

  private troubles(): string | undefined {
    const failing = this.failing();
    if (failing.length === 0) return undefined;
    const each = failing.map(({ work, since }) => `${work} since ${since.toISOString()}`);
    return `What has to do with the shop fails and is tried again: ${each.join(', ')}. GET /ops/failing says why.`;
  }

  private refused(): ConfigurationError {
    const { code } = this.channel;
    return new ConfigurationError(`channel-${this.definition.kind}`, [
      `CHANNEL_CODE ${code} cannot be used for this shop (${this.shopIdentity}): ${this.refusal}`,
    ]);
  }
}

function notLetIn(status: number | undefined, nothing = 'so nothing is polled or written'): string {
  if (status === undefined)
    return `The stock authority does not answer, ${nothing}. Does it run, and is AUTHORITY_URL right?`;
  const remedy =
    status === 401
      ? 'Set AUTHORITY_TOKEN to a token of its SERVICE_TOKENS.'
      : 'Is AUTHORITY_URL right, and has its channels.json this channel?';
  return `The stock authority answered ${status}, ${nothing}. ${remedy}`;
}

const notBegun = ({ startAt }: Channel) =>
  Date.now() < Date.parse(startAt)
    ? `No order is sent and no stock is written before startAt (${startAt}) of channels.json.`
    : undefined;
