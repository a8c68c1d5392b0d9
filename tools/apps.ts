import type { z } from 'zod';
import { type ChannelDefinition, channelService } from '../libs/channel-kit/src/index.ts';
import type { BaseConfig, ServiceDefinition } from '../libs/service/src/index.ts';

/** What the app's main.ts starts. A channel's main.ts makes its service from its definition. */
export async function serviceOf(app: string): Promise<{ config: z.ZodType<BaseConfig> }> {
  const kind = /^channel-(.+)$/.exec(app)?.[1];
  if (!kind) {
    const module = (await import(`../apps/${app}/src/service.ts`)) as {
      service: ServiceDefinition<BaseConfig>;
    };
    return module.service;
  }
  const module = (await import(`../apps/${app}/src/${kind}.channel.ts`)) as Record<string, ChannelDefinition>;
  const definition = module[kind];
  if (!definition) throw new Error(`apps/${app}/src/${kind}.channel.ts does not export ${kind}`);
  return channelService(definition);
}

/** The names of everything that an app reads from its environment. */
export async function variablesOfApp(app: string): Promise<string[]> {
  const { config } = await serviceOf(app);
  return Object.keys((config as unknown as { shape: object }).shape);
}
