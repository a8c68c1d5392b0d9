import { startShop } from './start-shop.mjs';

export const startMedusaShop = (options) =>
  startShop('medusa', 'tools/real-shops/medusa.mjs', options, {
    'first-order': options.firstOrder,
    hook: options.hook,
  });
