import { channelContract } from '@samlast/channel-kit/testing';
import { shopify } from './shopify.channel.ts';
import { ShopifyFarSide } from './testing/shopify-far-side.ts';

channelContract('shopify', shopify, async () => {
  const far = await ShopifyFarSide.start();
  // Read beside the orders ten times a second by each of four channels, they would take half of the suite's time.
  far.env.SHOPIFY_RETURNS = 'false';
  far.returns = undefined;
  return far;
});

channelContract('shopify, whose returns are announced', shopify, () => ShopifyFarSide.start(), ['returns']);
