import type { Order } from '../warehouse/model.ts';
import { Refusal } from '../warehouse/refusal.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { OrderFloor } from './order-floor.ts';
import type { Shipping } from './shipping.ts';

const SHORT_RETRY_S = 60;

/** Lets released orders walk over the floor by themselves, for demonstrations. */
export class AutoFloor {
  private readonly walking = new Set<number>();

  constructor(
    private readonly warehouse: Warehouse,
    private readonly orderFloor: OrderFloor,
    private readonly shipping: Shipping,
  ) {
    warehouse.orders.happenings.on(({ order }) => this.consider(order));
  }

  /**
   * Takes up all orders that stand somewhere on the floor; the clock must have forgotten its tasks, or this
   * has never run.
   */
  restart(): void {
    this.walking.clear();
    this.resume();
  }

  resume(): void {
    if (!this.warehouse.ground.knobs.autoFloor.enabled) return;
    for (const order of this.warehouse.orders.byId.values()) this.consider(order);
  }

  private consider(order: Order): void {
    const { autoFloor } = this.warehouse.ground.knobs;
    if (!autoFloor.enabled || this.walking.has(order.id)) return;
    const waitS = this.waitOf(order);
    if (waitS !== undefined) this.after(order, waitS);
  }

  private waitOf(order: Order): number | undefined {
    const { autoFloor, steps } = this.warehouse.ground.knobs;
    if (order.status < steps.released || order.status >= steps.sent) return undefined;
    if (order.status < steps.picked) return autoFloor.pickAfterS;
    return isPacked(order) ? autoFloor.shipAfterS : autoFloor.packAfterS;
  }

  private after(order: Order, waitS: number): void {
    const { clock } = this.warehouse.ground;
    this.walking.add(order.id);
    clock.schedule(clock.now() + waitS * 1000, () => {
      this.walking.delete(order.id);
      if (!this.warehouse.ground.knobs.autoFloor.enabled) return;
      try {
        this.step(order);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        // Not enough on the shelves: perhaps later.
        if (this.waitOf(order) !== undefined) this.after(order, SHORT_RETRY_S);
        return;
      }
      this.consider(order);
    });
  }

  private step(order: Order): void {
    const { autoFloor, steps } = this.warehouse.ground.knobs;
    if (order.status < steps.released || order.status >= steps.sent) return;
    if (order.status < steps.picked) this.orderFloor.pick({ order: order.id });
    else if (!isPacked(order)) this.orderFloor.pack(order.id);
    else {
      const number = `SIM${order.id}`;
      const trackingUrl = `https://track.example.test/${number}`;
      this.shipping.ship({
        order: order.id,
        carrier: autoFloor.carrier,
        parcels: [{ number, waybill: number, trackingUrl }],
      });
    }
  }
}

function isPacked(order: Order): boolean {
  return order.lines.every((line) =>
    line.stock.every((stock) => stock.pickedItems.every((item) => item.packedAt !== null)),
  );
}
