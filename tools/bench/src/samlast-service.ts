import { type DynamicModule, Module } from '@nestjs/common';
import { ModuleRef, NestFactory } from '@nestjs/core';
import type { AsyncMicroserviceOptions } from '@nestjs/microservices';
import { ChannelOrders, OrderPlaced, OrderReserved, StockOrders } from '@samlast/contracts';
import { type BusLog, busStrategy, MessagingModule } from '@samlast/messaging';
import { DataSource } from 'typeorm';
import { dataSource } from './schema.ts';

export const GROUP = 'bench';
/** As many connections as every service has unless told. */
const POOL = 8;

/** The two topics that contestants read and answer on, and nothing else. */
export const catalogue = {
  topics: [ChannelOrders, StockOrders],
  events: new Map([OrderPlaced, OrderReserved].map((event) => [event.type as string, event])),
};

@Module({})
class RootModule {}

@Module({})
class DatabaseModule {}

const silent = () => {};
const loud = (message: string, fields: unknown) => console.error(message, fields);
const log: BusLog = { debug: silent, info: silent, warn: loud, error: loud };

/** A service as libs/service puts it together, on Kafka and without HTTP. */
export async function startSamlastService(settings: {
  brokers: string[];
  databaseUrl: string;
  schema: string;
  prefix: string;
  module: DynamicModule;
}): Promise<void> {
  const source = dataSource(settings.databaseUrl, settings.schema, POOL);
  await source.initialize();
  const root: DynamicModule = {
    module: RootModule,
    imports: [
      {
        module: DatabaseModule,
        global: true,
        providers: [{ provide: DataSource, useValue: source }],
        exports: [DataSource],
      },
      MessagingModule.forRoot({
        group: GROUP,
        source: 'samlast/bench',
        bus: { kind: 'kafka', brokers: settings.brokers, topicPrefix: settings.prefix },
        log,
        catalogue,
      }),
      settings.module,
    ],
  };
  const app = await NestFactory.createMicroservice<AsyncMicroserviceOptions>(root, {
    inject: [ModuleRef],
    // All that the strategy asks for is get(), which ModuleRef has as well.
    useFactory: (moduleRef: ModuleRef) => ({ strategy: busStrategy(moduleRef as never) }),
    logger: ['error', 'warn'],
  });
  await app.listen();
}
