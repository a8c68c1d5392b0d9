export { demoArticles, type DemoArticle } from './catalogue.ts';
export type { Faults } from './faults.ts';
export type { DemoModel } from './model.ts';
export type { DemoOrder } from './order.ts';
export type { DemoPurchase } from './purchases.ts';
export { DemoRefusal } from './refusal.ts';
export { type DemoShop, type DemoShopOptions, startDemoShop } from './start.ts';
