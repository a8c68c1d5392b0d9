import { runChannel } from '@samlast/channel-kit';
import { woocommerce } from './woocommerce.channel.ts';

await runChannel(woocommerce);
