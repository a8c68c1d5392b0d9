import { Articles } from './articles.ts';
import { Ground } from './ground.ts';
import { Orders } from './orders.ts';
import { PurchaseOrders } from './purchase-orders.ts';
import { Registers } from './registers.ts';
import { ReturnOrders } from './return-orders.ts';
import type { Adjustment } from './model.ts';

/** One goods owner's goods and orders, in memory. */
export class Warehouse {
  readonly ground = new Ground();
  readonly articles = new Articles(this.ground);
  readonly orders = new Orders(this.ground, this.articles);
  readonly purchaseOrders = new PurchaseOrders(this.ground, this.articles);
  readonly returnOrders = new ReturnOrders(this.ground, this.orders);
  readonly registers = new Registers(this.ground);
  adjustments: Adjustment[] = [];
}
