import type { Shop } from '@samlast/channel-kit';
import { Log } from '@samlast/service';
import { woocommerce } from '../woocommerce.channel.ts';
import type { WooFarSide } from './woo-far-side.ts';

/** The adapter alone, without the kit's workers. */
export function adapterOf(far: WooFarSide, env: Record<string, string> = {}): Shop {
  const config = woocommerce.config.parse({
    DATABASE_URL: 'postgres://nobody@127.0.0.1/none',
    BUS: 'embedded',
    CHANNELS_FILE: 'none',
    CHANNEL_CODE: 'DE',
    AUTHORITY_URL: 'http://127.0.0.1:1',
    ...far.env,
    ...env,
  });
  return woocommerce.shop(config, { log: new Log('channel-woocommerce', 'error') });
}
