import { runChannel } from '@samlast/channel-kit';
import { medusa } from './medusa.channel.ts';

await runChannel(medusa);
