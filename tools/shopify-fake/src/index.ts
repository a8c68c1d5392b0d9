export { API_VERSION, type FakeOptions, SCOPES, type ShopifyFake, startShopifyFake } from './start.ts';
export type { FaultSettings } from './faults.ts';
export type { Fulfillment, LineItem, Order, Variant } from './shop/model.ts';
