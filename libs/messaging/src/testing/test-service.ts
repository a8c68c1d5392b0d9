import { type INestApplication, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { DataSource } from 'typeorm';
import { busStrategy } from '../bus-strategy.ts';
import { DeadLetters } from '../dead-letters.ts';
import { MessagingModule } from '../messaging.module.ts';
import { embeddedBusMigrations, messagingMigrations } from '../migrations.ts';
import type { BusLog, BusLogFields, MessagingOptions } from '../options.ts';
import { Progress } from '../progress.ts';
import { UnitOfWork } from '../unit-of-work.ts';
import { BEHAVIOUR, type Behaviour, catalogue, FollowParcels } from './parcels.ts';

export interface TestService {
  readonly app: INestApplication;
  readonly source: DataSource;
  readonly unitOfWork: UnitOfWork;
  readonly deadLetters: DeadLetters;
  readonly progress: Progress;
  readonly calls: string[][];
  readonly lines: { level: string; message: string; fields: BusLogFields }[];
  close(): Promise<void>;
}

export interface TestServiceOptions extends Partial<Omit<MessagingOptions, 'bus'>> {
  bus: MessagingOptions['bus'];
  url: string;
  schema?: string;
  behaviour?: Behaviour;
  pool?: number;
  /** false: a service that only publishes. */
  consumes?: boolean;
}

@Module({})
class RootModule {}

@Module({})
class DatabaseModule {}

/** The service's own schema, with this library's tables and the one that the test's handler writes to. */
export async function openSchema(url: string, schema: string, pool = 8): Promise<DataSource> {
  const source = new DataSource({
    type: 'postgres',
    url,
    schema,
    extra: { max: pool, options: `-c search_path=${schema}`, connectionTimeoutMillis: 2_000 },
    poolErrorHandler: () => {},
    migrations: [...embeddedBusMigrations, ...messagingMigrations],
    migrationsTransactionMode: 'each',
  });
  await source.initialize();
  const runner = source.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock(1, hashtext($1))', [schema]);
    await runner.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    await source.runMigrations();
    await runner.query(`
      CREATE TABLE IF NOT EXISTS effects (
        n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        message_id uuid NOT NULL, key text NOT NULL, step int NOT NULL, traceparent text)`);
    await runner.query('SELECT pg_advisory_unlock(1, hashtext($1))', [schema]);
  } finally {
    await runner.release();
  }
  return source;
}

/** A whole service of this library's parts, with a handler that writes down what it was given. */
export async function startTestService(options: TestServiceOptions): Promise<TestService> {
  const { url, schema = 'parcels', behaviour = {}, pool, consumes = true, bus, ...rest } = options;
  const source = await openSchema(url, schema, pool);
  const lines: TestService['lines'] = [];
  const app = await NestFactory.create(
    {
      module: RootModule,
      imports: [
        {
          module: DatabaseModule,
          global: true,
          providers: [{ provide: DataSource, useValue: source }],
          exports: [DataSource],
        },
        MessagingModule.forRoot({
          group: 'parcel-service',
          source: 'samlast/parcel-service',
          log: collect(lines),
          catalogue,
          ...rest,
          bus,
        }),
      ],
      controllers: consumes ? [FollowParcels] : [],
      providers: [{ provide: BEHAVIOUR, useValue: behaviour }],
    },
    new FastifyAdapter(),
    { logger: false, abortOnError: false },
  );
  try {
    app.connectMicroservice({ strategy: busStrategy(app) });
    await app.startAllMicroservices();
    await app.init();
  } catch (error) {
    await app.close();
    await source.destroy();
    throw error;
  }
  return {
    app,
    source,
    unitOfWork: app.get(UnitOfWork),
    deadLetters: app.get(DeadLetters),
    progress: app.get(Progress),
    calls: consumes ? app.get(FollowParcels).calls : [],
    lines,
    async close() {
      await app.close();
      await source.destroy();
    },
  };
}

function collect(lines: TestService['lines']): BusLog {
  const at =
    (level: string) =>
    (message: string, fields: BusLogFields = {}) => {
      lines.push({ level, message, fields });
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
}
