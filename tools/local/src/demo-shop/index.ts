export { demoArticles, type DemoArticle } from './catalogue.ts';
export type { Faults } from './faults.ts';
export { type DemoModel, type DemoOrder, DemoRefusal } from './model.ts';
export { type DemoShop, type DemoShopOptions, startDemoShop } from './start.ts';
