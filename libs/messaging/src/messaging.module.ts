import {
  type DynamicModule,
  Module,
  type OnApplicationShutdown,
  type OnModuleInit,
  type Provider,
} from '@nestjs/common';
import { DataSource } from 'typeorm';
import { BusCatalogue } from './catalogue.ts';
import { DeadLetters } from './dead-letters.ts';
import { EmbeddedTransport } from './embedded/embedded-transport.ts';
import { Handlers } from './handlers.ts';
import { Intake } from './intake.ts';
import { KafkaTransport } from './kafka/kafka-transport.ts';
import { Lifecycle } from './lifecycle.ts';
import type { MessagingOptions } from './options.ts';
import { noCounts, Progress, type ProgressCounts } from './progress.ts';
import { Retention } from './retention.ts';
import { SideConnection } from './side-connection.ts';
import { COUNTS, OPTIONS, TRANSPORT } from './tokens.ts';
import type { Transport } from './transport.ts';
import { UnitOfWork } from './unit-of-work.ts';
import { Work } from './work.ts';

/** What stands behind the public classes, put together by hand, since it is told the options. */
function parts(options: MessagingOptions): Provider[] {
  return [
    { provide: BusCatalogue, useFactory: () => new BusCatalogue(options.group, options.catalogue) },
    {
      provide: SideConnection,
      inject: [DataSource],
      useFactory: (source: DataSource) => new SideConnection(source, options.log),
    },
    {
      provide: TRANSPORT,
      inject: [DataSource, BusCatalogue, SideConnection, COUNTS],
      useFactory: (
        source: DataSource,
        catalogue: BusCatalogue,
        side: SideConnection,
        counts: ProgressCounts,
      ): Transport =>
        options.bus.kind === 'kafka'
          ? new KafkaTransport(source, catalogue, { ...options, bus: options.bus }, side, counts)
          : new EmbeddedTransport(source, catalogue, options, side, counts),
    },
    {
      provide: Progress,
      inject: [TRANSPORT, SideConnection, COUNTS],
      useFactory: (transport: Transport, side: SideConnection, counts: ProgressCounts) =>
        new Progress(transport, side, options, counts),
    },
    {
      provide: Work,
      inject: [Handlers, BusCatalogue],
      useFactory: (handlers: Handlers, catalogue: BusCatalogue) => new Work(handlers, catalogue, options),
    },
    {
      provide: Intake,
      inject: [DataSource, TRANSPORT, Work, COUNTS],
      useFactory: (source: DataSource, transport: Transport, work: Work, counts: ProgressCounts) =>
        new Intake(source, transport, work, options, counts),
    },
    {
      provide: DeadLetters,
      inject: [DataSource, TRANSPORT, Work],
      useFactory: (source: DataSource, transport: Transport, work: Work) =>
        new DeadLetters(source, transport, work),
    },
    {
      provide: Lifecycle,
      inject: [DataSource, TRANSPORT, SideConnection],
      useFactory: (source: DataSource, transport: Transport, side: SideConnection) =>
        new Lifecycle(transport, side, new Retention(source, transport, options.log)),
    },
  ];
}

/** Global. Needs TypeORM's `DataSource` (the class is the token) from another global module. */
@Module({})
export class MessagingModule implements OnModuleInit, OnApplicationShutdown {
  constructor(private readonly lifecycle: Lifecycle) {}

  static forRoot(options: MessagingOptions): DynamicModule {
    return {
      module: MessagingModule,
      global: true,
      providers: [
        { provide: OPTIONS, useValue: options },
        { provide: COUNTS, useFactory: noCounts },
        Handlers,
        UnitOfWork,
        ...parts(options),
      ],
      exports: [UnitOfWork, DeadLetters, Progress],
    };
  }

  /**
   * Before any command or poller of the service can publish: a topic that is missing or differs ends the start here.
   */
  async onModuleInit(): Promise<void> {
    await this.lifecycle.open();
  }

  /** After the last batch and the last request: what they published leaves before the process does. */
  async onApplicationShutdown(): Promise<void> {
    await this.lifecycle.close();
  }
}
