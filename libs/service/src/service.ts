import type { DynamicModule, INestApplication, Type } from '@nestjs/common';
import type { Channels } from '@samlast/contracts';
import type { z } from 'zod';
import type { BaseConfig } from './config.ts';
import type { Migration } from './database.ts';

/** All that makes one service different from another; the rest is the same for all. */
export interface ServiceDefinition<Config extends BaseConfig = BaseConfig> {
  /** Stands in logs, in ce_source and as application name in Postgres. */
  readonly name: string;
  readonly config: z.ZodType<Config>;
  /** The Postgres schema that this service alone uses; made at start. */
  readonly schema: (config: Config) => string;
  /** The consumer group. Instances of one group share the partitions. */
  readonly group: (config: Config) => string;
  readonly migrations: Migration[];
  readonly module: (config: Config, channels: Channels['channels']) => Type | DynamicModule;
  /** Batches at one time, 4 unless told. One, where all batches want the same rows. */
  readonly concurrency?: number;
  /** Messages that are passed over in silence before they are parsed, such as those of other channels. */
  readonly disregard?: (config: Config) => (message: { type: string; channel?: string }) => boolean;
  /** Faults that only this service can see, such as a channel code that channels.json does not have. */
  readonly faults?: (config: Config, channels: Channels['channels']) => string[];
}

export interface RunningService {
  readonly app: INestApplication;
  readonly url: string;
  /** Finishes the batch in work, commits its offsets and ends. */
  close(): Promise<void>;
}

/** Keeps the configuration's type while a service is defined. */
export function defineService<Config extends BaseConfig>(
  definition: ServiceDefinition<Config>,
): ServiceDefinition<Config> {
  return definition;
}
