import { startShop } from '../start-shop.mjs';

export const startVendureShop = (options) =>
  startShop('vendure', 'tools/real-shops/vendure/vendure.mjs', options);
