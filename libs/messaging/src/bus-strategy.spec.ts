import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { Event } from '@samlast/contracts';
import { testDatabase, type TestDatabase } from '@samlast/test-stack';
import { DataSource } from 'typeorm';
import { busStrategy } from './bus-strategy.ts';
import { Consumes } from './consumes.ts';
import { MessagingModule } from './messaging.module.ts';
import { catalogue, ParcelMoved } from './testing/parcels.ts';
import { openSchema } from './testing/test-service.ts';

@Controller()
class First {
  @Consumes(ParcelMoved)
  async onMoved(): Promise<Event[]> {
    return [];
  }
}

@Controller()
class Second {
  @Consumes(ParcelMoved)
  async onMovedToo(): Promise<Event[]> {
    return [];
  }
}

@Controller()
class Single {
  @EventPattern<string>('wms.parcels.v1/parcel.moved')
  async onOne(): Promise<void> {}
}

@Controller()
class Asked {
  @MessagePattern<string>('wms.parcels.v1/parcel.moved')
  async onQuestion(): Promise<string> {
    return 'an answer';
  }
}

@Module({})
class RootModule {}

@Module({})
class DatabaseModule {}

describe('the strategy', () => {
  let database: TestDatabase;
  let source: DataSource;
  beforeAll(async () => {
    database = await testDatabase();
    source = await openSchema(database.url, 'strategy');
  });
  afterAll(async () => {
    await source.destroy();
    await database.drop();
  });

  const start = async (...controllers: (new () => unknown)[]) => {
    const quiet = { debug() {}, info() {}, warn() {}, error() {} };
    const bus = { kind: 'embedded', topicPrefix: '' } as const;
    const messaging = MessagingModule.forRoot({
      group: 'g',
      source: 'samlast/g',
      bus,
      log: quiet,
      catalogue,
    });
    const provided = {
      module: DatabaseModule,
      global: true,
      providers: [{ provide: DataSource, useValue: source }],
      exports: [DataSource],
    };
    const app = await NestFactory.create(
      { module: RootModule, imports: [provided, messaging], controllers },
      new FastifyAdapter(),
      { logger: false, abortOnError: false },
    );
    try {
      app.connectMicroservice({ strategy: busStrategy(app) });
      await app.startAllMicroservices();
    } finally {
      await app.close();
    }
  };

  it('refuses two handlers for one type, and names both', async () => {
    await expect(start(First, Second)).rejects.toThrow(
      /parcel\.moved has two handlers, First\.onMoved and Second\.onMovedToo/,
    );
  });

  it('refuses a handler that is not bound with @Consumes', async () => {
    await expect(start(Single)).rejects.toThrow(
      /'wms\.parcels\.v1\/parcel\.moved' is not bound with @Consumes/,
    );
  });

  it('refuses request and reply, whose errors would let a message pass', async () => {
    await expect(start(Asked)).rejects.toThrow(/is not bound with @Consumes/);
  });

  it('starts with one handler for each type', async () => {
    await expect(start(First)).resolves.toBeUndefined();
  });
});
