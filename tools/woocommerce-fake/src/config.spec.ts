import { describe, expect, it } from '@jest/globals';
import { readConfig } from './config.ts';

describe('the flags of the fake', () => {
  it('have defaults, and take what is installed in the shop', () => {
    expect(readConfig([], {})).toMatchObject({ port: 7500, host: '127.0.0.1', stockEndpoint: false });
    const env = { WOOCOMMERCE_KEY: 'ck_1', WOOCOMMERCE_SECRET: 'cs_1' };
    expect(
      readConfig(['--zone', 'Europe/Berlin', '--stock-endpoint', '--tracking-extension'], env),
    ).toMatchObject({
      zone: 'Europe/Berlin',
      stockEndpoint: true,
      trackingExtension: true,
      keys: [{ key: 'ck_1', secret: 'cs_1', permissions: 'read_write' }],
    });
  });

  it('are refused all at once, with how they are used', () => {
    expect(() => readConfig(['--port', 'x', '--zone', 'Nowhere'], {})).toThrow(/--port.*--zone.*usage:/s);
  });
});
