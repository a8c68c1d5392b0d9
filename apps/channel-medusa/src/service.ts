import { channelService } from '@samlast/channel-kit';
import { medusa } from './medusa.channel.ts';

export const service = channelService(medusa);
