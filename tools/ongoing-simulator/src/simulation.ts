import { OrderFloor } from './floor/order-floor.ts';
import { Shipping } from './floor/shipping.ts';
import { StockFloor } from './floor/stock-floor.ts';
import { turn, type KnobSettings } from './knobs.ts';
import { Api, type User } from './rest/api.ts';
import type { GoodsOwner } from './rest/route.ts';
import { Warehouse } from './warehouse/warehouse.ts';

export interface SimulationOptions {
  goodsOwner: GoodsOwner;
  users: User[];
}

/** The warehouse with everything that acts on it. */
export class Simulation {
  readonly warehouse = new Warehouse();
  readonly api: Api;
  readonly orderFloor = new OrderFloor(this.warehouse);
  readonly shipping = new Shipping(this.warehouse);
  readonly stockFloor = new StockFloor(this.warehouse);

  constructor(readonly options: SimulationOptions) {
    this.api = new Api(this.warehouse, options.goodsOwner, options.users);
  }

  turnKnobs(settings: KnobSettings): void {
    const { ground, articles, orders } = this.warehouse;
    const { numbersCompare, stockLagMs } = ground.knobs;
    turn(ground.knobs, settings);
    if (settings.seed !== undefined) ground.chance.reseed(settings.seed);
    if (ground.knobs.numbersCompare !== numbersCompare) {
      articles.load([...articles.byId.values()]);
      orders.load([...orders.byId.values()]);
    }
    if (ground.knobs.stockLagMs !== stockLagMs) articles.rememberShown();
    ground.changed();
  }

  stop(): void {
    this.warehouse.ground.clock.stop();
  }
}
