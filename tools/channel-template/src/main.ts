import { runChannel } from '@samlast/channel-kit';
import { acme } from './acme.channel.ts';

await runChannel(acme);
