import { runService } from '@samlast/service';
import type { ChannelConfig, ChannelDefinition } from './channel.ts';
import { channelService } from './channel-service.ts';

/** What a channel's main.ts calls: `await runChannel(medusa)`. */
export async function runChannel<Config extends ChannelConfig>(
  definition: ChannelDefinition<Config>,
): Promise<void> {
  await runService(channelService(definition));
}
