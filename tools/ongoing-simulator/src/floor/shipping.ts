import { toMilli } from '../warehouse/milli.ts';
import type { Order, Parcel, PickedItem } from '../warehouse/model.ts';
import { Refusal } from '../warehouse/refusal.ts';
import type { Warehouse } from '../warehouse/warehouse.ts';
import type { RowQuantity } from './picking.ts';

export interface ParcelInput {
  number: string;
  waybill?: string | undefined;
  trackingUrl?: string | undefined;
  /** What lies in it; left out, all that lies in no parcel yet. */
  lines?: RowQuantity[] | undefined;
  /** A return label that travels with the goods. */
  isReturn?: boolean | undefined;
}

export interface ShipInput {
  order: string | number;
  carrier?: string | undefined;
  /** The whole order's waybill; left out, that of the first parcel. */
  waybill?: string | undefined;
  trackingUrl?: string | undefined;
  parcels?: ParcelInput[] | undefined;
}

/** What leaves the warehouse. */
export class Shipping {
  constructor(private readonly warehouse: Warehouse) {}

  /**
   * Labels are printed, the parcels are handed over: status "sent", tracking in all the places where Ongoing
   * keeps it.
   */
  ship({ order: named, carrier = 'Simulated Post', waybill, trackingUrl, parcels = [] }: ShipInput): void {
    const { orders, ground } = this.warehouse;
    const { picked, sent, cancelled } = ground.knobs.steps;
    const order = orders.named(named);
    if (order.status < picked || order.status === cancelled) {
      throw new Refusal(400, `${order.number} cannot be shipped at status ${order.status}.`);
    }
    orders.change(order, () => {
      order.carrier = carrier;
      order.shippedAt ??= ground.clock.now();
      order.shipmentId ??= ground.ids.next('shipment');
      for (const parcel of parcels) this.lay(order, parcel);
      const outbound = parcels.find((parcel) => !parcel.isReturn);
      const whole = waybill ?? outbound?.waybill ?? outbound?.number;
      if (whole) this.track(order, whole, trackingUrl ?? outbound?.trackingUrl, false);
      order.waybill ??= whole ?? null;
      order.status = Math.max(order.status, sent);
    });
  }

  /** A parcel that follows after the order was sent. */
  addParcel(named: string | number, parcel: ParcelInput): void {
    const { orders, ground } = this.warehouse;
    const order = orders.named(named);
    if (order.status < ground.knobs.steps.picked)
      throw new Refusal(400, `${order.number} is not picked yet.`);
    orders.change(order, () => {
      this.lay(order, parcel);
    });
  }

  collect(named: string | number): void {
    const { orders, ground } = this.warehouse;
    const { sent, collected, cancelled } = ground.knobs.steps;
    const order = orders.named(named);
    if (order.status < sent || order.status === cancelled)
      throw new Refusal(400, `${order.number} is not sent.`);
    orders.change(order, () => {
      order.status = collected;
    });
  }

  /** As `PUT …/orderTracking`. */
  track(order: Order, waybill: string, trackingUrl: string | undefined, isReturn: boolean): void {
    const list = isReturn ? order.returnTracking : order.tracking;
    if (list.some((track) => track.waybill === waybill)) return;
    list.push({ waybill, trackingUrl: trackingUrl ?? null, created: this.warehouse.ground.clock.now() });
  }

  /** Puts picked pieces into a parcel; must run within a change of the order. */
  lay(order: Order, input: ParcelInput): Parcel {
    const parcel: Parcel = {
      id: this.warehouse.ground.ids.next('parcel'),
      number: input.number,
      isReturn: input.isReturn ?? false,
      waybill: input.waybill ?? null,
      trackingUrl: input.trackingUrl ?? null,
    };
    order.parcels.push(parcel);
    if (input.waybill) this.track(order, input.waybill, input.trackingUrl, parcel.isReturn);
    if (parcel.isReturn) return parcel;
    const asked = input.lines && new Map(input.lines.map(({ row, quantity }) => [row, toMilli(quantity)]));
    for (const line of order.lines) {
      for (const stock of line.stock) {
        const limit = asked ? Math.round(((asked.get(line.row) ?? 0) * stock.perPiece) / 1000) : Infinity;
        this.layItems(stock.pickedItems, limit, parcel.id);
      }
    }
    return parcel;
  }

  private layItems(items: PickedItem[], limit: number, parcelId: number): void {
    const now = this.warehouse.ground.clock.now();
    let left = limit;
    for (const item of items) {
      if (item.parcelId !== null || left <= 0) continue;
      if (item.quantity > left) {
        // The rest of these pieces goes into another parcel.
        const id = this.warehouse.ground.ids.next('pickedItem');
        items.push({ ...item, id, quantity: item.quantity - left });
        item.quantity = left;
      }
      item.parcelId = parcelId;
      item.packedAt ??= now;
      left -= item.quantity;
    }
  }
}
