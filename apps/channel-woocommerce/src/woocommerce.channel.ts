import { defineChannel } from '@samlast/channel-kit';
import { config } from './config.ts';
import { wooShop } from './woo-shop.ts';

/** WooCommerce, over its REST interface of version 3. */
export const woocommerce = defineChannel({
  kind: 'woocommerce',
  config,
  // WordPress has no id of its own; a site that moves is another shop, until a person says otherwise.
  identity: ({ WOOCOMMERCE_URL: url }) => {
    const { host, pathname } = new URL(url);
    return `${host}${pathname.replace(/\/+$/, '')}`;
  },
  shop: wooShop,
});
