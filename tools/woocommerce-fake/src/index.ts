export { startWooCommerce, type FakeOptions, type WooCommerceFake } from './start.ts';
export { DEFAULT_KEY, type ApiKey, type WooShop, type WooShopOptions } from './woo-shop.ts';
export { headersOf } from './webhooks/sign.ts';
export type { Order } from './selling/order.ts';
export type { Product } from './selling/products.ts';
