import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Inject, Module, Post } from '@nestjs/common';
import { type Event, OrderCancelRequested } from '@samlast/contracts';
import { Consumes, type MessageOf, UnitOfWork } from '@samlast/messaging';
import { eventually, testDatabase, type TestDatabase } from '@samlast/test-stack';
import type { EntityManager, MigrationInterface, QueryRunner } from 'typeorm';
import { z } from 'zod';
import { Public } from './caller.ts';
import { type BaseConfig, defineConfig } from './config.ts';
import { defineService, type RunningService } from './service.ts';
import { startService } from './start-service.ts';
import { CONFIG } from './tokens.ts';

const TOKEN = 'a-token-of-thirty-two-characters';
const Wish = z.strictObject({ number: z.string().min(1) });

class CreateWishes1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('CREATE TABLE wishes (number text PRIMARY KEY)');
  }

  async down(): Promise<void> {
    throw new Error('There is no way back from the first table.');
  }
}

@Controller()
class Wishes {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    @Inject(CONFIG) private readonly config: BaseConfig,
  ) {}

  @Get('hello')
  @Public()
  hello() {
    return { bus: this.config.BUS };
  }

  @Post('wishes')
  wish(@Body({ schema: Wish }) { number }: z.infer<typeof Wish>) {
    return this.unitOfWork.run(async () => ({
      events: [
        OrderCancelRequested.of({
          number,
          channel: 'SE',
          revision: 2,
          requestedAt: new Date().toISOString(),
        }),
      ],
      answer: { wished: number },
    }));
  }

  @Consumes(OrderCancelRequested)
  async onCancel(messages: MessageOf<typeof OrderCancelRequested>[], tx: EntityManager): Promise<Event[]> {
    for (const { data } of messages) await tx.query('INSERT INTO wishes VALUES ($1)', [data.number]);
    return [];
  }
}

@Module({ controllers: [Wishes] })
class WishesModule {}

const service = defineService({
  name: 'wishes',
  config: defineConfig({ WISHES_MAX: z.coerce.number().default(1) }),
  schema: () => 'wishes',
  group: () => 'wishes',
  migrations: [CreateWishes1700000000000],
  module: () => WishesModule,
});

const folder = mkdtempSync(join(tmpdir(), 'samlast-service-'));
const channelsFile = join(folder, 'channels.json');
writeFileSync(
  channelsFile,
  JSON.stringify({
    channels: [{ code: 'SE', kind: 'http', orderType: { code: 'B2C' }, startAt: '2026-01-01T00:00:00Z' }],
  }),
);

let database: TestDatabase;
let running: RunningService;
const environment = () => ({
  DATABASE_URL: database.url,
  BUS: 'embedded',
  CHANNELS_FILE: channelsFile,
  SERVICE_TOKENS: `spec:${TOKEN}`,
  LOG_LEVEL: 'silent',
});
const ask = (path: string, init: RequestInit = {}) =>
  fetch(running.url + path, {
    ...init,
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', ...init.headers },
  });

beforeAll(async () => {
  database = await testDatabase();
  // Two at once, as with two instances: one migrates, the other waits for it.
  const [first, second] = await Promise.all([
    startService(service, environment()),
    startService(service, environment()),
  ]);
  await second.close();
  running = first;
});

afterAll(async () => {
  rmSync(folder, { recursive: true });
  await running?.close();
  await database?.drop();
});

describe('a running service', () => {
  it('is ready, and says so without a token', async () => {
    await eventually(async () => {
      const response = await fetch(`${running.url}/health/ready`);
      expect(await response.json()).toEqual({ ready: true });
      return true;
    });
  });

  it('asks for a token everywhere else, and takes no wrong one', async () => {
    expect((await fetch(`${running.url}/ops/dead-letters`)).status).toBe(401);
    expect((await ask('/ops/dead-letters', { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
    expect((await ask('/ops/dead-letters')).status).toBe(200);
    expect(await (await fetch(`${running.url}/hello`)).json()).toEqual({ bus: 'embedded' });
  });

  it('publishes what a unit of work returns, and handles it', async () => {
    const response = await ask('/wishes', { method: 'POST', body: JSON.stringify({ number: '5178-SE' }) });
    expect(await response.json()).toEqual({ wished: '5178-SE' });
    await eventually(async () => {
      expect(await database.query('SELECT number FROM wishes.wishes')).toEqual([{ number: '5178-SE' }]);
      return true;
    });
  });

  it('names every fault of a body', async () => {
    const response = await ask('/wishes', { method: 'POST', body: JSON.stringify({ number: '', more: 1 }) });
    expect(response.status).toBe(422);
    const { faults } = (await response.json()) as { faults: { field: string }[] };
    expect(faults.map((fault) => fault.field)).toContain('number');
    expect(JSON.stringify(faults)).toContain('more');
  });

  it('refuses a body that is too large, and one that is no JSON', async () => {
    const large = JSON.stringify({ number: 'x'.repeat(3_000_000) });
    expect((await ask('/wishes', { method: 'POST', body: large })).status).toBe(413);
    expect((await ask('/wishes', { method: 'POST', body: '{' })).status).toBe(400);
  });

  it('tells its figures', async () => {
    const text = await (await ask('/metrics')).text();
    expect(text).toMatch(/samlast_messages_handled \d/);
    expect(text).toMatch(/samlast_messages_deadLetters_now 0/);
  });

  it('answers 404 to a command on a dead letter that is not there', async () => {
    const body = JSON.stringify({ author: 'spec', reason: 'none' });
    expect((await ask('/ops/dead-letters/1/retry', { method: 'POST', body })).status).toBe(404);
    expect((await ask('/ops/dead-letters/nonsense/retry', { method: 'POST', body })).status).toBe(404);
  });
});

describe('a service that cannot start', () => {
  const starting = (env: Record<string, string>) => startService(service, { ...environment(), ...env });

  it('says that its port is taken, and what to do', async () => {
    const { port } = new URL(running.url);
    await expect(starting({ SERVICE_PORT: port })).rejects.toThrow(
      `Port ${port} of 127.0.0.1 is taken: stop what listens there, or set SERVICE_PORT.`,
    );
  });

  it('says what is wrong with its database', async () => {
    const other = (change: (url: URL) => void) => {
      const url = new URL(database.url);
      change(url);
      return starting({ DATABASE_URL: url.href });
    };
    await expect(other((url) => (url.pathname = '/nowhere'))).rejects.toThrow(
      /^DATABASE_URL names the database nowhere, which is not on 127\.0\.0\.1:\d+: create it\.$/,
    );
    await expect(other((url) => (url.password = 'wrong'))).rejects.toThrow(
      /refuses the user of DATABASE_URL/,
    );
    await expect(other((url) => (url.port = '1'))).rejects.toThrow(
      /^Postgres does not answer at 127\.0\.0\.1:1 \(DATABASE_URL\)/,
    );
  });
});
