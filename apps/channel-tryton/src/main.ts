import { runChannel } from '@samlast/channel-kit';
import { tryton } from './tryton.channel.ts';

await runChannel(tryton);
