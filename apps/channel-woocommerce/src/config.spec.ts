import { describe, expect, it } from '@jest/globals';
import { config } from './config.ts';

function faultsOf(change: Record<string, string>): string[] {
  const { error } = config.safeParse({
    DATABASE_URL: 'postgres://nobody@127.0.0.1/none',
    BUS: 'embedded',
    CHANNELS_FILE: 'none',
    CHANNEL_CODE: 'DE',
    AUTHORITY_URL: 'http://127.0.0.1:1',
    WOOCOMMERCE_URL: 'https://shop.example.test',
    WOOCOMMERCE_KEY: 'ck_1',
    WOOCOMMERCE_SECRET: 'cs_1',
    WEBHOOK_SECRET: 'twenty-four-characters-and-more',
    ...change,
  });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')} ${message}`);
}

describe('the settings of a WooCommerce channel', () => {
  it('take a shop behind TLS, or one on this machine', () => {
    expect(faultsOf({})).toEqual([]);
    expect(faultsOf({ WOOCOMMERCE_URL: 'http://127.0.0.1:7500' })).toEqual([]);
  });

  it.each([
    ['WOOCOMMERCE_URL', 'shop.example.test', /URL/],
    ['WOOCOMMERCE_URL', 'http://shop.example.test', /https:/],
    ['WOOCOMMERCE_KEY', 'cs_1', /ck_/],
    ['WOOCOMMERCE_STOCK', 'maybe', /plugin/],
    ['WOOCOMMERCE_SEND_STATUSES', 'wc processing', /commas/],
    ['WEBHOOK_SECRET', 'short', /24/],
  ])('refuse %s %s', (name, value, words) => {
    expect(faultsOf({ [name]: value })).toEqual([expect.stringMatching(words)]);
  });
});
