import { runChannel } from '@samlast/channel-kit';
import { vendure } from './vendure.channel.ts';

await runChannel(vendure);
