import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { config } from './config.ts';
import { shopify } from './shopify.channel.ts';
import { ShopifyFarSide } from './testing/shopify-far-side.ts';

let far: ShopifyFarSide;
beforeAll(async () => {
  far = await ShopifyFarSide.start();
});
afterAll(() => far.stop());

const settings = (more: Record<string, string> = {}) => {
  const base = {
    CHANNEL_CODE: 'TT',
    AUTHORITY_URL: 'http://127.0.0.1:1',
    DATABASE_URL: 'postgres://127.0.0.1/x',
  };
  return config.parse({ ...base, BUS: 'embedded', CHANNELS_FILE: 'channels.json', ...far.env, ...more });
};

it('a channel whose location the shop does not have is told so before it starts, and where to find the right one', async () => {
  expect(await shopify.identity(settings())).toMatch(/Shop/);
  await expect(shopify.identity(settings({ SHOPIFY_LOCATION_ID: '999' }))).rejects.toThrow(
    /SHOPIFY_LOCATION_ID 999 is no location of this shop: .*Settings → Locations/,
  );
});
