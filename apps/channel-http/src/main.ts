import { runChannel } from '@samlast/channel-kit';
import { http } from './http.channel.ts';

await runChannel(http);
