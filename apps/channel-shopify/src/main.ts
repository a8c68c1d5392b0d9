import { runChannel } from '@samlast/channel-kit';
import { shopify } from './shopify.channel.ts';

await runChannel(shopify);
