import { channelContract } from '@samlast/channel-kit/testing';
import { WooFarSide } from './testing/woo-far-side.ts';
import { woocommerce } from './woocommerce.channel.ts';

channelContract('woocommerce by its own interface', woocommerce, () =>
  WooFarSide.start({}, { WOOCOMMERCE_STOCK: 'rest' }),
);
