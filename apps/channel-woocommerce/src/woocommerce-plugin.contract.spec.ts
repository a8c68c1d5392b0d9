import { channelContract } from '@samlast/channel-kit/testing';
import { WooFarSide } from './testing/woo-far-side.ts';
import { woocommerce } from './woocommerce.channel.ts';

channelContract('woocommerce with its plugin', woocommerce, () => WooFarSide.start({ stockEndpoint: true }));
