import 'reflect-metadata';
import { type DynamicModule, Module } from '@nestjs/common';
import { APP_GUARD, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Channels } from '@samlast/contracts';
import {
  busStrategy,
  embeddedBusMigrations,
  type EmbeddedOptions,
  type KafkaOptions,
  MessagingModule,
  messagingMigrations,
  Progress,
} from '@samlast/messaging';
import { DataSource } from 'typeorm';
import { CallerGuard, Callers } from './caller.ts';
import { type BaseConfig, ConfigurationError, readConfig } from './config.ts';
import { openDatabase } from './database.ts';
import { DeadLettersController } from './dead-letters.controller.ts';
import { DirectRoutes } from './direct-routes.ts';
import { Health, HealthController } from './health.controller.ts';
import { Log, NestLog } from './log.ts';
import { Metrics, MetricsController } from './metrics.controller.ts';
import { MutualTls } from './mutual-tls.ts';
import type { RunningService, ServiceDefinition } from './service.ts';
import { databaseFault, portFault } from './start-fault.ts';
import { CHANNELS, CONFIG } from './tokens.ts';
import { validationPipe } from './validation.ts';

/** Larger bodies are answered with 413. */
const BODY_BYTES_MAX = 2_000_000;
const CONNECTIONS_CLOSE_WITHIN_MS = 1_000;

/** What every service has beside its own module. Global, so that a service's modules need not import it. */
@Module({})
class ServiceModule {
  static with(values: {
    config: BaseConfig;
    channels: Channels['channels'];
    log: Log;
    database: DataSource;
  }): DynamicModule {
    return {
      module: ServiceModule,
      global: true,
      controllers: [HealthController, MetricsController, DeadLettersController],
      providers: [
        { provide: CONFIG, useValue: values.config },
        { provide: CHANNELS, useValue: values.channels },
        { provide: Log, useValue: values.log },
        { provide: DataSource, useValue: values.database },
        { provide: APP_GUARD, useClass: CallerGuard },
        Callers,
        DirectRoutes,
        Health,
        Metrics,
        MutualTls,
      ],
      exports: [CONFIG, CHANNELS, Log, DataSource, Callers, DirectRoutes, Health, Metrics, MutualTls],
    };
  }
}

@Module({})
class RootModule {}

export interface StartOptions {
  /** Called once when messages wait and none moves: the process should end. */
  onStandstill?: (reason: string) => void;
  /** Takes the place of a log made from LOG_LEVEL. */
  log?: Log;
}

/**
 * Starts a service from an environment; resolves when it listens and consumes. Throws ConfigurationError with all
 * faults.
 */
export async function startService<Config extends BaseConfig>(
  definition: ServiceDefinition<Config>,
  environment: Record<string, string | undefined>,
  options: StartOptions = {},
): Promise<RunningService> {
  const { config, channels: list } = readConfig(definition.name, definition.config, environment);
  const channels = list.channels;
  const faults = definition.faults?.(config, channels) ?? [];
  if (faults.length > 0) throw new ConfigurationError(definition.name, faults);

  const log = options.log ?? new Log(definition.name, config.LOG_LEVEL);
  const embedded = config.BUS === 'embedded' ? embeddedBusMigrations : [];
  const database = await openDatabase({
    url: config.DATABASE_URL,
    schema: definition.schema(config),
    pool: config.DATABASE_POOL,
    name: definition.name,
    migrations: [...embedded, ...messagingMigrations, ...definition.migrations],
  }).catch((error: unknown) => {
    throw databaseFault(error, config.DATABASE_URL);
  });
  let app: NestFastifyApplication | undefined;
  try {
    app = await buildApp(definition, { config, channels, log, database }, options);
    // The service's own parts are ready before the first message is handled.
    await app.init();
    await app.startAllMicroservices();
    await app.listen(config.SERVICE_PORT, config.SERVICE_HOST).catch((error: unknown) => {
      throw portFault(error, config.SERVICE_PORT, config.SERVICE_HOST);
    });
  } catch (error) {
    await app?.close();
    await database.destroy();
    throw error;
  }
  const started = app;
  return {
    app: started,
    url: (await started.getUrl()).replace('[::1]', '127.0.0.1'),
    async close() {
      await started.close();
      await database.destroy();
    },
  };
}

async function buildApp<Config extends BaseConfig>(
  definition: ServiceDefinition<Config>,
  parts: { config: Config; channels: Channels['channels']; log: Log; database: DataSource },
  options: StartOptions,
): Promise<NestFastifyApplication> {
  const { config, channels, log } = parts;
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_BYTES_MAX,
    forceCloseConnections: true,
    connectionTimeout: 60_000,
    keepAliveTimeout: 30_000,
    pluginTimeout: CONNECTIONS_CLOSE_WITHIN_MS * 10,
  });
  const root: DynamicModule = {
    module: RootModule,
    imports: [
      ServiceModule.with(parts),
      MessagingModule.forRoot({
        group: definition.group(config),
        source: `samlast/${definition.name}`,
        bus: busOf(config),
        log,
        disregard: definition.disregard?.(config),
        concurrency: definition.concurrency,
        standstillMs: config.STANDSTILL_S * 1_000,
        onStandstill: options.onStandstill,
      }),
      asModule(definition.module(config, channels)),
    ],
  };
  const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
    rawBody: true,
    logger: new NestLog(log),
    abortOnError: false,
  });
  app.useGlobalPipes(validationPipe());
  app.connectMicroservice({ strategy: busStrategy(app) });
  watchProgress(app);
  return app;
}

function asModule(module: ReturnType<ServiceDefinition['module']>): DynamicModule {
  return 'module' in module ? module : { module };
}

function busOf(config: BaseConfig): KafkaOptions | EmbeddedOptions {
  const topicPrefix = config.TOPIC_PREFIX;
  if (config.BUS === 'embedded') return { kind: 'embedded', topicPrefix };
  const {
    KAFKA_SASL_MECHANISM: mechanism,
    KAFKA_SASL_USERNAME: username,
    KAFKA_SASL_PASSWORD: password,
  } = config;
  return {
    kind: 'kafka',
    topicPrefix,
    brokers: config.KAFKA_BROKERS ?? [],
    ssl: config.KAFKA_SSL,
    ...(mechanism && username && password && { sasl: { mechanism, username, password } }),
  };
}

/** Readiness means progress, and the figures of the bus are on /metrics. */
function watchProgress(app: NestFastifyApplication): void {
  const progress = app.get(Progress);
  const metrics = app.get(Metrics);
  app.get(Health).add('bus', () => progress.fault());
  app.get(Health).add('database', async () => {
    await app.get(DataSource).query('SELECT 1');
    return undefined;
  });
  for (const name of Object.keys(progress.counts) as (keyof typeof progress.counts)[]) {
    metrics.gauge(
      `samlast_messages_${name}`,
      `Messages ${name} since the start`,
      () => progress.counts[name],
    );
  }
  for (const name of ['lag', 'unsent', 'deadLetters'] as const) {
    metrics.gauge(
      `samlast_messages_${name}_now`,
      `Messages: ${name}, now`,
      async () => (await progress.figures())[name],
    );
  }
}
