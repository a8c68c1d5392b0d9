import { setTimeout as wait } from 'node:timers/promises';
import type { Simulator } from '@samlast/ongoing-simulator';
import { startProcess, type StartedProcess } from '@samlast/test-stack';
import type { Chance } from '../testing/chance.ts';

const FROZEN_MS = 4_000;

/** Two gateways of which one is killed, or stands still for longer than its lease, again and again. */
export class Gateways {
  kills = 0;
  freezes = 0;
  private readonly running: StartedProcess[] = [];

  constructor(private readonly env: Record<string, string>) {}

  async start(): Promise<void> {
    while (this.running.length < 2) this.running.push(await this.startOne());
  }

  /** An address of one that runs. */
  get url(): string {
    return this.running[0]?.readyMatch?.[1] ?? '';
  }

  async trouble(chance: Chance): Promise<void> {
    const [victim] = this.running.splice(chance.below(this.running.length), 1);
    if (!victim) return;
    if (chance.next() < 0.75) {
      victim.kill('SIGKILL');
      this.kills += 1;
      await victim.exited;
      this.running.push(await this.startOne());
    } else {
      victim.kill('SIGSTOP');
      this.freezes += 1;
      await wait(FROZEN_MS);
      victim.kill('SIGCONT');
      this.running.push(victim);
    }
  }

  async stop(): Promise<void> {
    await Promise.all(this.running.map((one) => one.stop()));
  }

  private startOne(): Promise<StartedProcess> {
    return startProcess({
      args: ['--import', './tools/typescript.mjs', 'apps/wms-gateway/src/main.ts'],
      env: this.env,
      ready: /"url":"(http[^"]+)".*"msg":"ready"/,
      readyWithinMs: 90_000,
    });
  }
}

/** What a gateway is started with: as in an installation, but quicker to try again. */
export function gatewayEnv(simulator: Simulator, databaseUrl: string, channelsFile: string) {
  return {
    DATABASE_URL: databaseUrl,
    BUS: 'embedded',
    CHANNELS_FILE: channelsFile,
    LOG_LEVEL: 'info',
    ONGOING_URL: simulator.apiUrl,
    ONGOING_USER: simulator.user,
    ONGOING_PASSWORD: simulator.password,
    ONGOING_GOODS_OWNER_ID: String(simulator.goodsOwnerId),
    INSTALLATION: 'audit',
    ORDER_TIMEOUT_MS: '1500',
    LEASE_MS: '2500',
    RETRY_MIN_MS: '20',
    RETRY_MAX_MS: '1000',
  };
}
