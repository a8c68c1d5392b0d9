import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import type { Channel, Event } from '@samlast/contracts';
import { UnitOfWork } from '@samlast/messaging';
import { type RunningService, startService } from '@samlast/service';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import { service } from '../service.ts';
import { Authority, channels } from './authority.ts';

/**
 * For all tests of a spec: a stock authority on a database of its own, before each test as if nothing had ever
 * happened.
 */
export function stageAuthority(list: Channel[] = channels): Authority {
  const [authority] = stageAuthorities(list);
  return authority;
}

/** Several processes on one database, each with its own list of channels and its own connections. */
export function stageAuthorities<const Lists extends readonly Channel[][]>(
  ...lists: Lists
): { [Index in keyof Lists]: Authority } {
  const all = lists.map((list) => new Authority(list));
  let database: TestDatabase;
  beforeAll(async () => {
    database = await testDatabase();
    for (const one of all) await one.open(database.url);
  });
  beforeEach(async () => {
    for (const one of all) await one.empty();
  });
  afterAll(async () => {
    for (const one of all) await one.source.destroy();
    await database.drop();
  });
  return all as { [Index in keyof Lists]: Authority };
}

export type Answer = Record<string, unknown> & { status: number };

/** The whole service, with the embedded log, as its callers see it. */
export class Service {
  private readonly folder = mkdtempSync(join(tmpdir(), 'samlast-authority-'));
  private database: TestDatabase | undefined;
  private started: RunningService | undefined;

  constructor(private readonly env: Record<string, string>) {}

  get running(): RunningService {
    if (!this.started) throw new Error('the service is not started before the tests of its spec begin');
    return this.started;
  }

  async start(list: unknown[]): Promise<void> {
    await this.started?.close();
    this.database ??= await testDatabase();
    const file = join(this.folder, 'channels.json');
    writeFileSync(file, JSON.stringify({ channels: list }));
    const rest = { BUS: 'embedded', CHANNELS_FILE: file, LOG_LEVEL: 'silent', ...this.env };
    this.started = await startService(service, { DATABASE_URL: this.database.url, ...rest });
  }

  async end(): Promise<void> {
    await this.started?.close();
    await this.database?.drop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  readonly query = <Row = Record<string, unknown>>(sql: string, params: unknown[] = []): Promise<Row[]> => {
    if (!this.database) throw new Error('the service has no database before the tests of its spec begin');
    return this.database.query<Row>(sql, params);
  };

  /** As if other services had said it. */
  readonly onTheBus = (...events: Event[]): Promise<undefined> =>
    this.running.app.get(UnitOfWork).run(async () => ({ events, answer: undefined }));

  readonly ask = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ) => {
    const response = await fetch(`${this.running.url}${path}`, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body) }),
      headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
    });
    const answer = (await response.json()) as Record<string, unknown>;
    return { status: response.status, retryAfter: response.headers.get('retry-after'), body: answer };
  };

  /** The answer's members beside its status, which takes the place of one of that name. */
  readonly call = async (...asked: Parameters<Service['ask']>): Promise<Answer> => {
    const { body, ...rest } = await this.ask(...asked);
    return { ...body, ...rest };
  };
}

/** For all tests of a spec; what one of them leaves behind the next one finds. */
export function stageService(list: unknown[], env: Record<string, string> = {}): Service {
  const staged = new Service(env);
  beforeAll(() => staged.start(list));
  afterAll(() => staged.end());
  return staged;
}
