import { AutoFloor } from './floor/auto-floor.ts';
import { InboundFloor } from './floor/inbound-floor.ts';
import { OrderFloor } from './floor/order-floor.ts';
import { ReturnsFloor } from './floor/returns-floor.ts';
import { Shipping } from './floor/shipping.ts';
import { Splitting } from './floor/splitting.ts';
import { StockFloor } from './floor/stock-floor.ts';
import { Knobs, turn, type KnobSettings } from './knobs.ts';
import { Api, type User } from './rest/api.ts';
import type { GoodsOwner } from './rest/route.ts';
import { Warehouse } from './warehouse/warehouse.ts';
import { Webhooks, type WebhooksState } from './webhooks/webhooks.ts';

export interface SimulationOptions {
  goodsOwner: GoodsOwner;
  users: User[];
  /** What webhooks call this system. */
  system: string;
}

/** The warehouse with everything that acts on it. */
export class Simulation {
  readonly warehouse = new Warehouse();
  readonly api: Api;
  readonly orderFloor = new OrderFloor(this.warehouse);
  readonly shipping = new Shipping(this.warehouse);
  readonly returnsFloor = new ReturnsFloor(this.warehouse);
  readonly inboundFloor = new InboundFloor(this.warehouse);
  readonly splitting = new Splitting(this.warehouse);
  readonly stockFloor = new StockFloor(this.warehouse);
  readonly webhooks: Webhooks;
  readonly autoFloor: AutoFloor;

  constructor(readonly options: SimulationOptions) {
    this.api = new Api(this.warehouse, options.goodsOwner, options.users);
    this.webhooks = new Webhooks(this.warehouse, options.goodsOwner, options.system);
    this.autoFloor = new AutoFloor(this.warehouse, this.orderFloor, this.shipping);
  }

  turnKnobs(settings: KnobSettings): void {
    const { ground, articles, orders, purchaseOrders } = this.warehouse;
    const { numbersCompare, stockLagMs } = ground.knobs;
    turn(ground.knobs, settings);
    if (settings.seed !== undefined) ground.chance.reseed(settings.seed);
    if (ground.knobs.numbersCompare !== numbersCompare) {
      articles.load([...articles.byId.values()]);
      orders.load([...orders.byId.values()]);
    }
    purchaseOrders.load([...purchaseOrders.byId.values()]);
    if (ground.knobs.stockLagMs !== stockLagMs) articles.rememberShown();
    this.autoFloor.resume();
    ground.changed();
  }

  /** An empty warehouse on the real clock, with all knobs at their defaults but for what is to be kept. */
  reset({
    keepKnobs = false,
    keepWebhooks = false,
  }: { keepKnobs?: boolean; keepWebhooks?: boolean } = {}): void {
    const { ground, articles, orders, registers } = this.warehouse;
    const hooks: WebhooksState = { hooks: keepWebhooks ? this.webhooks.hooks : [], pending: [] };
    ground.clock.stop();
    ground.clock.set({ factor: 1, at: new Date().toISOString() });
    if (!keepKnobs) Object.assign(ground.knobs, Knobs.parse({}));
    ground.chance.reseed(ground.knobs.seed);
    ground.ids.reset();
    orders.load([]);
    articles.load([]);
    this.warehouse.purchaseOrders.load([]);
    this.warehouse.returnOrders.load(undefined);
    this.warehouse.adjustments = [];
    registers.load(undefined);
    this.api.counts.load(undefined);
    this.api.faults.armed = [];
    this.webhooks.load(hooks);
    this.autoFloor.restart();
    ground.changed();
  }

  stop(): void {
    this.warehouse.ground.clock.stop();
    this.webhooks.stop();
  }
}
