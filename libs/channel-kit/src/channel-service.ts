import { defineService, type ServiceDefinition } from '@samlast/service';
import { Inbound1764400000100, TellReturns1764500000100 } from './announce-inbound/inbound.migration.ts';
import type { ChannelConfig, ChannelDefinition } from './channel.ts';
import { ChannelModule } from './channel.module.ts';
import { ArticleLists1765100000100 } from './publish-articles/articles.migration.ts';
import { migrations } from './tables/schema.ts';

/** The service that a channel is: everything but its adapter is the same for all kinds. */
export function channelService<Config extends ChannelConfig>(
  definition: ChannelDefinition<Config>,
): ServiceDefinition<Config> {
  return defineService<Config>({
    name: `channel-${definition.kind}`,
    config: definition.config,
    schema: (config) => `channel_${config.CHANNEL_CODE.toLowerCase()}`,
    group: (config) => `channel-${config.CHANNEL_CODE.toLowerCase()}`,
    migrations: [...migrations, Inbound1764400000100, TellReturns1764500000100, ArticleLists1765100000100],
    module: (config, channels) => ChannelModule.with(definition, config, channels),
    disregard: (config) => (message) =>
      message.channel !== undefined && message.channel !== config.CHANNEL_CODE,
    faults: (config, channels) => {
      const { CHANNEL_CODE: code } = config;
      const channel = channels.find((one) => one.code === code);
      if (!channel) {
        const known = channels.map((one) => one.code).join(', ');
        return [`CHANNEL_CODE is ${code}, but channels.json has only ${known}. Add it there, or correct it`];
      }
      if (channel.kind !== definition.kind) {
        return [
          `CHANNEL_CODE is ${code}, which channels.json says is of kind ${channel.kind}, but this is ${definition.kind}. ` +
            `Run the image channel-${channel.kind}, or correct channels.json`,
        ];
      }
      return [];
    },
  });
}
