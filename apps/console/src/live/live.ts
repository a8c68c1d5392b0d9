import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { CONFIG, Log } from '@samlast/service';
import { Client } from 'pg';
import { Subject } from 'rxjs';
import type { ConsoleConfig } from '../config.ts';
import { type Changes, LIVE } from './changes.ts';

const RECONNECT_MS = 1_000;

/** Hears what was committed, and passes it on to the pages that are open. */
@Injectable()
export class Live implements OnApplicationBootstrap, OnModuleDestroy {
  readonly changes = new Subject<Changes>();
  readonly ended = new Subject<void>();
  private client?: Client;
  private again?: NodeJS.Timeout;

  constructor(
    @Inject(CONFIG) private readonly config: ConsoleConfig,
    private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.listen();
  }

  /** Open pages hold their connection; they must be let go before the server can close. */
  async onModuleDestroy(): Promise<void> {
    this.ended.next();
    this.ended.complete();
    clearTimeout(this.again);
    await this.client?.end();
  }

  private async listen(): Promise<void> {
    const client = new Client({
      connectionString: this.config.DATABASE_URL,
      application_name: 'samlast console live',
      keepAlive: true,
      connectionTimeoutMillis: 5_000,
    });
    client.on('error', (error) => this.lost(client, error));
    client.on('end', () => this.lost(client));
    client.on('notification', ({ payload }) => this.changes.next(JSON.parse(payload ?? '{}') as Changes));
    this.client = client;
    try {
      await client.connect();
      await client.query(`LISTEN ${LIVE}`);
      // What was told while nobody listened is unknown, so every open page reads again.
      this.changes.next({ orders: [], articles: [], many: true });
    } catch (error) {
      this.lost(client, error);
    }
  }

  private lost(client: Client, error?: unknown): void {
    if (this.ended.isStopped || this.client !== client) return;
    this.client = undefined;
    this.log.warn('live updates are interrupted, listening again', { error });
    void client.end().catch(() => undefined);
    this.again = setTimeout(() => void this.listen(), RECONNECT_MS);
  }
}
